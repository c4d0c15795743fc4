"""Student code, confined: a submission of twenty calls beside a bare fork, two runners at once, and a pytest process."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.process import PYTHON, run
from benchmarks.row import Row
from benchmarks.setting import Setting, measured
from benchmarks.submission import SOURCE, TEST


def rows(setting: Setting) -> Iterator[Row]:
    count = 20 if setting.quick else 300
    found = [measured("confined", "one", str(count)) for _ in range(setting.runs)]
    level = f"{found[0]['level']}: {', '.join(found[0]['parts'])}"
    yield Row(
        name=f"code: a submission of 20 calls ({level})",
        times=tuple(time for one in found for time in one["own"]),
        beside="bare fork, not confined",
        others=tuple(time for one in found for time in one["others"]),
        target="15 ms, ratio 1.5",
    )
    yield Row(name="code: a runner starts", times=tuple(one["start"] for one in found), target="0.3 s")
    both = [measured("confined", "two", str(count)) for _ in range(setting.runs)]
    yield Row(name="code: two runners at once", times=tuple(one["seconds"] for one in both), count=2 * count, unit="submissions", target="100/s")

    folder = setting.folder / "code"
    folder.mkdir()
    (folder / "answer.py").write_text(SOURCE, encoding="utf-8")
    (folder / "test_answer.py").write_text(TEST, encoding="utf-8")
    own, other = [], []
    for _ in range(setting.short_runs):
        other.append(run([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_answer.py"], folder=folder).seconds)
        own.append(sum(sorted(found[-1]["own"])[len(found[-1]["own"]) // 2 : len(found[-1]["own"]) // 2 + 1]))
    yield Row(name="code: the same, warm, beside pytest", times=tuple(own), beside="pytest, a process", others=tuple(other))
