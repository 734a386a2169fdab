"""Meanings of combinators, gates and the families of unitary blocks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from qcompile.ir import (
    Adjoint,
    Ansatz,
    Controlled,
    EulerRotation,
    Gate,
    GlobalPhase,
    Ladder,
    LadderFree,
    On,
    Parallel,
    PhaseLayer,
    Repeat,
    RotaryRotation,
    Rotation,
    RotationLayer,
    Router,
    Sequence,
)
from qcompile.verify.reference_core import GATES, HADAMARD, IDENTITY, Complex, apply, rotation, step

# Combinators -----------------------------------------------------------------------------------------------------


@apply.register
def _sequence(block: Sequence, columns: Complex, inverse: bool) -> Complex:
    for part in reversed(block.blocks) if inverse else block.blocks:
        columns = apply(part, columns, inverse)
    return columns


@apply.register
def _parallel(block: Parallel, columns: Complex, inverse: bool) -> Complex:
    k = columns.shape[1]
    before = 1
    for part in block.blocks:
        d = 2**part.width
        view = columns.reshape(before, d, -1)
        inner = view.transpose(1, 0, 2).reshape(d, -1)
        done = apply(part, inner, inverse).reshape(d, before, -1).transpose(1, 0, 2)
        columns = done.reshape(-1, k)
        before *= d
    return columns


@apply.register
def _repeat(block: Repeat, columns: Complex, inverse: bool) -> Complex:
    for _ in range(int(block.times)):
        columns = apply(block.block, columns, inverse)
    return columns


@apply.register
def _controlled(block: Controlled, columns: Complex, inverse: bool) -> Complex:
    d = 2 ** (block.width - block.n_controls)
    return np.concatenate([columns[:-d], apply(block.block, columns[-d:], inverse)])


@apply.register
def _adjoint(block: Adjoint, columns: Complex, inverse: bool) -> Complex:
    return apply(block.block, columns, not inverse)


@apply.register
def _on(block: On, columns: Complex, inverse: bool) -> Complex:
    n, k = block.width, len(block.qubits)
    view = np.moveaxis(columns.reshape([2] * n + [-1]), block.qubits, range(k))
    done = apply(block.block, view.reshape(2**k, -1), inverse).reshape(view.shape)
    return np.moveaxis(done, range(k), block.qubits).reshape(columns.shape)


@apply.register
def _ladder_free(block: LadderFree, columns: Complex, inverse: bool) -> Complex:
    half = len(columns) // 2
    idle = apply(block.ladders(), columns[:half], inverse)
    return np.concatenate([idle, apply(block.block, columns[half:], inverse)])


# Small blocks ----------------------------------------------------------------------------------------------------


@apply.register
def _gate(block: Gate, columns: Complex, inverse: bool) -> Complex:
    return step(columns, GATES[block.name], tuple(range(block.width)), block.width, inverse)


@apply.register
def _single(block: Rotation, columns: Complex, inverse: bool) -> Complex:
    return step(columns, rotation(block.axis, float(block.angle)), (0,), 1, inverse)


@apply.register
def _euler(block: EulerRotation, columns: Complex, inverse: bool) -> Complex:
    x, y, z = block.angles.values()
    return step(columns, rotation("z", z) @ rotation("y", y) @ rotation("x", x), (0,), 1, inverse)


@apply.register
def _rotation_layer(block: RotationLayer, columns: Complex, inverse: bool) -> Complex:
    angles, n = block.angles.values(), block.width
    for q in range(n):
        matrix = IDENTITY
        for axis, angle in zip(block.axes, angles[q], strict=True):
            matrix = rotation(axis, angle) @ matrix
        columns = step(columns, matrix, (q,), n, inverse)
    return columns


@apply.register
def _ladder(block: Ladder, columns: Complex, inverse: bool) -> Complex:
    """Permute rows by the bit formulas: y_0 = x_0, y_{j+1} = x_j + x_{j+1}, or prefix sums."""
    n = block.width
    shifts = np.arange(n)[::-1]
    x = (np.arange(2**n)[:, None] >> shifts) & 1
    y = x.copy()
    if block.order == "matrix":
        y[:, 1:] = x[:, :-1] ^ x[:, 1:]
    else:
        y = np.cumsum(x, axis=1) & 1
    to = (y << shifts).sum(axis=1)
    if inverse:
        return np.asarray(columns[to])
    out = np.empty_like(columns)
    out[to] = columns
    return out


@apply.register
def _global_phase(block: GlobalPhase, columns: Complex, inverse: bool) -> Complex:
    out: Complex = np.exp((-1j if inverse else 1j) * float(block.angle)) * columns
    return out


# Families --------------------------------------------------------------------------------------------------------


@apply.register
def _ansatz(block: Ansatz, columns: Complex, inverse: bool) -> Complex:
    """The printed product; with `omit`, the product without those factors."""
    n, count = block.width, block.angles.sizes[0]
    angles = block.angles.values()
    time_order = list(range(count))[::-1] if block.product_order == "matrix" else list(range(count))
    factors: list[Callable[[Complex], Complex]] = []
    for moment, layer in enumerate(time_order):
        matrices = []
        for q in range(n):
            m = IDENTITY
            for a, axis in enumerate(block.rotations):
                if block.keeps(moment, q, a):
                    m = rotation(axis, angles[layer, q, a]) @ m
            matrices.append(m)

        def rotate(c: Complex, matrices: list[Complex] = matrices) -> Complex:
            for q in range(n):
                c = step(c, matrices[q], (q,), n, inverse)
            return c

        def climb(c: Complex) -> Complex:
            return apply(Ladder(n, block.cnot_ladder), c, inverse)

        has_ladder = not (
            (moment == 0 and "first_ladder" in block.omit) or (moment == count - 1 and "last_ladder" in block.omit)
        )
        pair = [climb] if has_ladder else []
        factors += [*pair, rotate] if block.product_order == "matrix" else [rotate, *pair]
    for factor in reversed(factors) if inverse else factors:
        columns = factor(columns)
    return columns


@apply.register
def _phase_layer(block: PhaseLayer, columns: Complex, inverse: bool) -> Complex:
    n = block.width
    for theta in block.angles.values():  # all factors commute
        for q in range(n):
            if axis := block.axis_of(q):
                columns = step(columns, rotation(axis, theta), (q,), n, inverse)
    return columns


@apply.register
def _router(block: Router, columns: Complex, inverse: bool) -> Complex:
    n = block.width
    layers = range(block.angles.sizes[0])
    for layer in layers if inverse else reversed(layers):
        for q in range(n):
            matrix = HADAMARD @ rotation("z", float(block.angle(layer, q))) @ HADAMARD
            columns = step(columns, matrix, (q,), n, inverse)
    return columns


@apply.register
def _rotary(block: RotaryRotation, columns: Complex, inverse: bool) -> Complex:
    omega = float(block.omega)
    z = np.diag(np.exp([-0.5j * omega, 0.5j * omega]))
    x = np.array([[1, -1j], [-1j, 1]]) / np.sqrt(2)  # exp(-i pi sigma_x / 4)
    return step(columns, z @ x, (0,), 1, inverse)
