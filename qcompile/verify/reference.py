"""What every block means, by linear algebra alone: numpy and the IR, never a gate list.

A block acts on the columns of an array of shape [2**n, k], qubit 0 most significant, complex128, global phase kept.
Where only the image of all zeros is meant (preparations), the rest is completed by a Householder reflection; a
comparison under the block's contract does not look at it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch

import numpy as np
from numpy.typing import NDArray

from qcompile.ir import (
    Adjoint,
    AmplitudeEncoding,
    AngleEncoding,
    Ansatz,
    BasisEncoding,
    BellMeasurement,
    Block,
    ComputeUncompute,
    Controlled,
    EulerRotation,
    Gate,
    GlobalPhase,
    HadamardTest,
    Ladder,
    LadderFree,
    On,
    Parallel,
    PhaseEncoding,
    PhaseLayer,
    Preparation,
    Readout,
    Repeat,
    RotaryRotation,
    Rotation,
    RotationLayer,
    Router,
    Sequence,
    SwapTest,
    UniformSuperposition,
)
from qcompile.ir.outcomes import outcome_distribution, outcome_value

__all__ = [
    "reference_distribution",
    "reference_probabilities",
    "reference_state",
    "reference_unitary",
    "reference_value",
]

Complex = NDArray[np.complex128]
Floats = NDArray[np.float64]

_I = np.eye(2, dtype=np.complex128)
_PAULI = {
    "x": np.array([[0, 1], [1, 0]], dtype=np.complex128),
    "y": np.array([[0, -1j], [1j, 0]], dtype=np.complex128),
    "z": np.diag([1, -1]).astype(np.complex128),
}
_H = (_PAULI["x"] + _PAULI["z"]) / np.sqrt(2)
_CX = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], dtype=np.complex128)
_SWAP = np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], dtype=np.complex128)


def _control(matrix: Complex) -> Complex:
    d = len(matrix)
    return np.block([[np.eye(d), np.zeros((d, d))], [np.zeros((d, d)), matrix]]).astype(np.complex128)


_GATES: dict[str, Complex] = {
    "h": _H,
    **_PAULI,
    "s": np.diag([1, 1j]),
    "sdg": np.diag([1, -1j]),
    "t": np.diag([1, np.exp(0.25j * np.pi)]),
    "tdg": np.diag([1, np.exp(-0.25j * np.pi)]),
    "cx": _CX,
    "cz": _control(_PAULI["z"]),
    "swap": _SWAP,
    "ccx": _control(_CX),
    "ccz": _control(_control(_PAULI["z"])),
    "cswap": _control(_SWAP),
}


def _rotation(axis: str, angle: float) -> Complex:
    """exp(-i angle P / 2) as cos - i sin P, det 1."""
    out: Complex = np.cos(angle / 2) * _I - 1j * np.sin(angle / 2) * _PAULI[axis]
    return out


def _local(columns: Complex, matrix: Complex, qubits: tuple[int, ...], n: int) -> Complex:
    """Apply a small matrix to some qubits of the columns."""
    k = len(qubits)
    view = np.moveaxis(columns.reshape([2] * n + [-1]), qubits, range(k))
    done = (matrix @ view.reshape(2**k, -1)).reshape(view.shape)
    return np.moveaxis(done, range(k), qubits).reshape(columns.shape)


def _step(columns: Complex, matrix: Complex, qubits: tuple[int, ...], n: int, inverse: bool) -> Complex:
    return _local(columns, matrix.conj().T if inverse else matrix, qubits, n)


@singledispatch
def _apply(block: Block, columns: Complex, inverse: bool) -> Complex:
    """Apply a block or its inverse to columns of shape [2**n, k]."""
    raise NotImplementedError(f"no meaning is written down for {block.title}")


def reference(kind: type[Block]) -> Callable[[Callable[..., Complex]], Callable[..., Complex]]:
    """Register the meaning of a further kind of block: `f(block, columns, inverse) -> columns`."""
    return _apply.register(kind)


def reference_unitary(block: Block) -> Complex:
    """Return the unitary of a bound block, shape [2**n, 2**n].

    Raises:
        InputError: A size or parameter is free.
    """
    return _apply(block, np.eye(2**block.width, dtype=np.complex128), False)


def reference_state(block: Block) -> Complex:
    """Return what a bound block makes of all zeros, shape [2**n]."""
    start = np.zeros((2**block.width, 1), dtype=np.complex128)
    start[0] = 1
    return _apply(block, start, False)[:, 0]


def reference_probabilities(readout: Readout) -> Floats:
    """Return the probabilities of the measured bit strings, shape [2**len(measured)]."""
    n = readout.block.width
    p = np.abs(reference_state(readout.block)) ** 2
    rest = tuple(q for q in range(n) if q not in readout.measured)
    view = p.reshape([2] * n).transpose(*readout.measured, *rest)
    return np.asarray(view.reshape(2 ** len(readout.measured), -1).sum(axis=1))


def reference_distribution(readout: Readout) -> Floats:
    """Return the distribution that the readout's contract compares, see `qcompile.ir.outcomes`."""
    return outcome_distribution(readout, reference_probabilities(readout))


