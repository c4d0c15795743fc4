"""The command line in a course of one's own, as in the tests of the commands, and a PostgreSQL server."""

from tests.cli.conftest import course_dir, run
from tests.postgres import postgres

__all__ = ["course_dir", "postgres", "run"]
