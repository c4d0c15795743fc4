"""The commands, run in this process."""

from tests.cli.conftest import course_dir, run

__all__ = ["course_dir", "run"]
