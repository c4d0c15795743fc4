"""Attacks on the runner: none earns a right answer, none leaves anything behind, and the next student is served."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from grader.sandbox.level import USED, IsolationError, Level
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


# The parts in use. In most containers the level full is reached without namespaces.
PARTS = {"full": USED[Level.FULL], "full-in-a-container": ("landlock", "seccomp"), "namespaces": USED[Level.NAMESPACES]}


@pytest.fixture(scope="module", params=PARTS)
def runner(request: pytest.FixtureRequest, around: Surroundings) -> Iterator[Runner]:
    level = Level.NAMESPACES if request.param == "namespaces" else Level.FULL
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(USED, level, PARTS[request.param])
        try:
            found = Runner(level)
        except IsolationError as error:
            pytest.skip(str(error))
    with found:
        before = descendants(os.getpid(), around.others)
        yield found
        changed = set(descendants(os.getpid(), around.others)) ^ set(before)
        assert len(changed) == 2, "all but the child that waits are those that were started: no attack has ended the server"
    assert descendants(os.getpid(), around.others) == []


def test_there_are_enough() -> None:
    assert len(attacks()) >= 100


@pytest.mark.parametrize("attack", [pytest.param(attack, id=attack.name) for attack in ATTACKS])
def test_attack(runner: Runner, around: Surroundings, attack: Attack) -> None:
    if runner.isolation.parts == PARTS["full-in-a-container"] and "TimedOut" in attack.seen:
        pytest.skip("ended by the clock, which is the same with and without namespaces")
    assert not faults(runner, attack, around)
