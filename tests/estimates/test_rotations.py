"""T per rotation against syntheses that were really made."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.budget import ErrorBudget
from estimates.rotations import ROTATION_FORMULAS, rotation_formula, t_per_rotation
from qcompile.errors import InputError

# Qualtran's synthesiser (rotation_synthesis, 0.7) on angles 0.3, 1.1 and 2.0
MEASURED = [
    ("diagonal", 1e-3, (30, 31, 29)),
    ("diagonal", 1e-6, (61, 64, 63)),
    ("diagonal", 1e-10, (103,)),
    ("mixed_diagonal", 1e-3, (15.9, 17.0, 14.6)),
    ("mixed_diagonal", 1e-6, (31.0, 31.8, 29.6)),
    ("mixed_diagonal", 1e-10, (52.6, 52.8, 53.1)),
    ("mixed_fallback", 1e-3, (8.8, 9.0, 10.7)),
    ("mixed_fallback", 1e-6, (16.9, 14.4, 16.5)),
    ("mixed_fallback", 1e-10, (22.1, 21.7)),
]


@pytest.mark.parametrize(("name", "eps", "measured"), MEASURED)
def test_formulas_are_within_3_t_of_synthesis(name: str, eps: float, measured: tuple[float, ...]) -> None:
    for value in measured:
        assert abs(rotation_formula(name).mean(eps) - value) <= 3.0


@given(eps=st.floats(1e-30, 0.1), factor=st.floats(1.0, 1e6))
def test_more_precision_never_costs_less(eps: float, factor: float) -> None:
    for formula in ROTATION_FORMULAS.values():
        assert formula.count(eps) >= formula.count(min(1.9, eps * factor))
        assert formula.source
        assert formula.norm in ("operator", "diamond")


def test_known_defaults_of_others() -> None:
    assert rotation_formula("repeat_until_success").count(1e-9) == 44  # PennyLane's 44 T per rotation
    assert rotation_formula("mixed_fallback").count(1e-3) == 11  # Qualtran's 11
    assert t_per_rotation(0, 0.0) == 0


def test_there_must_be_a_budget() -> None:
    with pytest.raises(InputError):
        t_per_rotation(5, 0.0)


@given(total=st.floats(1e-12, 0.99), share=st.floats(0.01, 0.99), rotations=st.booleans())
def test_a_budget_adds_up(total: float, share: float, rotations: bool) -> None:
    for budget in (
        ErrorBudget.of(total, has_rotations=rotations, rotation_share=share),
        ErrorBudget.of(total, has_rotations=rotations),
    ):
        assert math.isclose(budget.total, total, rel_tol=1e-12)
        assert (budget.rotations > 0) == rotations