def reference_value(readout: Readout) -> Floats:
    """Return the readout's exact value."""
    return outcome_value(readout, reference_distribution(readout))


# Combinators -----------------------------------------------------------------------------------------------------


@_apply.register
def _sequence(block: Sequence, columns: Complex, inverse: bool) -> Complex:
    for part in reversed(block.blocks) if inverse else block.blocks:
        columns = _apply(part, columns, inverse)
    return columns


@_apply.register
def _parallel(block: Parallel, columns: Complex, inverse: bool) -> Complex:
    k = columns.shape[1]
    before = 1
    for part in block.blocks:
        d = 2**part.width
        view = columns.reshape(before, d, -1)
        inner = view.transpose(1, 0, 2).reshape(d, -1)
        done = _apply(part, inner, inverse).reshape(d, before, -1).transpose(1, 0, 2)
        columns = done.reshape(-1, k)
        before *= d
    return columns


@_apply.register
def _repeat(block: Repeat, columns: Complex, inverse: bool) -> Complex:
    for _ in range(int(block.times)):
        columns = _apply(block.block, columns, inverse)
    return columns


@_apply.register
def _controlled(block: Controlled, columns: Complex, inverse: bool) -> Complex:
    d = 2 ** (block.width - block.n_controls)
    return np.concatenate([columns[:-d], _apply(block.block, columns[-d:], inverse)])


@_apply.register
def _adjoint(block: Adjoint, columns: Complex, inverse: bool) -> Complex:
    return _apply(block.block, columns, not inverse)


@_apply.register
def _on(block: On, columns: Complex, inverse: bool) -> Complex:
    n, k = block.width, len(block.qubits)
    view = np.moveaxis(columns.reshape([2] * n + [-1]), block.qubits, range(k))
    done = _apply(block.block, view.reshape(2**k, -1), inverse).reshape(view.shape)
    return np.moveaxis(done, range(k), block.qubits).reshape(columns.shape)


@_apply.register
def _ladder_free(block: LadderFree, columns: Complex, inverse: bool) -> Complex:
    half = len(columns) // 2
    idle = _apply(block.ladders(), columns[:half], inverse)
    return np.concatenate([idle, _apply(block.block, columns[half:], inverse)])


# Small blocks ----------------------------------------------------------------------------------------------------


@_apply.register
def _gate(block: Gate, columns: Complex, inverse: bool) -> Complex:
    return _step(columns, _GATES[block.name], tuple(range(block.width)), block.width, inverse)


@_apply.register
def _single(block: Rotation, columns: Complex, inverse: bool) -> Complex:
    return _step(columns, _rotation(block.axis, float(block.angle)), (0,), 1, inverse)


@_apply.register
def _euler(block: EulerRotation, columns: Complex, inverse: bool) -> Complex:
    x, y, z = block.angles.values()
    return _step(columns, _rotation("z", z) @ _rotation("y", y) @ _rotation("x", x), (0,), 1, inverse)


@_apply.register
def _rotation_layer(block: RotationLayer, columns: Complex, inverse: bool) -> Complex:
    angles, n = block.angles.values(), block.width
    for q in range(n):
        matrix = _I
        for axis, angle in zip(block.axes, angles[q], strict=True):
            matrix = _rotation(axis, angle) @ matrix
        columns = _step(columns, matrix, (q,), n, inverse)
    return columns


@_apply.register
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


@_apply.register
def _global_phase(block: GlobalPhase, columns: Complex, inverse: bool) -> Complex:
    out: Complex = np.exp((-1j if inverse else 1j) * float(block.angle)) * columns
    return out


# Families --------------------------------------------------------------------------------------------------------


@_apply.register
def _ansatz(block: Ansatz, columns: Complex, inverse: bool) -> Complex:
    """The printed product; with `omit`, the product without those factors."""
    n, count = block.width, block.angles.sizes[0]
    angles = block.angles.values()
    time_order = list(range(count))[::-1] if block.product_order == "matrix" else list(range(count))
    factors: list[Callable[[Complex], Complex]] = []
    for step, layer in enumerate(time_order):
        matrices = []
        for q in range(n):
            m = _I
            for a, axis in enumerate(block.rotations):
                if block.keeps(step, q, a):
                    m = _rotation(axis, angles[layer, q, a]) @ m
            matrices.append(m)

        def rotate(c: Complex, matrices: list[Complex] = matrices) -> Complex:
            for q in range(n):
                c = _step(c, matrices[q], (q,), n, inverse)
            return c

        def climb(c: Complex) -> Complex:
            return _ladder(Ladder(n, block.cnot_ladder), c, inverse)

        has_ladder = not (
            (step == 0 and "first_ladder" in block.omit) or (step == count - 1 and "last_ladder" in block.omit)
        )
        pair = [climb] if has_ladder else []
        factors += [*pair, rotate] if block.product_order == "matrix" else [rotate, *pair]
    for factor in reversed(factors) if inverse else factors:
        columns = factor(columns)
    return columns


