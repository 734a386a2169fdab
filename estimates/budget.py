"""The error one execution may make, and which part may spend it."""

from __future__ import annotations

import math
from typing import Any

from attrs import field, frozen

from qcompile.errors import InputError

__all__ = ["ErrorBudget", "ErrorSpent"]


def _probability(instance: object, attribute: Any, value: float) -> None:
    if not (0.0 <= value < 1.0) or math.isnan(value):
        raise InputError(f"is {value!r}", where=f"error_budget.{attribute.name}", hint="use a number from 0 to below 1")


@frozen(kw_only=True)
class ErrorBudget:
    """Allowed failure probability of one execution, by cause. The parts are added (union bound).

    Attributes:
        rotations: For approximating rotations by Clifford+T.
        distillation: For faulty magic states.
        logical: For logical errors of the data patches.
    """

    rotations: float = field(default=0.0, validator=_probability)
    distillation: float = field(validator=_probability)
    logical: float = field(validator=_probability)

    @property
    def total(self) -> float:
        """Sum of the parts."""
        return self.rotations + self.distillation + self.logical

    @property
    def physical(self) -> float:
        """What distillation and data patches may spend together."""
        return self.distillation + self.logical

    @classmethod
    def of(cls, total: float, *, has_rotations: bool, rotation_share: float | None = None) -> ErrorBudget:
        """Split `total`: `rotation_share` (a third if None) to rotations if there are any, the rest in halves.

        Raises:
            InputError: `total` is no probability above 0.
        """
        if not 0.0 < total < 1.0:
            raise InputError(f"is {total!r}", where="error_budget", hint="use a number above 0 and below 1")
        if not has_rotations:
            return cls(rotations=0.0, distillation=total / 2, logical=total / 2)
        if rotation_share is None:
            return cls(rotations=total / 3, distillation=total / 3, logical=total / 3)
        rest = total * (1.0 - rotation_share) / 2
        return cls(rotations=total * rotation_share, distillation=rest, logical=rest)

    def to_dict(self) -> dict[str, float]:
        """Return parts and total."""
        return {
            "rotations": self.rotations,
            "distillation": self.distillation,
            "logical": self.logical,
            "total": self.total,
        }


@frozen(kw_only=True)
class ErrorSpent:
    """What a design really spends of an `ErrorBudget`, by the same causes; nan where no design was found."""

    rotations: float
    distillation: float
    logical: float

    @property
    def total(self) -> float:
        """Sum of the parts, never above 1."""
        return min(1.0, self.rotations + self.distillation + self.logical)

    def to_dict(self) -> dict[str, float | None]:
        """Return parts and total, unknown as None."""
        parts = {"rotations": self.rotations, "distillation": self.distillation, "logical": self.logical}
        parts["total"] = math.nan if any(math.isnan(v) for v in parts.values()) else self.total
        return {name: (None if math.isnan(value) else value) for name, value in parts.items()}
