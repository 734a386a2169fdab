"""Two-qubit unitaries to native gates, in batches, at the minimum count, global phase exact.

The form is the same for every native gate N:

    U = e^{i phase} (local[n]) N(theta[n-1]) ... N(theta[0]) (local[0]),

with `local[k]` one 2x2 matrix a qubit, qubit 0 the left factor. Matrices of N are those of `qcompile.tape.opcodes`.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import numpy.typing as npt
from attrs import frozen

from qcompile.errors import InputError, nearest
from qcompile.kernels.kak import kak_vectors
from qcompile.kernels.local_gates import push_frames
from qcompile.kernels.native2q import free_xx, sqrt_iswap_chain, swap_xx_chain
from qcompile.kernels.weyl import mirrored, n_cz, n_iswap, n_rzz, n_sqrt_iswap, n_syc
from qcompile.tape import Op
from qcompile.tape.matrices import gate_matrix

__all__ = ["NATIVE_OPS", "NativeBlocks", "cost", "cost_after_swap", "decompose", "native_op"]

ComplexArray = npt.NDArray[np.complex128]
FloatArray = npt.NDArray[np.float64]
Int8Array = npt.NDArray[np.int8]

#: Names under which targets declare native gates.
NATIVE_OPS: dict[str, Op] = {
    "cz": Op.CZ,
    "cx": Op.CX,
    "ecr": Op.ECR,
    "iswap": Op.ISWAP,
    "sqrtiswap": Op.SQISWAP,
    "syc": Op.SYC,
    "rzz": Op.RZZ,
    "rxx": Op.RXX,
}
#: How one-qubit gates pass a native gate: (diagonals change qubit, half turns pass).
_FRAMES: dict[Op, tuple[int, int]] = {Op.CZ: (0, 1), Op.RZZ: (0, 0), Op.ISWAP: (1, 0), Op.SYC: (1, 0)}
_ROOT = math.sqrt(0.5)
_H = np.array([[1, 1], [1, -1]], dtype=np.complex128) * _ROOT
_S = np.diag([1, 1j]).astype(np.complex128)
_SWAP = np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], dtype=np.complex128)


@frozen(eq=False)
class NativeBlocks:
    """Decompositions of m two-qubit unitaries.

    Attributes:
        op: The native gate.
        n_native: Copies used, `int8[m]`.
        local: `complex128[m, n_max + 1, 2, 2, 2]`: slot, qubit, matrix. Slots after `n_native` are identities.
        theta: `float64[m, n_max]`, radians, in (0, pi/2] for native gates with an angle, else 0.
        phase: `float64[m]`, radians.
    """

    op: Op
    n_native: Int8Array
    local: ComplexArray
    theta: FloatArray
    phase: FloatArray

    def unitaries(self) -> ComplexArray:
        """Return the products, `complex128[m,4,4]`."""
        m = self.n_native.size
        out = np.tile(np.eye(4, dtype=np.complex128), (m, 1, 1)) * np.exp(1j * self.phase)[:, None, None]
        for slot in range(self.local.shape[1]):
            layer = np.einsum("mij,mkl->mikjl", self.local[:, slot, 0], self.local[:, slot, 1]).reshape(m, 4, 4)
            out = layer @ out
            if slot < self.theta.shape[1]:
                gates = np.array(
                    [
                        native_matrix(self.op, float(t)) if slot < n else np.eye(4)
                        for t, n in zip(self.theta[:, slot], self.n_native, strict=True)
                    ]
                ).reshape(m, 4, 4)
                out = gates @ out
        return np.asarray(out, dtype=np.complex128)


def native_op(native: Op | str) -> Op:
    """Return the operation code of a native gate named as targets name it.

    Raises:
        InputError: No decomposition into that gate is known.
    """
    if isinstance(native, str):
        if native not in NATIVE_OPS:
            raise InputError(f"is {native!r}", where="native gate", hint=nearest(native, NATIVE_OPS))
        return NATIVE_OPS[native]
    if native not in NATIVE_OPS.values():
        raise InputError(f"is {native.name}", where="native gate", hint="use one of " + ", ".join(NATIVE_OPS))
    return native


def native_matrix(op: Op, theta: float = 0.0) -> ComplexArray:
    """Return the 4x4 matrix of a native gate; `theta` is read by RZZ and RXX."""
    return gate_matrix(op, *((theta,) if op in (Op.RZZ, Op.RXX) else ()))


def cost(coords: FloatArray, native: Op | str) -> Int8Array:
    """Return the least number of native gates for each class `coords[m,3]` (canonical Weyl coordinates), `int8[m]`."""
    op = native_op(native)
    if op is Op.ISWAP:
        return n_iswap(coords)
    if op is Op.SQISWAP:
        return n_sqrt_iswap(coords)
    if op is Op.SYC:
        return n_syc(coords)
    return n_rzz(coords) if op in (Op.RZZ, Op.RXX) else n_cz(coords)


def cost_after_swap(coords: FloatArray, native: Op | str) -> Int8Array:
    """Return the least number of native gates for SWAP times each class: what absorbing a SWAP into the block would
    cost.
    """
    return cost(mirrored(coords), native)


def decompose(u: ComplexArray, native: Op | str) -> NativeBlocks:
    """Return `u[m,4,4]` as native and local gates.

    Args:
        u: Unitaries, complex128; qubit 0 is the most significant bit.
        native: Native gate, by code or by the name targets use.

    Raises:
        InputError: The gate is no native gate that this function knows.
    """
    op = native_op(native)
    u = np.ascontiguousarray(u, dtype=np.complex128).reshape(-1, 4, 4)
    coords, left, right, phase = kak_vectors(u)
    counts = cost(coords, op)
    if op in (Op.RZZ, Op.RXX):
        counts, local, theta, phase = free_xx(coords, left, right, phase, _axes(op))
    else:
        matrix = native_matrix(op)
        if op is Op.SQISWAP:
            local, phase = sqrt_iswap_chain(coords, left, right, phase, counts, matrix)
        else:
            strength, swaps, dress = _as_xx(op)
            odd = (counts % 2 == 1) & (swaps == 1)
            classes = np.where(odd[:, None], mirrored(coords), coords)
            local, phase = swap_xx_chain(coords, left, right, phase, counts, classes, matrix, strength, swaps, dress)
        theta = np.zeros((counts.size, local.shape[1] - 1))
    if op in _FRAMES:
        push_frames(local, counts, *_FRAMES[op])
    return NativeBlocks(op, counts, local, theta, np.angle(np.exp(1j * phase)))


@cache
def _as_xx(op: Op) -> tuple[float, int, ComplexArray]:
    """Return (t, s, [A0, A1, B0, B1]) with the gate = phase SWAP^s (A0 x A1) exp(i t XX) (B0 x B1)."""
    swaps = 1 if op in (Op.ISWAP, Op.SYC) else 0
    matrix = native_matrix(op)
    coords, left, right, _ = kak_vectors(np.ascontiguousarray((_SWAP @ matrix if swaps else matrix)[None]))
    return float(coords[0, 0]), swaps, np.concatenate([left[0], right[0]])


@cache
def _axes(op: Op) -> ComplexArray:
    """Return the Cliffords that turn the native axis (Z for RZZ, X for RXX) to X, Y and Z."""
    to_x = np.eye(2) if op is Op.RXX else _H
    z_to_y = np.array([[1, 1], [1j, -1j]], dtype=np.complex128) * _ROOT
    to_y = z_to_y @ _H if op is Op.RXX else z_to_y
    to_z = _H if op is Op.RXX else np.eye(2)
    return np.ascontiguousarray(np.array([to_x, to_y, to_z], dtype=np.complex128))