@_apply.register
def _phase_layer(block: PhaseLayer, columns: Complex, inverse: bool) -> Complex:
    n = block.width
    for theta in block.angles.values():  # all factors commute
        for q in range(n):
            if axis := block.axis_of(q):
                columns = _step(columns, _rotation(axis, theta), (q,), n, inverse)
    return columns


@_apply.register
def _router(block: Router, columns: Complex, inverse: bool) -> Complex:
    n = block.width
    layers = range(block.angles.sizes[0])
    for layer in layers if inverse else reversed(layers):
        for q in range(n):
            matrix = _H @ _rotation("z", float(block.angle(layer, q))) @ _H
            columns = _step(columns, matrix, (q,), n, inverse)
    return columns


@_apply.register
def _rotary(block: RotaryRotation, columns: Complex, inverse: bool) -> Complex:
    omega = float(block.omega)
    z = np.diag(np.exp([-0.5j * omega, 0.5j * omega]))
    x = np.array([[1, -1j], [-1j, 1]]) / np.sqrt(2)  # exp(-i pi sigma_x / 4)
    return _step(columns, z @ x, (0,), 1, inverse)


# Preparations ----------------------------------------------------------------------------------------------------


def _state_of(block: Preparation) -> Complex:
    n = block.width
    out = np.zeros(2**n, dtype=np.complex128)
    if isinstance(block, AmplitudeEncoding | PhaseEncoding):
        data = block.vector.instance(0).data
        assert data is not None
        x = np.asarray(data)
        if isinstance(block, PhaseEncoding):
            phi = np.angle(x.real + 1j * block.epsilon)
            phi = phi if block.theta is None else phi + block.theta.values()
            x = np.abs(x) * np.exp(1j * phi)
        scale = np.abs(x).max()
        out[: x.size] = (x / scale) / np.sqrt(np.sum(np.abs(x / scale) ** 2))
    elif isinstance(block, BasisEncoding):
        out[block.index] = 1
    elif isinstance(block, UniformSuperposition):
        out[: int(block.size)] = 1 / np.sqrt(int(block.size))
    elif isinstance(block, AngleEncoding):
        out = np.ones(1, dtype=np.complex128)
        for angle in block.angles.values():
            out = np.kron(out, _rotation(block.axis, angle)[:, 0])
    else:
        out = block.state()
    return out


@_apply.register
def _preparation(block: Preparation, columns: Complex, inverse: bool) -> Complex:
    """exp(i a) times the reflection that takes all zeros to exp(-i a) psi, a = arg psi_0."""
    psi = _state_of(block)
    phase = psi[0] / abs(psi[0]) if abs(psi[0]) > 0 else 1.0
    v = -psi * np.conj(phase)
    # 1 - |psi_0| without cancellation, so that states close to all zeros keep their accuracy.
    v[0] = float(np.sum(np.abs(psi[1:]) ** 2)) / (1 + abs(psi[0]))
    norm = np.vdot(v, v).real
    if norm > 0:
        columns = columns - np.outer(v, (2 / norm) * (v.conj() @ columns))
    out: Complex = (np.conj(phase) if inverse else phase) * columns
    return out


# Overlap circuits: their meaning is that of the textbook circuit, whichever way they are made ----------------------


@_apply.register
def _compute_uncompute(block: ComputeUncompute, columns: Complex, inverse: bool) -> Complex:
    return _apply(block.expand(), columns, inverse)


@_apply.register
def _hadamard_test(block: HadamardTest, columns: Complex, inverse: bool) -> Complex:
    n = block.width
    h = Gate("h").on(0, of=n)
    middle: list[Block] = [Controlled(block.inner())]
    if block.part == "imag":
        middle.append(Gate("sdg").on(0, of=n))
    return _sequence(Sequence((h, *middle, h), n_qubits=n), columns, inverse)


@_apply.register
def _swap_test(block: SwapTest, columns: Complex, inverse: bool) -> Complex:
    return _apply(block.expand(), columns, inverse)


@_apply.register
def _bell(block: BellMeasurement, columns: Complex, inverse: bool) -> Complex:
    return _apply(block.expand(), columns, inverse)
