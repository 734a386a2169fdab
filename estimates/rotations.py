"""T gates per rotation: how many it takes to approximate one rotation to a given precision."""

from __future__ import annotations

import math

from attrs import frozen

from qcompile.errors import InputError, nearest

__all__ = ["ROTATION_FORMULAS", "RotationFormula", "rotation_formula", "t_per_rotation"]


@frozen
class RotationFormula:
    """`slope * log2(1/eps) + offset` T gates for a rotation within `eps`.

    Attributes:
        norm: What `eps` bounds. Mixed protocols bound the diamond distance of a channel, the others the operator norm;
            the two budgets are never mixed.
    """

    name: str
    slope: float
    offset: float
    norm: str
    source: str

    def mean(self, eps: float) -> float:
        """Return the fitted number of T gates, not rounded."""
        return self.slope * math.log2(1.0 / eps) + self.offset

    def count(self, eps: float) -> int:
        """Return whole T gates for one rotation within `eps`; 0 when `eps` allows to leave the rotation out."""
        if eps <= 0:
            raise InputError(f"is {eps}", where="rotation precision", hint="give the rotations a part of the budget")
        return 0 if eps >= 2.0 else max(0, math.ceil(self.mean(eps)))


_KMM = "Kliuchnikov, Lauter, Minko, Paetznick, Petit, arXiv:2203.10064, table 1"
ROTATION_FORMULAS: dict[str, RotationFormula] = {
    f.name: f
    for f in (
        RotationFormula("three_log", 3.0, 0.0, "operator", "leading term of Ross, Selinger, arXiv:1403.2975"),
        RotationFormula("diagonal", 3.02, 1.77, "operator", f"{_KMM}, diagonal (Ross-Selinger approximation)"),
        RotationFormula("fallback", 1.03, 5.75, "operator", f"{_KMM}, fallback"),
        RotationFormula("mixed_diagonal", 1.52, -0.01, "diamond", f"{_KMM}, mixed diagonal"),
        RotationFormula("mixed_fallback", 0.53, 4.86, "diamond", f"{_KMM}, mixed fallback"),
        RotationFormula("repeat_until_success", 1.15, 9.2, "operator", "Bocharov, Roetteler, Svore, arXiv:1409.3552"),
    )
}


def rotation_formula(name: str) -> RotationFormula:
    """Return a formula by name.

    Raises:
        InputError: There is no such formula.
    """
    if name not in ROTATION_FORMULAS:
        raise InputError(f"is {name!r}", where="rotation formula", hint=nearest(name, ROTATION_FORMULAS))
    return ROTATION_FORMULAS[name]


def t_per_rotation(n_rotations: int, budget: float, *, formula: str = "mixed_fallback") -> int:
    """Return T gates per rotation when `n_rotations` share an error `budget` evenly. There is no cap.

    >>> t_per_rotation(22, 5e-4, formula="three_log")
    47
    """
    return 0 if n_rotations == 0 else rotation_formula(formula).count(budget / n_rotations)
