"""Layers of rotations that follow one another or repeat, and overlaps of product states."""

from __future__ import annotations

import cmath
import math
from typing import ClassVar

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from qcompile.ir.angles import Angles
from qcompile.ir.block import Block
from qcompile.ir.combinators import Parallel, Repeat, Sequence
from qcompile.ir.contract import ContractKind
from qcompile.ir.cost import CostModel
from qcompile.ir.encoding import AngleEncoding, BasisEncoding, UniformSuperposition
from qcompile.ir.gates import EulerRotation, Rotation, RotationLayer
from qcompile.ir.layers import PhaseLayer, RotaryRotation, Router
from qcompile.ir.overlap import ComputeUncompute, HadamardTest, primitives
from qcompile.ir.program import ClosedForm
from qcompile.ir.readout import Readout
from qcompile.ir.rules.base import BlockRule, ReadoutRule
from qcompile.tape.expr import Expr

__all__ = ["FoldProductStates", "MergeNeighbourLayers", "MergeRepeatedLayer"]

Complex = NDArray[np.complex128]


@frozen
class MergeRepeatedLayer(BlockRule):
    """A layer of rotations about one axis, repeated with shared angles, is one layer with multiplied angles.

    Proof: rotations of one qubit about one axis commute and their angles add: R_P(t)^k = R_P(k t), phase included.
    """

    id: ClassVar[str] = "P8"
    name: ClassVar[str] = "merge-repeated-layer"
    keeps: ClassVar[ContractKind] = ContractKind.UNITARY
    when: ClassVar[str] = "a rotation, a phase layer, or a layer of rotations about one axis, repeated a known number"

    def rewrite(self, block: Block, cost_model: CostModel) -> Block | None:
        """Return the single layer."""
        if not isinstance(block, Repeat) or not isinstance(block.times, int) or block.times < 2:
            return None
        one, times = block.block, float(block.times)
        if isinstance(one, Rotation):
            return evolve(one, angle=one.angle * times)
        if isinstance(one, PhaseLayer) and isinstance(one.layers, int):
            return evolve(one, angles=Angles.of([angle * times for angle in one.angles]))
        if isinstance(one, RotationLayer) and len(one.axes) == 1 and isinstance(one.n_qubits, int):
            return evolve(one, angles=Angles.of([[one.angles[q, 0] * times] for q in range(one.n_qubits)]))
        return None


@frozen
class MergeNeighbourLayers(BlockRule):
    """Two layers of rotations that meet at one axis share it: their angles add.

    Proof: on each qubit the last rotation of the first layer and the first of the second are about the same axis, so
    they commute and add; the layers act on different qubits independently.
    """

    id: ClassVar[str] = "P9"
    name: ClassVar[str] = "merge-neighbour-layers"
    keeps: ClassVar[ContractKind] = ContractKind.UNITARY
    when: ClassVar[str] = (
        "in a sequence, neighbouring layers of rotations that meet at one axis, one of them of that only"
    )

    def rewrite(self, block: Block, cost_model: CostModel) -> Block | None:
        """Return the sequence with the first such pair merged."""
        if not isinstance(block, Sequence):
            return None
        parts = block.blocks
        for k in range(len(parts) - 1):
            if (merged := _merged(parts[k], parts[k + 1])) is not None:
                return Sequence((*parts[:k], merged, *parts[k + 2 :]), n_qubits=block.n_qubits)
        return None


def _merged(one: Block, two: Block) -> RotationLayer | None:
    if not isinstance(one, RotationLayer) or not isinstance(two, RotationLayer) or not isinstance(one.n_qubits, int):
        return None
    if one.axes[-1] != two.axes[0] or min(len(one.axes), len(two.axes)) > 1:
        return None
    axes = one.axes + two.axes[1:]
    rows = []
    for q in range(one.n_qubits):
        first = [one.angles[q, k] for k in range(len(one.axes))]
        second = [two.angles[q, k] for k in range(len(two.axes))]
        rows.append([*first[:-1], first[-1] + second[0], *second[1:]])
    return RotationLayer(one.n_qubits, axes, Angles.of(rows))


