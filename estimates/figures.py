"""One number of a report, together with what it is worth."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from attrs import frozen

__all__ = ["Figure", "Quality"]


class Quality(StrEnum):
    """How much a number may be trusted.

    EXACT is arithmetic on exact inputs; BOUND is never exceeded under the stated assumptions; MODEL is as good as the
    formula behind it; EXTRAPOLATED uses that formula where its source never tested it.
    """

    EXACT = "EXACT"
    BOUND = "BOUND"
    MODEL = "MODEL"
    EXTRAPOLATED = "EXTRAPOLATED"


@frozen
class Figure:
    """A value with unit, quality and source; `value` is None when it is unknown."""

    name: str
    value: float | int | str | None
    unit: str
    quality: Quality
    source: str

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as plain JSON values."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "quality": self.quality.value,
            "source": self.source,
        }
