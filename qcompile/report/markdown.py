"""Reports as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from qcompile.report.document import Section, Table

__all__ = ["render_markdown"]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _table(table: Table) -> list[str]:
    lines = ["| " + " | ".join(map(_cell, table.columns)) + " |", "|" + "---|" * len(table.columns)]
    return lines + ["| " + " | ".join(map(_cell, row)) + " |" for row in table.rows]


def render_markdown(title: str, sections: Iterable[Section]) -> str:
    """Return a whole document."""
    lines = [f"# {title}", ""]
    for section in sections:
        lines += [f"## {section.title}", ""]
        for table in section.tables:
            lines += [*_table(table), ""]
        if section.remarks:
            lines += [*(f"- {remark}" for remark in section.remarks), ""]
    return "\n".join(lines)
