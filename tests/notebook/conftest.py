"""The command line in a course of one's own, as in the tests of the commands, a PostgreSQL server, and a class through nbgrader."""

from __future__ import annotations

import pytest

from tests.cli.conftest import course_dir, run
from tests.notebook.nbgrader_class import Class
from tests.notebook.simulated import graded_class
from tests.postgres import postgres

__all__ = ["class_", "course_dir", "postgres", "run"]


@pytest.fixture(scope="session")
def class_(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """A class of 30 that has been through `nbgrader autograde` once. Whoever changes a grade takes a student nobody else looks at."""
    return graded_class(tmp_path_factory.mktemp("nbgrader"))
