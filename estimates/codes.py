"""Logical error rate of an error-correcting code against its distance (eq. 60 of the paper, with its constants)."""

from __future__ import annotations

import math

from attrs import field, frozen, validators

from qcompile.errors import InputError, nearest

__all__ = ["CODES", "MAX_DISTANCE", "Code", "code_named", "power_law_bound"]

MAX_DISTANCE = 99
"""Searches stop here: no source tests a power law at larger distances."""


@frozen(kw_only=True)
class Code:
    """`p_L = prefactor * (p / threshold)**((d + 1) / 2)` per patch and per step (`per`).

    Attributes:
        prefactor: p_L at threshold.
        threshold: Physical error rate at which distance stops helping.
        per: "cycle" (one round of syndrome measurement) or "step" (d rounds).
        tile: Physical qubits of a patch as `tile[0] d**2 + tile[1] (d - 1)`.
        tested_to: Largest distance at which a source compared the law with simulation; beyond it is extrapolation.
    """

    name: str
    prefactor: float = field(validator=validators.gt(0))
    threshold: float = field(validator=[validators.gt(0), validators.lt(1)])
    per: str = field(default="cycle", validator=validators.in_(("cycle", "step")))
    tile: tuple[int, int] = (2, 0)
    tested_to: int = 9
    source: str = ""

    def logical_error(self, distance: int, p: float) -> float:
        """Return the logical error rate at a physical error rate `p`, not capped at 1."""
        return self.prefactor * math.pow(p / self.threshold, (distance + 1) / 2)

    def error_per_cycle(self, distance: int, p: float) -> float:
        """Return the logical error rate per round of syndrome measurement, a step's shared by its d rounds."""
        return self.logical_error(distance, p) / (distance if self.per == "step" else 1)

    def physical_qubits(self, distance: int) -> int:
        """Return the physical qubits of one patch."""
        return self.tile[0] * distance**2 + self.tile[1] * (distance - 1)

    def suppresses(self, p: float) -> bool:
        """Whether more distance means fewer errors at `p`."""
        return p < self.threshold

    def smallest_distance(self, p: float, allowed: float, *, first: int = 3, last: int = MAX_DISTANCE) -> int | None:
        """Return the smallest odd distance with a logical error of at most `allowed`, None if there is none."""
        if not self.suppresses(p) or allowed <= 0:
            return None
        guess = 2.0 * math.log(allowed / self.prefactor) / math.log(p / self.threshold) - 1.0
        start = max(first, 2 * (int(max(0.0, guess)) // 2) - 1)
        for distance in range(start if start % 2 else start + 1, last + 1, 2):
            if self.logical_error(distance, p) <= allowed:
                return distance
        return None

    def needs_below(self, p: float) -> str:
        """Return why `p` does not work with this code."""
        return (
            f"physical error rate {p:g} is not below the threshold {self.threshold:g} of {self.name}: a larger "
            f"distance makes it worse; the largest rate that can work is below {self.threshold:g}"
        )


_QDK = "resource estimator of the Azure Quantum Development Kit, after Beverland et al., arXiv:2211.07629"
CODES: dict[str, Code] = {
    c.name: c
    for c in (
        Code(
            name="gidney_fowler",
            prefactor=0.1,
            threshold=0.01,
            source="Fowler, Gidney, arXiv:1808.06709, section XV; Qualtran's QECScheme",
        ),
        Code(name="beverland", prefactor=0.03, threshold=0.01, per="step", source=_QDK),
        Code(
            name="beverland_measurement",
            prefactor=0.08,
            threshold=0.0015,
            per="step",
            source=f"{_QDK}; measurement-based surface code, arXiv:2007.00307",
        ),
        Code(
            name="floquet",
            prefactor=0.07,
            threshold=0.01,
            per="step",
            tile=(4, 8),
            source=f"{_QDK}; honeycomb code, arXiv:2202.11829",
        ),
        Code(
            name="memory_fit",
            prefactor=0.0402,
            threshold=0.0092,
            tested_to=7,
            source="fit of Stim rotated-surface-code memories (uniform circuit noise p <= 5e-3, d = 3, 5, 7, "
            "matching), both bases added",
        ),
    )
}


def code_named(name: str) -> Code:
    """Return a code by name.

    Raises:
        InputError: There is no such code.
    """
    if name not in CODES:
        raise InputError(f"is {name!r}", where="code", hint=nearest(name, CODES))
    return CODES[name]


def power_law_bound(p: float, distance: int, c: float = 155.0) -> float:
    """Return eq. 60, `(c p)**((d+1)/2)`, capped at 1.

    The default c is the fit per shot of d rounds at p <= 2e-3, where prefactor 0.032 makes it a law; without the
    prefactor it is an upper bound. It says nothing (1) once c p reaches 1.
    """
    return min(1.0, math.pow(c * p, (distance + 1) / 2))
