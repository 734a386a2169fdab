"""Reports on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table as RichTable

from qcompile.report.document import Section

__all__ = ["print_sections"]

_COLORS = {"pass": "green", "fail": "red", "unknown": "yellow", "verified": "green", "NOT VERIFIED": "red"}


def print_sections(sections: Iterable[Section], *, console: Console | None = None) -> None:
    """Print sections to standard output, wide tables folded to the terminal."""
    out = console or Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    for section in sections:
        out.print(f"\n[bold]{section.title}[/bold]")
        for table in section.tables:
            rich_table = RichTable(box=box.SIMPLE_HEAD, pad_edge=False)
            for k, column in enumerate(table.columns):
                rich_table.add_column(column, overflow="fold", no_wrap=k == 0)
            for row in table.rows:
                rich_table.add_row(*(f"[{_COLORS[c]}]{c}[/]" if c in _COLORS else _plain(c) for c in row))
            out.print(rich_table)
        for remark in section.remarks:
            out.print(f"  - {_plain(remark)}")


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
