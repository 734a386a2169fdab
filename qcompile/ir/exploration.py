"""Phase exploration (eq. 55): chosen phases on chosen states."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen

from qcompile.errors import InputError
from qcompile.ir.angles import Angles
from qcompile.ir.block import Block
from qcompile.ir.combinators import Sequence
from qcompile.ir.counts import Counts
from qcompile.ir.encoding import AmplitudeEncoding
from qcompile.ir.fields import to_angles, to_width
from qcompile.ir.qft import BasisPhase
from qcompile.ir.sizes import Size
from qcompile.ir.vectors import Vector

__all__ = ["PhaseExploration"]


def _vectors(value: Any) -> tuple[Vector, ...]:
    return tuple(Vector.of(v) for v in value)


@frozen
class PhaseExploration(Block):
    """1 + sum_k (exp(i t_k) - 1) psi_k psi_k^dagger: eq. 55 completed to a unitary.

    As printed, sum_k exp(i t_k) psi_k psi_k^dagger is unitary only for a complete orthonormal set. Without `states`,
    psi_k is the one-hot basis state of qubit k, and the block is a layer of phase gates, equal to the formula on the
    span of all zeros and the one-hot states: no CNOT.

    Attributes:
        n_qubits: n.
        angles: Shape [K], radians.
        states: K orthonormal vectors, or none for one-hot states.
    """

    equation: ClassVar[str] = "55"
    n_qubits: Size = field(converter=to_width)
    angles: Angles = field(converter=to_angles)
    states: tuple[Vector, ...] = field(default=(), converter=_vectors, repr=False)

    def __attrs_post_init__(self) -> None:
        n = self.width
        if not self.states:
            if len(self.angles.shape) != 1 or self.angles.sizes[0] > n:
                raise InputError(
                    f"have shape {self.angles.shape}", where="phase exploration: angles", hint=f"at most [{n}]"
                )
            return
        self.angles.check_shape(len(self.states), where="phase exploration: angles")
        table = np.array([v.normalised(n) for v in self.states])
        overlap = float(np.abs(table.conj() @ table.T - np.eye(len(table))).max())
        if overlap > 1e-9:
            raise InputError(
                f"overlap by {overlap:.2g}", where="phase exploration: states", hint="give orthonormal vectors"
            )

    def adjoint(self) -> Block:
        """Return the opposite phases."""
        return PhaseExploration(self.n_qubits, -self.angles, self.states)

    def expand(self) -> Sequence:
        """Return each phase on all zeros between an inverse preparation and the preparation of its state."""
        parts: list[Block] = []
        n = self.width
        for k in range(self.angles.sizes[0]):
            if not self.states:
                parts.append(BasisPhase(1, 1, self.angles[k]).on(k, of=n))
                continue
            preparation = AmplitudeEncoding(self.states[k], n)
            parts += [preparation.adjoint(), BasisPhase(n, 0, self.angles[k]), preparation]
        return Sequence(tuple(parts), n_qubits=n)

    def formula(self) -> Counts:
        """Return K rotations for one-hot states, else the sum over the states."""
        return self.expand().formula() if self.states else Counts(rotation=self.angles.sizes[0])
