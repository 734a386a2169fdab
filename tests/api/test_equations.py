"""The table of equations: complete, resolvable, consistent, and every check passes."""

from __future__ import annotations

import importlib
import json
from functools import cache

import pytest

from qcompile.api import equations as table_module
from qcompile.api.equations import N_EQUATIONS, check_equations, equations
from qcompile.api.equations_rows import CLAIM_LISTED, Equation, Rows, equal, holds, near
from qcompile.errors import InputError
from qcompile.report.equations import sections_of_equations
from qcompile.report.markdown import render_markdown

KEYS = {"number", "title", "kind", "lives", "check", "outcome", "detail", "note", "same_as"}


@cache
def rows() -> list[dict[str, object]]:
    return check_equations()


def resolve(path: str) -> object:
    """Import the longest prefix that is a module, then take attributes."""
    parts = path.split(".")
    for k in range(len(parts) - 1, 0, -1):
        try:
            value: object = importlib.import_module(".".join(parts[:k]))
        except ModuleNotFoundError:
            continue
        for name in parts[k:]:
            value = getattr(value, name)
        return value
    raise ModuleNotFoundError(path)


def test_every_equation_has_a_row() -> None:
    assert list(equations()) == list(range(1, N_EQUATIONS + 1))


def test_no_check_fails() -> None:
    assert [(r["number"], r["detail"]) for r in rows() if r["outcome"] == "fail"] == []


def test_every_home_resolves() -> None:
    for row in equations().values():
        if row.lives != CLAIM_LISTED:
            assert callable(resolve(row.lives)), row.number
        else:
            assert row.kinds == ("CLAIM",)


def test_only_claims_are_listed_and_say_why() -> None:
    for row, shown in zip(equations().values(), rows(), strict=True):
        assert (shown["outcome"] == "listed") == (row.kinds == ("CLAIM",)), row.number
        if row.kinds == ("CLAIM",):
            assert row.note
        else:
            assert row.run is not None
            assert shown["detail"]


def test_same_as_is_mutual() -> None:
    table = equations()
    for number, row in table.items():
        for other in row.same_as:
            assert number in table[other].same_as
    assert table[18].same_as == (33, 75)
    assert table[56].same_as == (21, 102)


def test_rows_are_plain_and_in_one_line() -> None:
    for row in rows():
        assert set(row) == KEYS
        assert "\n" not in str(row["title"])
    assert json.loads(json.dumps(rows())) == rows()


def test_checks_repeat() -> None:
    """Randomness is seeded: running again finds the same digits."""
    for number in (17, 29, 32, 47, 99):
        assert check_equations(number)[0]["detail"] == check_equations(number)[0]["detail"]


def test_unknown_number() -> None:
    with pytest.raises(InputError, match="1 to 110"):
        check_equations(111)


def test_report_of_all_and_of_one() -> None:
    whole = render_markdown("equations", sections_of_equations(rows()))
    assert whole.count("\n| ") >= N_EQUATIONS
    assert f"{N_EQUATIONS} equations" in whole
    one = render_markdown("equation", sections_of_equations(check_equations(18)))
    assert "33, 75" in one
    assert "literal product" in one


# Their home is a base class or a value made on import, which no check calls itself.
NOT_CALLED = {1, 73}


@pytest.mark.parametrize(
    "number", [k for k, row in equations().items() if row.lives != CLAIM_LISTED and row.run and k not in NOT_CALLED]
)
def test_checks_exercise_their_home(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its home a check fails: it does not compare oracles with each other."""
    row = equations()[number]
    where, name = row.lives.rsplit(".", 1)

    def broken(*_args: object, **_options: object) -> None:
        raise ArithmeticError("home is gone")

    monkeypatch.setattr(importlib.import_module(where), name, broken)
    assert row.run is not None
    module = importlib.import_module(row.run.__module__)
    if hasattr(module, name):
        monkeypatch.setattr(module, name, broken)
    outcome, detail = table_module._run(row)
    assert outcome == "fail"
    assert "home is gone" in detail


def row_of(*comparisons: object, error: Exception | None = None) -> Equation:
    def run():  # type: ignore[no-untyped-def]
        yield from comparisons
        if error is not None:
            raise error

    table = Rows()
    table.add(1, "a", "CLASSICAL", "math.sin", "b")(run)
    return table.equations[1]


def test_failing_checks_fail() -> None:
    """A comparison that is off, an error, and a check that compares nothing are all failures."""
    outcome = table_module._run
    assert outcome(row_of(near("x", 1.0, 1.0)))[0] == "pass"
    assert outcome(row_of(near("x", 1.0, 1.0), near("y", 1.0, 2.0))) == ("fail", "y: 1 (2)")
    assert outcome(row_of(near("x", [1.0, 2.0], [1.0])))[0] == "fail"
    assert outcome(row_of(near("x", float("nan"), 1.0, atol=1.0)))[0] == "fail"
    assert outcome(row_of(equal("x", 1, 2)))[0] == "fail"
    assert outcome(row_of(holds("x", False)))[0] == "fail"
    assert outcome(row_of())[0] == "fail"
    assert outcome(row_of(holds("x", True), error=ValueError("odd"))) == ("fail", "ValueError: odd")
