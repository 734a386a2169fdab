"""S6: angles of an ansatz that other angles can stand in for."""

from __future__ import annotations

import itertools
from typing import ClassVar

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from qcompile.ir.angles import Angles
from qcompile.ir.ansatz import Ansatz
from qcompile.ir.block import Block
from qcompile.ir.contract import ContractKind
from qcompile.ir.cost import CostModel
from qcompile.ir.rules.base import BlockRule

__all__ = ["DropRedundantAngles", "euler_xyz"]

Complex = NDArray[np.complex128]

_PAULI = {"x": np.array([[0, 1], [1, 0]]), "y": np.array([[0, -1j], [1j, 0]]), "z": np.diag([1, -1])}


def _rotation(axis: str, angle: float) -> Complex:
    return np.asarray(np.cos(angle / 2) * np.eye(2) - 1j * np.sin(angle / 2) * _PAULI[axis], dtype=np.complex128)


def euler_xyz(matrix: Complex) -> tuple[float, float, float]:
    """Return (x, y, z) with Rz(z) Ry(y) Rx(x) equal to a 2x2 matrix of determinant 1, sign included.

    The rotation of the sphere fixes the angles; of the two matrices over it the sign is set by adding 2 pi to z.
    """
    rows = [
        [0.5 * float(np.trace(_PAULI[a] @ matrix @ _PAULI[b] @ matrix.conj().T).real) for b in "xyz"] for a in "xyz"
    ]
    sphere = np.array(rows)
    y = float(np.arcsin(np.clip(-sphere[2, 0], -1.0, 1.0)))
    if abs(sphere[2, 0]) < 1 - 1e-12:
        x = float(np.arctan2(sphere[2, 1], sphere[2, 2]))
        z = float(np.arctan2(sphere[1, 0], sphere[0, 0]))
        y = float(np.arctan2(-sphere[2, 0], np.hypot(sphere[2, 1], sphere[2, 2])))
    else:
        x, z = 0.0, float(np.arctan2(-sphere[0, 1], sphere[1, 1]))
    made = _rotation("z", z) @ _rotation("y", y) @ _rotation("x", x)
    if float(np.real(np.vdot(made, matrix))) < 0:
        z += 2 * np.pi
    return x, y, z


@frozen
class DropRedundantAngles(BlockRule):
    """At each of the L - 1 inner boundaries two rotations go: about x on the last qubit, about z on the first.

    Proof: the ladder's links act on the last qubit as X (it is a target only) and on the first as Z (a control only):
    there Rx and Rz commute with the whole ladder. Rx at the start of a layer on the last qubit moves back through the
    ladder into the previous layer, where Rx R is again in SU(2), hence some Rz Ry Rx; Rz at the end of a layer on the
    first qubit moves forward likewise. Signs are kept, so the unitary is the same, phase included. The dimension
    3nL - 2(L-1) is the rank of the Jacobian.
    """

    id: ClassVar[str] = "S6"
    name: ClassVar[str] = "drop-redundant-angles"
    keeps: ClassVar[ContractKind] = ContractKind.UNITARY
    when: ClassVar[str] = "an ansatz with numeric angles, axes x, y, z, at least 2 qubits and 2 layers, not yet peeled"

    def rewrite(self, block: Block, cost_model: CostModel) -> Block | None:
        """Return the ansatz with the same unitary and fewer rotations."""
        if (
            not isinstance(block, Ansatz)
            or not isinstance(block.layers, int)
            or not isinstance(block.n_qubits, int)
            or block.rotations != ("x", "y", "z")
            or {"redundant", "first_axis", "last_axis"} & set(block.omit)
            or block.n_qubits < 2
            or block.layers < 2
            or not block.angles.is_numeric
        ):
            return None
        angles = block.angles.values().copy()
        steps, last = block.in_time(), block.n_qubits - 1
        for before, after in reversed(list(itertools.pairwise(steps))):
            moved = _rotation("x", angles[after, last, 0]) @ _of(angles[before, last])
            angles[before, last] = euler_xyz(moved)
            angles[after, last, 0] = 0.0
        for before, after in itertools.pairwise(steps):
            moved = _of(angles[after, 0]) @ _rotation("z", angles[before, 0, 2])
            angles[after, 0] = euler_xyz(moved)
            angles[before, 0, 2] = 0.0
        return evolve(block, angles=Angles.of(angles), omit=(*block.omit, "redundant"))


def _of(row: NDArray[np.float64]) -> Complex:
    return _rotation("z", float(row[2])) @ _rotation("y", float(row[1])) @ _rotation("x", float(row[0]))
