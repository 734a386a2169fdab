"""What every magic-state factory must answer."""

from __future__ import annotations

from typing import Protocol

from estimates.figures import Quality

__all__ = ["Factory"]


class Factory(Protocol):
    """A factory design at a given physical error rate. Times are in cycles of syndrome measurement."""

    @property
    def name(self) -> str:
        """Short name with its distances."""

    @property
    def qubits(self) -> int:
        """Physical qubits of one copy."""

    @property
    def quality(self) -> Quality:
        """What the output error is worth."""

    @property
    def source(self) -> str:
        """Where design and numbers come from."""

    def cycles(self, n_t: int, n_ccz: int) -> int:
        """Cycles one copy needs for that many T and CCZ states."""

    def error(self, n_t: int, n_ccz: int) -> float:
        """Summed error of that many states."""
