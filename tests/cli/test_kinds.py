"""Every kind of part and of given the whole way: issued in both forms, filled in, graded, shown, graded again, compared."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.classroom.batch import forget
from grader.course.secret import FILE
from grader.documents import read_yaml
from tests.cli.conftest import Run
from tests.kinds import FOLDER


@pytest.fixture
def kinds_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("GRADER_SECRET", raising=False)
    folder = tmp_path / "kinds"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / FILE).write_text("0123456789abcdef0123456789abcdef\n")
    monkeypatch.chdir(folder)
    return folder


def records(run: Run) -> dict[str, dict[str, Any]]:
    forget()
    result = run("grade", "all", "--records", "out.jsonl")
    assert result.exit_code == 0, result.output
    return {record["student"]: record for record in map(json.loads, Path("out.jsonl").read_text(encoding="utf-8").splitlines())}


def verdicts(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for slot in record["slots"]:
        for part in slot["parts"]:
            yield f"{slot['slot']}.{part['part']}", part["verdict"]


def written(key: Any) -> str:
    """A key as a student types it into a YAML sheet."""
    return f"[{', '.join(map(str, key))}]" if isinstance(key, list) and key else "none" if key == [] else str(key)


def test_the_key_earns_everything_in_both_forms(run: Run, kinds_dir: Path) -> None:
    run("issue", "all")
    run("issue", "all", "--student", "alan", "--format", "json", "--out", "json")
    given = {s: read_yaml((kinds_dir / f"release/{s}/all/answers.yaml").read_text(encoding="utf-8"), typed=True).data["slots"] for s in ("ada", "alan")}
    keys = {}
    for student, slots in given.items():
        for slot, about in slots.items():
            solved = run("solve", about["exercise"], input=json.dumps({"given": about["given"]}) + "\n")
            keys[student, slot] = json.loads(solved.stdout)["key"]
    lines = ["sheet: kinds/all/ada/1", "answers:"]
    for slot in given["ada"]:
        lines += [f"  {slot}:", *(f"    {part}: {written(key)}" for part, key in keys["ada", slot].items())]
    sheet = json.loads((kinds_dir / "json/alan/all/answers.json").read_text(encoding="utf-8"))
    for slot, parts in sheet["answers"].items():
        sheet["answers"][slot] = {part: keys["alan", slot][part] or "none" for part in parts}
    for student, name, text in (("ada", "answers.yaml", "\n".join(lines)), ("alan", "answers.json", json.dumps(sheet))):
        home = kinds_dir / "submitted" / student / "all"
        home.mkdir(parents=True)
        (home / name).write_text(text, encoding="utf-8")
        (home / "timestamp.txt").write_text("2026-12-02 10:00")
    for student, record in records(run).items():
        assert {name for name, verdict in verdicts(record) if verdict != "correct"} == set(), student
        assert record["score"] == record["possible"] == 17
        assert record["flags"] == [], "the sheet's given is the true one, layers and truths among it"


def test_shapes_are_typed_in_any_form(run: Run, kinds_dir: Path) -> None:
    home = kinds_dir / "submitted" / "ada" / "all"
    home.mkdir(parents=True)
    (home / "timestamp.txt").write_text("2026-12-02 10:00")
    pinned = {"output_shape": (6, 6, 4), "weight_shape": (6, 3, 3, 5)}
    for first, second in (
        ("[6, 6, 4]", "6x3x3x5"),
        ("6x6x4", "6×3×3×5"),
        ("(6, 6, 4)", "torch.Size([6, 3, 3, 5])"),
        ("{C: 6, H: 6, W: 4}", "6 3 3 5"),
        ("6, 6, 4", "{C_out: 6, C_in: 3, kH: 3, kW: 5}"),
    ):
        (home / "answers.yaml").write_text(f"sheet: kinds/all/ada/1\nanswers:\n  pinned:\n    output_shape: {first}\n    weight_shape: {second}\n")
        found = records(run)["ada"]
        parts = next(slot["parts"] for slot in found["slots"] if slot["slot"] == "pinned")
        assert [(part["part"], tuple(part["answer"]), part["verdict"]) for part in parts] == [(name, side, "correct") for name, side in pinned.items()]
    # In one line, as a mapping, what does not hold commas of its own reads as well.
    (home / "answers.yaml").write_text("sheet: kinds/all/ada/1\nanswers:\n  pinned: {output_shape: 6x6x4, weight_shape: [6, 3, 3, 5]}\n")
    assert [verdict for name, verdict in verdicts(records(run)["ada"]) if name.startswith("pinned")] == ["correct", "correct"]


def test_a_shape_asked_alone_may_be_written_axis_by_axis(run: Run, kinds_dir: Path) -> None:
    path = kinds_dir / "exercises" / "layer.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(next(line for line in text.splitlines(True) if line.startswith("  weight_shape: {")), ""), encoding="utf-8")
    given = {"input_shape": [3, 8, 8], "out_channels": 6, "kernel_size": 3}
    for answer, verdict in (({"C": 6, "H": 6, "W": 6}, "correct"), ({"output_shape": {"C": 6, "H": 6, "W": 6}}, "correct"), ({"C": 6, "X": 6}, "blank")):
        marked = run("mark", "layer", input=json.dumps({"given": given, "answers": answer}) + "\n")
        assert json.loads(marked.stdout)["parts"][0]["verdict"] == verdict


def test_a_simulated_class_the_whole_way(run: Run, kinds_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("simulate", "all", "--students", 20, "--out", "trial").exit_code == 0
    monkeypatch.chdir(kinds_dir / "trial")
    forget()
    result = run("grade", "all", "--records", "out.jsonl")
    graded = [json.loads(line) for line in Path("out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(graded) == 20, result.output
    truth = {line["student"]: line for line in map(json.loads, Path("truth-all.jsonl").read_text(encoding="utf-8").splitlines())}
    seen = set()
    for record in graded:
        own = truth[record["student"]]
        assert record["status"] == ("graded" if own["damage"] is None else "refused")
        assert "tampered" not in record["flags"]
        for slot in record["slots"]:
            for part in slot["parts"]:
                origin = own["answers"][slot["slot"]][part["part"]]
                seen.add(origin["kind"])
                assert (part["verdict"] == "correct") == (origin["kind"] == "right"), (slot["slot"], part, origin)
                assert (part["verdict"] == "blank") == (origin["kind"] == "blank")
                assert origin["mistake"] is None or origin["mistake"] in part["mistakes"]
    assert seen == {"right", "mistake", "slip", "blank"}
    student = next(record["student"] for record in graded if record["status"] == "graded")
    for language in ("en", "zh"):
        shown = run("show", "all", student, "--lang", language)
        assert shown.exit_code == 0, shown.output
    assert "1. Conv2d(3, " in shown.stdout
    run("show", "all", student, "--html", "page.html")
    page = Path("page.html").read_text(encoding="utf-8")
    assert "<code>1. Conv2d(3, " in page and "\u00a0\u00a0\u00a0\u00a0layer(torch.zeros(1, " in page
    effect = Path("exercises/effect.yaml")
    effect.write_text(effect.read_text(encoding="utf-8").replace("credit: 0.25", "credit: 0.75"), encoding="utf-8")
    forget()
    changed = run("regrade", "all", "--yes")
    assert changed.exit_code == 0 and "effect.effect: 0.25 → 0.75" in changed.stdout, changed.output
    assert run("copies", "all").exit_code == 0


def test_every_kind_is_fit_to_hand_out(run: Run, kinds_dir: Path) -> None:
    result = run("verify", "--variants", 60, "--json")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert {report["exercise"]: report["faults"] for report in found} == {path.stem: [] for path in Path("exercises").glob("*.yaml")}
