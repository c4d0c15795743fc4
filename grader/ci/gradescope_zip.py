"""Builds the zip that Gradescope makes an autograder of, and runs it in a folder laid out like the real one."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from grader.ci.autograder import ISSUED, METADATA
from grader.ci.course_copy import course_files
from grader.course.course import Assignment, Course
from grader.variants.variant import Sheet

RUN = "run_autograder"
SETUP = "setup.sh"
TIMEOUT = 600  # seconds, as Gradescope allows by default


def zip_files(
    course: Course, assignment: Assignment, sheets: Iterable[tuple[Sheet, str | None]], *, install: str, language: str, trust: bool
) -> dict[str, bytes]:
    """The files of the zip, by path: scripts, course, and what each student was given. No key and no secret.

    Args:
        sheets: every sheet a student may hand in, with its signature.
        install: what `pip install` is told in the image; a wheel that lies here travels in the zip.
        trust: programs are run even if nothing confines them there.
    """
    wheel = Path(install)
    carried = {wheel.name: wheel.read_bytes()} if wheel.suffix == ".whl" and wheel.is_file() else {}
    wanted = f"/autograder/source/{wheel.name}" if carried else install
    return {
        SETUP: SETUP_TEXT.replace("@INSTALL@", _shell(wanted)).encode(),
        RUN: RUN_TEXT.encode(),
        ISSUED: (json.dumps(_issued(course, assignment, sheets, language) | {"trust": trust}, ensure_ascii=False) + "\n").encode(),
        **{f"course/{path}": raw for path, raw in course_files(course, assignment).items()},
        **carried,
    }


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """A zip: the same files give the same bytes. The scripts may be executed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if name in (SETUP, RUN) else 0o100644) << 16
            archive.writestr(entry, raw)
    return out.getvalue()


def try_zip(archive: bytes, root: Path) -> Mapping[str, Any] | None:
    """Runs a zip on `ROOT/submission` with `ROOT/submission_metadata.json`, in this Python; gives the results, None where it failed.

    Raises:
        FileNotFoundError: the folder is not laid out so.
    """
    for needed in ("submission", METADATA):
        if not (root / needed).exists():
            raise FileNotFoundError(f"there is no {needed} in {root}; lay it out like Gradescope's /autograder: submission/, {METADATA}")
    source, results = root / "source", root / "results" / "results.json"
    if source.is_dir():
        shutil.rmtree(source)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        opened.extractall(source)
    results.unlink(missing_ok=True)
    environment = {**os.environ, "GRADER_ROOT": str(root), "GRADER_PYTHON": sys.executable}
    subprocess.run(["bash", str(source / RUN)], env=environment, timeout=TIMEOUT, check=False)
    found: Mapping[str, Any] | None = json.loads(results.read_text(encoding="utf-8")) if results.is_file() else None
    return found


def _issued(course: Course, assignment: Assignment, sheets: Iterable[tuple[Sheet, str | None]], language: str) -> dict[str, Any]:
    given: dict[str, dict[str, Any]] = {}
    for sheet, signature in sheets:
        slots = {variant.slot: {"variant": variant.id, "given": dict(variant.given)} for variant in sheet.variants}
        given.setdefault(sheet.student, {})[str(sheet.attempt)] = {"slots": slots, "signature": signature}
    students = {student.email.strip().lower(): student.id for student in (course.roster or {}).values() if student.email}
    return {"version": 1, "assignment": assignment.id, "language": language, "students": students, "sheets": given}


def _shell(text: str) -> str:
    """A word of a shell script, whatever is in it."""
    return "'" + text.replace("'", "'\\''") + "'"


SETUP_TEXT = """#!/usr/bin/env bash
# Runs once, when Gradescope builds the image.
set -euo pipefail
apt-get update -qq
apt-get install -y -qq --no-install-recommends python3 python3-venv
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "conv-grader needs Python 3.11 or later; choose the Ubuntu 24.04 base image" >&2
  exit 1
fi
python3 -m venv /autograder/venv
/autograder/venv/bin/pip install --quiet --no-cache-dir @INSTALL@
"""
RUN_TEXT = """#!/usr/bin/env bash
# Runs for every submission. The two variables are for trying it elsewhere.
set -euo pipefail
export OMP_NUM_THREADS=1
exec "${GRADER_PYTHON:-/autograder/venv/bin/python}" -m grader.ci.autograder "${GRADER_ROOT:-/autograder}"
"""
