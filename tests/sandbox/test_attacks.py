"""Attacks on the runner: none earns a right answer, none leaves anything behind, and the next student is served."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from grader.sandbox.level import IsolationError, Level
from grader.sandbox.runner import Runner
from tests.sandbox.attack import Attack, attacks, faults
from tests.sandbox.made import made
from tests.sandbox.surroundings import SECRET, Surroundings, descendants, surroundings

ATTACKS = [*attacks(), *made()]


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Surroundings]:
    with pytest.MonkeyPatch.context() as patch, surroundings(tmp_path_factory.mktemp("around")) as found:
        patch.setenv("GRADER_SECRET", SECRET)
        yield found


@pytest.fixture(scope="module", params=[Level.FULL, Level.NAMESPACES])
def runner(request: pytest.FixtureRequest, around: Surroundings) -> Iterator[Runner]:
    try:
        found = Runner(request.param)
    except IsolationError as error:
        pytest.skip(str(error))
    before = descendants(os.getpid())
    with found:
        yield found
        assert descendants(os.getpid()) == before, "the server that was started is the one that is still there: no attack has ended it"
    assert not set(before) & set(descendants(os.getpid()))


def test_there_are_enough() -> None:
    assert len(attacks()) >= 100


@pytest.mark.parametrize("attack", [pytest.param(attack, id=attack.name) for attack in ATTACKS])
def test_attack(runner: Runner, around: Surroundings, attack: Attack) -> None:
    assert not faults(runner, attack, around)
