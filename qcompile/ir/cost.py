"""What a rule asks when its rewrite pays only on some machines."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from attrs import frozen

from qcompile.ir.block import Block
from qcompile.ir.readout import Readout
from qcompile.ir.sizes import Size

__all__ = ["CostModel", "DepthCost", "GateCost", "Trial"]


@frozen
class Trial:
    """What came of a readout that was compiled to the end.

    Attributes:
        score: What the objective compares, most important first; lower is better.
        yield_log10: log10 of p^2 / w, with p the estimated success probability of one run on w qubits. A value that is
            damped by p takes 1 / p^2 as many runs for the same error, and its w qubits serve no other circuit
            meanwhile: the figure is what one qubit contributes in one run.
    """

    score: tuple[float, ...]
    yield_log10: float


@runtime_checkable
class CostModel(Protocol):
    """Tells which of two equal blocks is cheaper; `qcompile.api` supplies one that synthesizes and maps candidates."""

    def cost(self, block: Block) -> float | None:
        """Return a figure to compare, lower is better; None when it cannot be told."""
        ...

    def trial(self, readout: Readout) -> Trial | None:
        """Return what compiling a readout to the end gives; None where there is no machine, or it does not fit."""
        ...


@frozen
class GateCost:
    """Two-qubit gates by the count formulas, a Toffoli as six CNOT: knows no machine, so links are taken as free.

    Attributes:
        rotation: Weight of a rotation against a CNOT; small, so that it only breaks ties.
    """

    rotation: float = 1e-3

    def cost(self, block: Block) -> float | None:
        """Return the weighted count, None while a size is free."""
        counts = block.formula()
        parts: list[Size] = [counts.cnot, counts.toffoli, counts.rotation, counts.one_qubit + counts.t]
        if any(not isinstance(part, int) for part in parts):
            return None
        cnot, toffoli, rotation, fixed = (int(part) for part in parts)
        return cnot + 6 * toffoli + self.rotation * (rotation + fixed)

    def trial(self, readout: Readout) -> Trial | None:
        """Return None: there is no machine."""
        return None


@frozen
class DepthCost:
    """Two-qubit depth by the count formulas, gates as a tie-break: all-to-all links and a short memory."""

    def cost(self, block: Block) -> float | None:
        """Return the depth, None where no formula is known."""
        counts = block.formula()
        if not isinstance(counts.depth_two_qubit, int) or not isinstance(counts.cnot, int):
            return None
        return counts.depth_two_qubit + 1e-6 * counts.cnot

    def trial(self, readout: Readout) -> Trial | None:
        """Return None: there is no machine."""
        return None
