"""Keys that earlier runs kept: they spare torch, and whatever is done to them changes no mark unseen, and no grade at all."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.ci.practice import KEPT
from grader.course import key_files as module
from grader.course.exercise import Exercise
from grader.course.expected import Expected
from grader.course.key_files import KeyFiles, key_files
from tests.conftest import ROOT

from .conftest import ASSIGNMENT, Made, fill, mixed, read, run, run_pytest

Spoil = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where runs of this test keep their keys."""
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "keys"


@pytest.fixture
def pushed(made: Made, ada: Path, folder: Path) -> Any:
    """The record of a first push, which has kept the keys of every question."""
    sheet = made.sheet("ada")
    fill(ada, sheet, mixed(sheet))
    record = marked(ada)
    assert len(list(folder.glob("*.json"))) == len(sheet.variants)
    assert not kept(record)
    return record


def marked(home: Path, *arguments: str) -> Any:
    run("ci", home, *arguments)
    return read(home, "record.json")


def kept(record: Any) -> bool:
    """Whether a record says that its keys come from an earlier run."""
    return KEPT.to_json() in record["notes"]


def plain(record: Any) -> Any:
    return {**record, "graded_at": "", "notes": [note for note in record["notes"] if note != KEPT.to_json()]}


def entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def each(spoil: Spoil) -> Spoil:
    return lambda folder: [spoil(path) for path in entries(folder)]


def resealed(path: Path) -> None:
    """Other numbers under a seal that was made up."""
    _, _, text = path.read_text(encoding="utf-8").partition("\n")
    path.write_text(f"{'0' * 64}\n{text.replace('1', '2')}", encoding="utf-8")


def swap(folder: Path) -> None:
    """Each entry in the place of the next."""
    texts = [path.read_bytes() for path in entries(folder)]
    for path, text in zip(entries(folder), texts[1:] + texts[:1], strict=True):
        path.write_bytes(text)


def link(path: Path) -> None:
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved"))


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def file_instead(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("")


SPOILED = [
    pytest.param(each(lambda path: path.write_bytes(b"")), id="emptied"),
    pytest.param(each(lambda path: path.write_bytes(path.read_bytes()[:-9])), id="cut-short"),
    pytest.param(each(lambda path: path.write_bytes(path.read_bytes().replace(b"1", b"2"))), id="digits-changed"),
    pytest.param(each(lambda path: path.write_bytes(b"\xff\xfe\x00" * 50)), id="no-text"),
    pytest.param(each(resealed), id="under-another-seal"),
    pytest.param(swap, id="in-each-others-place"),
    pytest.param(each(lambda path: path.chmod(0o666)), id="anyone-could-have-written-them"),
    pytest.param(each(link), id="links"),
    pytest.param(lambda folder: entries(folder)[0].unlink(), id="one-is-missing"),
    pytest.param(each(folder_instead), id="folders"),
    pytest.param(file_instead, id="a-file-for-a-folder"),
]


def test_the_next_run_takes_what_was_kept_and_says_so(pushed: Any, ada: Path) -> None:
    record = marked(ada)
    assert kept(record)
    assert plain(record) == plain(pushed)
    assert not kept(marked(ada, "--fresh"))


def test_with_keys_kept_torch_is_not_imported(pushed: Any, ada: Path, tmp_path: Path) -> None:
    (tmp_path / "no" / "torch").mkdir(parents=True)
    (tmp_path / "no" / "torch" / "__init__.py").write_text("raise ImportError('torch was imported')\n")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path / 'no'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "grader", "ci", str(ada), "--json", "--offline"]
    found = json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout)
    assert plain(found) == plain(pushed)
    found = json.loads(subprocess.run([*command, "--fresh"], env=environment, capture_output=True, text=True, check=False).stdout)
    assert found["status"] == "failed", "without the keys it is, or this would show nothing"


def test_pytest_takes_them_too(pushed: Any, ada: Path, tmp_path: Path) -> None:
    run_pytest(ada, "-q", "--grader-json", str(tmp_path / "record.json"), status=1)
    found = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    assert kept(found)
    assert plain(found) == plain(pushed)


def test_workers_that_write_them_at_once_write_them_whole(made: Made, ada: Path, folder: Path) -> None:
    sheet = made.sheet("ada")
    fill(ada, sheet, mixed(sheet))
    run_pytest(ada, "-q", "-n", "2", status=1)
    assert sorted(path.suffix for path in folder.iterdir()) == [".json"] * len(sheet.variants)
    record = marked(ada)
    assert kept(record)
    assert plain(record) == plain(marked(ada, "--fresh"))


@pytest.mark.parametrize("spoil", SPOILED)
def test_a_damaged_entry_is_computed_again(spoil: Spoil, pushed: Any, ada: Path, folder: Path) -> None:
    spoil(folder)
    record = marked(ada)
    assert not kept(record)
    assert plain(record) == plain(pushed)


