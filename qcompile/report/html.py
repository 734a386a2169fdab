"""Reports and values as HTML, for notebooks and browsers; no scripts, nothing loaded."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from qcompile.report.document import Section, Table, number
from qcompile.units import format_seconds

__all__ = ["compiled_table", "render_html"]


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(c)}</th>" for c in table.columns)
    rows = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in table.rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def render_html(title: str, sections: Iterable[Section]) -> str:
    """Return one self-contained page."""
    body = [f"<h1>{escape(title)}</h1>"]
    for section in sections:
        body.append(f"<h2>{escape(section.title)}</h2>")
        body += [_table(table) for table in section.tables]
        if section.remarks:
            body.append("<ul>" + "".join(f"<li>{escape(r)}</li>" for r in section.remarks) + "</ul>")
    style = "body{font:15px/1.4 sans-serif;margin:2em;max-width:80em}table{border-collapse:collapse;margin:1em 0}"
    style += "td,th{border-bottom:1px solid #ccc;padding:.2em .7em;text-align:left}"
    page = f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title><style>{style}</style>"
    return page + "".join(body) + "</html>\n"


def compiled_table(one: Any) -> str:
    """Return the headline figures of a compiled circuit as a small table."""
    m = one.metrics
    rows = [
        ("circuit", one.name),
        ("machine", one.target.name),
        ("two-qubit gates", number(m["n2"])),
        ("two-qubit depth", number(m["d2"])),
        ("inserted swaps", number(one.n_swaps)),
        ("makespan", format_seconds(one.schedule.makespan_s)),
        ("contract", str(one.contract)),
    ]
    return _table(Table(("compiled", ""), rows))
