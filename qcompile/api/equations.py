"""All equations of the paper with the outcome of their checks, run now."""

from __future__ import annotations

from functools import cache
from typing import Any

from qcompile.api.equations_rows import Comparison, Equation
from qcompile.errors import InputError

__all__ = ["N_EQUATIONS", "check_equations", "equations"]

N_EQUATIONS = 110
_SHOWN = 3


@cache
def equations() -> dict[int, Equation]:
    """Return every row by number; importing the rows loads the rooms that they check."""
    from qcompile.api.equations_blocks import ROWS as blocks
    from qcompile.api.equations_budget import ROWS as budget
    from qcompile.api.equations_claims import ROWS as claims
    from qcompile.api.equations_classical import ROWS as classical
    from qcompile.api.equations_estimates import ROWS as estimates
    from qcompile.api.equations_growth import ROWS as growth
    from qcompile.api.equations_readouts import ROWS as readouts
    from qcompile.api.equations_sampling import ROWS as sampling

    parts = (blocks, readouts, classical, sampling, budget, estimates, claims, growth)
    numbers = [number for part in parts for number in part.equations]
    assert len(numbers) == len(set(numbers)), "a number is there twice"
    return dict(sorted((number, row) for part in parts for number, row in part.equations.items()))


def check_equations(number: int | None = None) -> list[dict[str, Any]]:
    """Return one row or all 110, each check run.

    Returns:
        Plain values: `number`, `title`, `kind` (list), `lives`, `check`, `outcome`, `detail`, `note`, `same_as`.
        `outcome` is `pass` or `fail`; `listed` for rows that are claims and nothing else, whose checks compare what the
        printed formula gives with quoted numbers and say nothing about the truth of the claim.

    Raises:
        InputError: There is no such number.
    """
    table = equations()
    if number is not None and number not in table:
        raise InputError(f"is {number}", where="equation", hint=f"use 1 to {N_EQUATIONS}")
    return [_row(table[k]) for k in ([number] if number is not None else table)]


def _row(equation: Equation) -> dict[str, Any]:
    outcome, detail = _run(equation)
    return {
        "number": equation.number,
        "title": equation.title,
        "kind": list(equation.kinds),
        "lives": equation.lives,
        "check": equation.check,
        "outcome": outcome,
        "detail": detail,
        "note": equation.note,
        "same_as": list(equation.same_as),
    }


def _run(equation: Equation) -> tuple[str, str]:
    if equation.run is None:
        return "listed", ""
    found: list[Comparison] = []
    try:
        found += equation.run()
    except Exception as error:  # whatever goes wrong in a check is a failed check, not the end of the table
        return "fail", f"{type(error).__name__}: {error}"
    bad = [one for one in found if not one.ok]
    if bad or not found:
        return "fail", "; ".join(map(str, bad)) or "nothing was compared"
    more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return "listed" if equation.is_only_claim else "pass", "; ".join(map(str, found[:_SHOWN])) + more