@pytest.mark.parametrize("spoil", [case for case in SPOILED if case.id not in ("a-file-for-a-folder", "folders")])
def test_and_put_right(spoil: Spoil, pushed: Any, ada: Path, folder: Path) -> None:
    spoil(folder)
    marked(ada)
    record = marked(ada)
    assert kept(record)
    assert plain(record) == plain(pushed)


def forged_keys(monkeypatch: pytest.MonkeyPatch, ada: Path) -> None:
    """As a student would who has read this program: every key 12345, every entry sealed by the grader's own means."""

    def lie(found: Expected) -> str:
        key = {part: 12345 if isinstance(answer, int) else answer for part, answer in found.key.items()}
        return json.dumps(list(key.items())) + "\n[[],[]]"

    with monkeypatch.context() as patch:
        patch.setattr(Expected, "text", lie)
        marked(ada, "--fresh")


def test_a_forged_entry_marks_practice_that_says_where_it_is_from(pushed: Any, ada: Path, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    forged_keys(monkeypatch, ada)
    record = marked(ada)
    assert record["score"] < pushed["score"], "the forgery does deceive practice, or the tests below would show nothing"
    assert kept(record)
    assert record["flags"] == ["unverified"]
    assert plain(marked(ada, "--fresh")) == plain(pushed)


def test_no_grade_comes_of_a_forged_entry(pushed: Any, ada: Path, made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forged_keys(monkeypatch, ada)
    path = tmp_path / "records.jsonl"
    run("grade", ASSIGNMENT, "--from-repos", tmp_path, "--course", made.folder, "--all", "--records", path)
    (record,) = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert record["score"] == pushed["score"]
    assert record["slots"] == pushed["slots"]
    monkeypatch.setenv("GRADER_SECRET", (made.folder / ".grader-secret").read_text().strip())
    assert marked(ada)["slots"] == pushed["slots"], "nor practice with the secret, which believes nothing it finds"


def test_only_practice_knows_of_them() -> None:
    using = {
        path.relative_to(ROOT / "grader").as_posix()
        for path in (ROOT / "grader").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == module.__name__
    }
    assert using == {"ci/practice.py", "ci/pytest_plugin.py", "cli/ci.py", "cli/program.py"}


@pytest.mark.parametrize("name", ["exercises/output-size-basic.yaml", "solutions/output_size_basic.py"])
def test_another_file_has_other_keys(name: str, pushed: Any, ada: Path) -> None:
    path = ada / ".grader" / name
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("padding", "border", 1), encoding="utf-8")
    assert text != path.read_text(encoding="utf-8")
    assert not kept(marked(ada))
    path.write_text(text, encoding="utf-8")
    assert kept(marked(ada))


def test_the_names_that_a_manifest_gives_its_numbers_count_for_nothing(pushed: Any, ada: Path) -> None:
    """Two questions of one exercise: each with the other's numbers under its own old name."""
    path = ada / ".grader" / "repository.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    one, other = data["slots"]["output-size-1"], data["slots"]["output-size-2"]
    one["given"], other["given"] = {**other["given"]}, {**one["given"]}
    path.write_text(json.dumps(data), encoding="utf-8")
    keys = {slot["slot"]: [part["key"] for part in slot["parts"]] for slot in marked(ada)["slots"]}
    before = {slot["slot"]: [part["key"] for part in slot["parts"]] for slot in pushed["slots"]}
    assert (keys["output-size-1"], keys["output-size-2"]) == (before["output-size-2"], before["output-size-1"])


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        pytest.param({"GRADER_CACHE": "/a"}, "/a/keys", id="named"),
        pytest.param({"GRADER_CACHE": "", "XDG_CACHE_HOME": "/b"}, None, id="turned-off"),
        pytest.param({"XDG_CACHE_HOME": "/b"}, "/b/conv-grader/keys", id="xdg"),
        pytest.param({}, str(Path.home() / ".cache" / "conv-grader" / "keys"), id="home"),
    ],
)
def test_where_they_lie(environment: dict[str, str], folder: str | None) -> None:
    assert key_files(environment).folder == (None if folder is None else Path(folder))


def test_none_are_kept_where_nothing_may_be(ada: Path, made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read-only home is no reason to fail."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "file"))
    sheet = made.sheet("ada")
    fill(ada, sheet, mixed(sheet))
    assert marked(ada)["status"] == "graded"


def test_a_wrong_method_that_raises_stops_nothing(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Expected) -> str:
        raise RuntimeError("a wrong method of the course raised")

    monkeypatch.setattr(Expected, "text", fail)
    KeyFiles(tmp_path).keep([variant.expected for variant in made.sheet("ada").variants])
    assert list(tmp_path.iterdir()) == []


def test_every_level_has_keys_of_its_own(made: Made, tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path)
    variant = next(variant for variant in made.sheet("ada").variants if variant.exercise.levels)
    keys.keep([variant.expected])
    other: Exercise = next(iter(variant.exercise.levels.values()))
    assert keys.find(variant.exercise, variant.given) is not None
    assert keys.find(other, variant.given) is None
