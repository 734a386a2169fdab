"""Meanings of the Fourier transform, reflections, amplitude estimation and phase exploration."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qcompile.ir import QFT, AmplitudeEstimation, BasisPhase, GroverOperator, PhaseEstimation, PhaseExploration
from qcompile.verify.reference_core import HADAMARD, Complex, apply, step


@apply.register
def _qft(block: QFT, columns: Complex, inverse: bool) -> Complex:
    """The matrix exp(2 pi i j k / N) / sqrt N; with a cutoff the product of the phases that are kept."""
    n = block.width
    backward = block.is_inverse != inverse
    if not block.cutoff:
        # numpy's ifft has the sign + and the factor 1 / N.
        return np.fft.fft(columns, axis=0, norm="ortho") if backward else np.fft.ifft(columns, axis=0, norm="ortho")
    index = np.arange(2**n)
    bits = (index[:, None] >> np.arange(n)[::-1]) & 1
    reverse = (bits << np.arange(n)).sum(axis=1)
    unitary = np.eye(2**n, dtype=np.complex128)
    for a in range(n):
        unitary = step(unitary, HADAMARD, (a,), n, False)
        for b in range(a + 1, n):
            if (a, b) in block.angles():
                unitary = np.exp(1j * block.angles()[a, b] * bits[:, a] * bits[:, b])[:, None] * unitary
    unitary = unitary[reverse]
    out: Complex = (unitary.conj().T if backward else unitary) @ columns
    return out


@apply.register
def _basis_phase(block: BasisPhase, columns: Complex, inverse: bool) -> Complex:
    out = columns.copy()
    out[block.index] *= np.exp((-1j if inverse else 1j) * float(block.angle))
    return out


def _good(pairs: tuple[tuple[int, int], ...], n: int) -> NDArray[np.bool_]:
    index = np.arange(2**n)
    out = np.ones(2**n, dtype=bool)
    for qubit, bit in pairs:
        out &= (index >> (n - 1 - qubit) & 1) == bit
    return out


def _grover_matrix(block: GroverOperator) -> Complex:
    """(2 psi psi^dagger - 1) (1 - 2 P_good), psi = A on all zeros."""
    n = block.width
    start = np.zeros((2**n, 1), dtype=np.complex128)
    start[0] = 1
    psi = apply(block.preparation, start, False)
    about = 2 * psi @ psi.conj().T - np.eye(2**n)
    out: Complex = about * np.where(_good(block.good, n), -1.0, 1.0)[None, :]
    return out


@apply.register
def _grover(block: GroverOperator, columns: Complex, inverse: bool) -> Complex:
    matrix = _grover_matrix(block)
    out: Complex = (matrix.conj().T if inverse else matrix) @ columns
    return out


def _estimate(columns: Complex, m: int, walls: Complex, power: Complex) -> Complex:
    """Superpose the phase register, apply `power`^j for its value j, then the inverse transform."""
    d = len(power)
    state = np.zeros((2**m, d, columns.shape[1]), dtype=np.complex128)
    view = columns.reshape(2**m, d, -1)
    signs = np.array([[(-1) ** (int(j) & int(k)).bit_count() for k in range(2**m)] for j in range(2**m)])
    spread = np.einsum("jk,kdc->jdc", signs / np.sqrt(2**m), view)
    matrix = walls
    for j in range(2**m):
        state[j] = matrix @ spread[j]
        matrix = power @ matrix
    out: Complex = np.fft.fft(state, axis=0, norm="ortho").reshape(columns.shape)
    return out


@apply.register
def _amplitude_estimation(block: AmplitudeEstimation, columns: Complex, inverse: bool) -> Complex:
    if inverse:
        raise NotImplementedError("amplitude estimation is a readout: it has no inverse here")
    n = block.preparation.width
    walls = apply(block.preparation, np.eye(2**n, dtype=np.complex128), False)
    return _estimate(columns, block.n_phase, walls, _grover_matrix(block.grover))


@apply.register
def _phase_estimation(block: PhaseEstimation, columns: Complex, inverse: bool) -> Complex:
    if inverse:
        raise NotImplementedError("phase estimation is a readout: it has no inverse here")
    power = np.diag(np.exp([1j * block.angle, -1j * block.angle]))
    return _estimate(columns, block.n_phase, HADAMARD, power)


@apply.register
def _exploration(block: PhaseExploration, columns: Complex, inverse: bool) -> Complex:
    """1 + sum_k (exp(i t_k) - 1) P_k; for one-hot states a diagonal of phases, one for each 1."""
    n, angles = block.width, block.angles.values()
    sign = -1j if inverse else 1j
    if not block.states:
        index = np.arange(2**n)
        total = sum((index >> (n - 1 - k) & 1) * angles[k] for k in range(len(angles)))
        return np.asarray(np.exp(sign * total)[:, None] * columns)
    out = columns.copy()
    for vector, angle in zip(block.states, angles, strict=True):
        data = np.zeros(2**n, dtype=np.complex128)
        raw = np.asarray(vector.data)
        data[: raw.size] = raw / np.linalg.norm(raw)
        out += np.outer(data, (np.exp(sign * angle) - 1) * (data.conj() @ columns))
    return out
