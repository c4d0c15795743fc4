"""The commands, run in this process, and a PostgreSQL server where one can be had."""

from tests.cli.conftest import course_dir, run
from tests.postgres import postgres

__all__ = ["course_dir", "postgres", "run"]