@frozen
class FoldProductStates(ReadoutRule):
    """An overlap of product states through one-qubit gates is a product of numbers: no circuit at any width.

    Proof: <out; U; in> of tensor products is the product of the qubits' <out_q; U_q; in_q>, 2x2 linear algebra each.
    """

    id: ClassVar[str] = "P10"
    name: ClassVar[str] = "fold-product-states"
    keeps: ClassVar[ContractKind] = ContractKind.OUTCOMES
    when: ClassVar[str] = (
        "compute-uncompute or a Hadamard test between angle-encoded, basis, all-plus or all-zero states through "
        "one-qubit rotations, all numbers known"
    )

    def rewrite(self, readout: Readout, cost_model: CostModel) -> ClosedForm | None:
        """Return the squared modulus, or the real or imaginary part."""
        block = readout.block
        if not isinstance(block, ComputeUncompute | HadamardTest) or block.parameters or block.sizes:
            return None
        one, two = _qubit_states(block.prep_in), _qubit_states(block.prep_out)
        if one is None or two is None:
            return None
        for part in primitives(block.unitary):
            turns = _turns(part)
            if turns is None:
                return None
            one = np.einsum("qab,qb->qa", turns, one)
        overlap = complex(np.prod(np.einsum("qa,qa->q", two.conj(), one)))
        value = abs(overlap) ** 2
        if isinstance(block, HadamardTest):
            value = overlap.real if block.part == "real" else overlap.imag
        return ClosedForm(
            readout.name,
            Expr(value),
            reason="a product of one-qubit overlaps",
            equation=readout.equation,
            runs=readout.runs,
        )


def _qubit_states(block: Block) -> Complex | None:
    """Return the state of each qubit of a product preparation, shape [n, 2]; None for other blocks."""
    n = block.width
    out = np.zeros((n, 2), dtype=np.complex128)
    if isinstance(block, Sequence) and not block.blocks:
        out[:, 0] = 1
    elif isinstance(block, BasisEncoding):
        out[range(n), [block.index >> (n - 1 - q) & 1 for q in range(n)]] = 1
    elif isinstance(block, UniformSuperposition) and block.is_full:
        out[:] = math.sqrt(0.5)
    elif isinstance(block, AngleEncoding):
        out = np.array([_turn(block.axis, angle)[:, 0] for angle in block.angles])
    elif isinstance(block, Parallel):
        parts = [_qubit_states(part) for part in block.blocks]
        known = [part for part in parts if part is not None]
        return np.concatenate(known) if len(known) == len(parts) else None
    else:
        return None
    return out


def _turns(block: Block) -> Complex | None:
    """Return the 2x2 matrix of each qubit, shape [n, 2, 2]; None for blocks that entangle or are not known."""
    n = block.width
    identity = np.eye(2, dtype=np.complex128)
    if isinstance(block, RotationLayer):
        out = [identity] * n
        for q in range(n):
            for k, axis in enumerate(block.axes):
                out[q] = _turn(axis, block.angles[q, k]) @ out[q]
        return np.array(out)
    if isinstance(block, PhaseLayer):
        total = block.angles.total()[()]
        return np.array([_turn(axis, total) if (axis := block.axis_of(q)) else identity for q in range(n)])
    if isinstance(block, Router):
        sums = block.angles.total()
        return np.array([_turn("x", sums[()] if block.is_shared else sums[q]) for q in range(n)])
    if isinstance(block, Rotation):
        return _turn(block.axis, block.angle)[None]
    if isinstance(block, EulerRotation):
        x, y, z = (_turn(axis, block.angles[k]) for k, axis in enumerate("xyz"))
        return (z @ y @ x)[None]
    if isinstance(block, RotaryRotation):
        return (_turn("z", block.omega) @ _turn("x", Expr(math.pi / 2)))[None]
    return None


def _turn(axis: str, angle: Expr) -> Complex:
    half = float(angle) / 2
    c, s = math.cos(half), math.sin(half)
    rows = {
        "x": [[c, -1j * s], [-1j * s, c]],
        "y": [[c, -s], [s, c]],
        "z": [[cmath.exp(-1j * half), 0], [0, cmath.exp(1j * half)]],
    }
    return np.array(rows[axis], dtype=np.complex128)
