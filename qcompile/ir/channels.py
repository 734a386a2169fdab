"""Dephasing (eq. 43, read as a channel)."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from attrs import field, frozen

from qcompile.errors import InputError
from qcompile.ir.block import Block
from qcompile.ir.contract import Contract, ContractKind
from qcompile.ir.counts import Counts

__all__ = ["Dephasing"]


def _positive(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number) or number < 0:
        raise InputError(f"is {value!r}", where="dephasing", hint="use a finite number of at least 0")
    return number


@frozen
class Dephasing(Block):
    """exp(t D) with D(rho) = (g / 2) (Z rho Z - rho): off-diagonals shrink by exp(-g t).

    Eq. 43 as printed adds a scalar rate to an operator; this Lindblad term is what it can mean.

    Attributes:
        rate: g, in 1/s.
        time: t, in s.
    """

    equation: ClassVar[str] = "43"
    rate: float = field(converter=_positive)
    time: float = field(converter=_positive)

    @property
    def n_qubits(self) -> int:
        """One."""
        return 1

    @property
    def contract(self) -> Contract:
        """A channel."""
        return Contract(ContractKind.CHANNEL)

    @property
    def gamma(self) -> float:
        """Parameter of the phase-damping channel: 1 - exp(-2 g t)."""
        return -math.expm1(-2 * self.rate * self.time)

    def adjoint(self) -> Block:
        """Raise: a channel has no inverse."""
        raise InputError("has no inverse", where=self.title, hint="channels cannot be inverted")

    def formula(self) -> Counts:
        """Return one non-unitary operation."""
        return Counts(reset=1)
