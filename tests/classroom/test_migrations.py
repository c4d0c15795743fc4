"""The steps of `migrations/` make the tables of `tables.py`, from nothing and from every older store, all or nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from grader.classroom import migrations
from grader.classroom.database import StoreError
from grader.classroom.migrations import VERSION_TABLE
from grader.classroom.store import Store
from grader.classroom.tables import SCHEMA, metadata
from tests.classroom.test_store import ASSIGNMENT, hand_in, names, record
from tests.postgres import Server

FOLDER = Path(migrations.__file__).parent


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/grades.db"
    server: Server = request.getfixturevalue("postgres")
    return server.new_database()


def at_step(url: str, revision: str) -> Engine:
    """A database with the tables of one step."""
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return engine


def test_the_steps_are_numbered_and_end_in_what_the_grader_knows() -> None:
    steps = list(ScriptDirectory(str(FOLDER)).walk_revisions())[::-1]
    assert [step.revision for step in steps] == [f"{number:04}" for number in range(1, len(steps) + 1)]
    assert steps[-1].revision == SCHEMA


def test_the_steps_make_the_tables_that_the_grader_uses(url: str, tmp_path: Path) -> None:
    with Store(url, tmp_path, "c"):
        pass
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


@pytest.mark.parametrize("with_version", [True, False], ids=["0001", "before-alembic"])
def test_a_store_of_an_older_grader_keeps_all_it_holds(url: str, tmp_path: Path, with_version: bool) -> None:
    engine = at_step(url, "0001")
    with engine.begin() as connection:
        connection.execute(text("insert into about values ('schema', '1')"))
        connection.execute(
            text("insert into records values ('c', :a, 'ada', 'sha256:1', 1, '0.1', 1, 'graded', 3, :r)"),
            {"a": ASSIGNMENT, "r": '{"student": "ada", "score": 3}'},
        )
        if not with_version:
            connection.execute(text(f"drop table {VERSION_TABLE}"))
    for _ in range(2):
        with Store(url, tmp_path, "c") as store:
            assert names(store) == [("ada", 3)]
    with Store(url, tmp_path, "c") as store:
        store.add_graded(ASSIGNMENT, 2, [hand_in("ada")], [record("ada")], [])
        assert [run for run, _ in store.past(ASSIGNMENT, "ada")] == [2]
    assert not inspect(engine).has_table("about")
    engine.dispose()


def test_a_step_that_fails_leaves_the_store_as_it_was(url: str, tmp_path: Path) -> None:
    engine = at_step(url, "0001")
    with engine.begin() as connection:
        connection.execute(text("create index history_of_student on history (course)"))  # in the way of the second step
    with pytest.raises(StoreError, match="history_of_student"), Store(url, tmp_path, "c"):
        pass
    assert inspect(engine).has_table("about")
    with engine.begin() as connection:
        assert connection.execute(text(f"select version_num from {VERSION_TABLE}")).scalar() == "0001"
        connection.execute(text("drop index history_of_student"))
    with Store(url, tmp_path, "c") as store:
        assert names(store) == []
    engine.dispose()


def test_a_store_of_a_newer_grader_is_refused_and_left_alone(url: str, tmp_path: Path) -> None:
    engine = at_step(url, "head")
    with engine.begin() as connection:
        connection.execute(text(f"update {VERSION_TABLE} set version_num = '0123'"))
    with (
        pytest.raises(StoreError, match=rf"newer version of the grader \(schema 0123, this one knows {SCHEMA}\); update the grader"),
        Store(url, tmp_path, "c"),
    ):
        pass
    engine.dispose()


def test_the_database_may_be_nbgraders_as_well(url: str, tmp_path: Path) -> None:
    """nbgrader keeps alembic's version under alembic's own name."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("create table alembic_version (version_num varchar(32) not null)"))
        connection.execute(text("insert into alembic_version values ('167914646830')"))
    with Store(url, tmp_path, "c") as store:
        assert names(store) == []
    with engine.connect() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalar() == "167914646830"
    engine.dispose()


def test_a_store_that_is_up_to_date_opens_without_alembic(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from grader.classroom.store import Store\nwith Store('sqlite:///g.db', Path(sys.argv[1]), 'c'): print('alembic' in sys.modules)"
    run = [subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True).stdout.strip() for _ in range(2)]
    assert run == ["True", "False"]
