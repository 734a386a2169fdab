"""The table of equations as a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from qcompile.report.document import Section, Table

__all__ = ["sections_of_equations"]

Json = dict[str, Any]


def sections_of_equations(rows: Sequence[Json]) -> list[Section]:
    """Return one table of all rows, or everything that is known about a single one."""
    if len(rows) == 1:
        return [_single(rows[0])]
    columns = ("eq.", "meaning", "kind", "lives", "outcome", "found (expected)")
    body = [
        (str(r["number"]), _title(r), ", ".join(r["kind"]), r["lives"], r["outcome"], r["detail"] or "not run")
        for r in rows
    ]
    tally = Counter(str(r["outcome"]) for r in rows)
    counts = ", ".join(f"{tally[name]} {name}" for name in ("pass", "fail", "listed") if tally[name])
    remarks = [
        f"{len(rows)} equations: {counts}",
        "listed: a claim; the value of its formula is compared with a quoted number, which does not make it true",
        "`qcompile equations N` shows the check and the remarks on one equation",
    ]
    return [Section("Equations of the paper", [Table(columns, body)], remarks)]


def _title(row: Json) -> str:
    again = row["same_as"]
    return f"{row['title']} (= {', '.join(map(str, again))})" if again else str(row["title"])


def _single(row: Json) -> Section:
    pairs = [
        ("meaning", row["title"]),
        ("kind", ", ".join(row["kind"])),
        ("lives", row["lives"]),
        ("check", row["check"]),
        ("outcome", row["outcome"]),
        ("found (expected)", row["detail"] or "not run"),
    ]
    if row["same_as"]:
        pairs.append(("same as", ", ".join(map(str, row["same_as"]))))
    return Section(f"Equation {row['number']}", [Table(("", ""), pairs)], [row["note"]] if row["note"] else [])
