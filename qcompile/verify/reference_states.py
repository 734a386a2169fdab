"""Meanings of preparations and of the circuits that read overlaps."""

from __future__ import annotations

import numpy as np

from qcompile.ir import (
    AmplitudeEncoding,
    AngleEncoding,
    BasisEncoding,
    BellMeasurement,
    Block,
    ComputeUncompute,
    Controlled,
    Gate,
    HadamardTest,
    PhaseEncoding,
    Preparation,
    QuantumExpert,
    Sequence,
    SwapTest,
    UniformSuperposition,
)
from qcompile.verify.reference_core import Complex, apply, rotation

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
            out = np.kron(out, rotation(block.axis, angle)[:, 0])
    else:
        out = block.state()
    return out


@apply.register
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


@apply.register
def _compute_uncompute(block: ComputeUncompute, columns: Complex, inverse: bool) -> Complex:
    return apply(block.expand(), columns, inverse)


@apply.register
def _hadamard_test(block: HadamardTest, columns: Complex, inverse: bool) -> Complex:
    n = block.width
    h = Gate("h").on(0, of=n)
    rest = [*range(1, n - block.copies)]
    middle: list[Block] = [Controlled(block.inner()).on(0, *rest, of=n)]
    if block.part == "imag":
        middle.append(Gate("sdg").on(0, of=n))
    return apply(Sequence((h, *middle, h), n_qubits=n), columns, inverse)


@apply.register
def _swap_test(block: SwapTest, columns: Complex, inverse: bool) -> Complex:
    return apply(block.expand(), columns, inverse)


@apply.register
def _bell(block: BellMeasurement, columns: Complex, inverse: bool) -> Complex:
    return apply(block.expand(), columns, inverse)


@apply.register
def _expert(block: QuantumExpert, columns: Complex, inverse: bool) -> Complex:
    parts = (block.ansatz, block.token) if inverse else (block.token, block.ansatz)
    for part in parts:
        columns = apply(part, columns, inverse)
    return columns
