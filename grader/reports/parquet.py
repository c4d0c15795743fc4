"""Every answer of a class as a Parquet file, one part a row, for a data frame. Needs duckdb, the extra `parquet`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

COLUMNS = {
    "student": "VARCHAR",
    "attempt": "INTEGER",
    "submitted_at": "TIMESTAMPTZ",
    "slot": "VARCHAR",
    "exercise": "VARCHAR",
    "variant": "VARCHAR",
    "part": "VARCHAR",
    "verdict": "VARCHAR",
    "credit": "DOUBLE",
    "points": "DOUBLE",
    "possible": "DOUBLE",
    "mistakes": "VARCHAR[]",
    "answer": "VARCHAR",  # JSON: its type is another for each exercise
    "key": "VARCHAR",  # JSON
}


def answers(records: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """A row for each part of the records, given as JSON."""
    for record in records:
        for slot in record["slots"]:
            for part in slot["parts"]:
                row = {name: source[name] for source in (record, slot, part) for name in COLUMNS if name in source}
                yield row | {name: None if part[name] is None else json.dumps(part[name], ensure_ascii=False) for name in ("answer", "key")}


def write_parquet(path: Path, records: Iterable[Mapping[str, Any]]) -> int:
    """Writes the answers of records; how many. Rows go through a temporary file, never all through memory.

    Raises:
        ImportError: duckdb is not installed.
        OSError: the file cannot be written.
    """
    import duckdb

    count = 0
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        lines = Path(folder) / "answers.jsonl"
        with lines.open("w", encoding="utf-8") as file:
            for row in answers(records):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
        try:
            connection.read_json(str(lines), columns=COLUMNS, format="newline_delimited").write_parquet(str(path), compression="zstd")
        except duckdb.IOException as error:
            raise OSError(0, str(error).splitlines()[0]) from error
    return count
