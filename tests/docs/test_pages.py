"""The pages of the documentation do what they show: every ```python block with prompts runs, output compared."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted([*DOCS.glob("theory/*.md"), *DOCS.glob("guides/*.md")])


def examples(text: str) -> list[doctest.Example]:
    """Return the examples of a page; an output reaches to the next prompt or the end of its block, blank lines too."""
    found: list[doctest.Example] = []
    source: list[str] = []
    want: list[str] = []
    start, inside = 0, False

    def close() -> None:
        if source:
            wanted = "\n".join(want).rstrip()
            found.append(doctest.Example("\n".join(source), f"{wanted}\n" if wanted else "", lineno=start))
            source.clear()
            want.clear()

    for number, line in enumerate(text.splitlines()):
        if line.startswith("```"):
            close()
            inside = line.strip() == "```python"
        elif inside and line.startswith(">>>"):
            close()
            start = number
            source.append(line[4:])
        elif inside and source and line.startswith("...") and not want:
            source.append(line[4:])
        elif inside and source:
            want.append(line)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = page.read_text(encoding="utf-8")
    todo = examples(text)
    test = doctest.DocTest(todo, {"__name__": "__main__"}, page.name, str(page), 0, text)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF)
    runner.run(test, out=report.append)
    assert runner.failures == 0, "".join(report)
    assert todo or page.stem == "README"


def test_every_family_has_a_page() -> None:
    families = {
        "encoding",
        "uniform-superposition",
        "ansatz",
        "phase-layer",
        "router",
        "rotary",
        "overlaps",
        "sampling",
        "amplitude-estimation",
        "experts",
        "channels",
    }
    assert families <= {p.stem for p in DOCS.glob("theory/*.md")}
    assert {"first-model", "any-circuit", "bring-your-machine"} <= {p.stem for p in DOCS.glob("guides/*.md")}


def test_links_between_pages_lead_somewhere() -> None:
    import re

    for page in PAGES:
        for link in re.findall(r"\]\(([^)#:]+\.md)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_examples_keep_blank_lines_in_output() -> None:
    found = examples("```python\n>>> print('a\\n\\nb')\na\n\nb\n\n>>> x = 1\n```\nprose\n```text\n>>> no\n```\n")
    assert [(e.source, e.want) for e in found] == [("print('a\\n\\nb')\n", "a\n\nb\n"), ("x = 1\n", "")]
