"""The command line in a course of one's own, as in the tests of the commands."""

from tests.cli.conftest import course_dir, run

__all__ = ["course_dir", "run"]
