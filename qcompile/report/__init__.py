"""Shown to people: text, Markdown, HTML, figures. Only reads."""

from qcompile.report.document import Section, Table
from qcompile.report.markdown import render_markdown
from qcompile.report.result import sections_of_result

__all__ = ["Section", "Table", "render_markdown", "sections_of_result"]
