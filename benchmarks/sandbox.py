"""Student code, confined: a submission of twenty calls beside a bare fork, two runners at once, and a pytest process."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

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
    other = []
    for _ in range(setting.short_runs):
        other.append(run([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_answer.py"], folder=folder).seconds)
    warm = median(found[-1]["own"])
    yield Row(name="code: the same, warm, beside pytest", times=(warm,) * len(other), beside="pytest, a process", others=tuple(other))
