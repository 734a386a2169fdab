"""Any unitary as CX and one-qubit gates: quantum Shannon synthesis in its block-ZXZ form.

CX counts for generic unitaries: 0, 3, 19, 95, 423 at n = 1 to 5, that is (22/48) 4^n - (3/2) 2^n + 5/3 from n = 2 on:
4 C(n-1) + 3 2^(n-1) - 2 CX by recursion with C(2) = 3, less one for every two-qubit gate but the first, which hands a
diagonal to its predecessor.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from attrs import frozen

from qcompile.errors import InputError
from qcompile.synthesis.block_zxz import block_zxz, complete, demultiplex, split_zz
from qcompile.synthesis.emit import add_one_qubit, add_rotation, add_two_qubit
from qcompile.synthesis.multiplexed import parity_steps
from qcompile.tape import Op, Tape, TapeBuilder

__all__ = ["add_isometry", "add_unitary", "check_unitary", "unitary"]

ComplexArray = npt.NDArray[np.complex128]
FloatArray = npt.NDArray[np.float64]


@frozen(eq=False)
class _Block:
    """A unitary on one qubit or on the two least significant qubits of the recursion."""

    matrix: ComplexArray


@frozen
class _Rotation:
    """Rz(angle) on a qubit (offset from the first), or a Hadamard when `angle` is None."""

    qubit: int
    angle: float | None


@frozen
class _Flip:
    """CX from a control to a target (offsets)."""

    control: int
    target: int


_Item = _Block | _Rotation | _Flip


def unitary(matrix: ComplexArray) -> Tape:
    """Return a tape with exactly this unitary, phase included: at most 0, 3, 19, 95, 423 CX on 1, 2, 3, 4, 5 qubits.

    Raises:
        InputError: The matrix is not square with 2^n rows, or not unitary within 1e-8.
    """
    matrix = check_unitary(matrix)
    n = matrix.shape[0].bit_length() - 1
    builder = TapeBuilder(n)
    add_unitary(builder, matrix, range(n))
    return builder.build()


def check_unitary(matrix: npt.ArrayLike) -> ComplexArray:
    """Return the matrix as complex128 after checking that it is a unitary on qubits."""
    out = np.asarray(matrix, dtype=np.complex128)
    if out.ndim != 2 or out.shape[0] != out.shape[1] or out.shape[0] & (out.shape[0] - 1) or out.shape[0] == 0:
        raise InputError(f"has shape {out.shape}", where="unitary", hint="use a square matrix with 2^n rows")
    if not np.isfinite(out).all() or np.abs(out @ out.conj().T - np.eye(len(out))).max() > 1e-8:
        raise InputError("is not unitary", where="unitary", hint="the rows must be orthonormal within 1e-8")
    return out


def add_unitary(builder: TapeBuilder, matrix: ComplexArray, qubits: Sequence[int]) -> None:
    """Append a unitary on `qubits` (first most significant)."""
    items: list[_Item] = []
    _shannon(matrix, 0, 0, items)
    _emit(builder, items, qubits)


def add_isometry(builder: TapeBuilder, columns: ComplexArray, qubits: Sequence[int], *, free: bool) -> FloatArray:
    """Append a circuit that maps the input |0...0>|i> to columns[:, i]; what it does to other inputs is left open.

    Args:
        builder: Where the gates go.
        columns: `complex128[2^k, 2^m]`, orthonormal.
        qubits: k qubits, first most significant; the input index i is on the last m.
        free: Leave out a diagonal on the input, for callers who can put it into the state before.

    Returns:
        The phases `float64[2^m]` that the caller still has to apply to |i> first; zeros when `free` is False.
    """
    m = columns.shape[1].bit_length() - 1
    zeros = len(qubits) - m
    items: list[_Item] = []
    _shannon(complete(columns), 0, zeros, items)
    lead = _emit(builder, items, qubits, free=free)
    # The leading diagonal lies on the last two qubits; where one of them starts in zero only its first half counts.
    pair = min(len(qubits), 2)
    if lead is None:
        return np.zeros(1 << m)
    if m >= pair:
        return np.tile(lead, 1 << (m - pair))
    return lead[: 1 << m].copy()


def _shannon(u: ComplexArray, first: int, zeros: int, items: list[_Item]) -> None:
    """Append the circuit of u on qubits from `first` on, in time order; the first `zeros` of them start in zero."""
    size = u.shape[0]
    if size <= 4:
        items.append(_Block(u))
        return
    a1, a2, b, c = block_zxz(u)
    va, angles_a, wa = demultiplex(a1, a2)
    if zeros:
        # On |0> the controlled C does nothing, and the recursion below sees one zero less.
        m0, m1 = wa, wa @ b
        angles_c = None
    else:
        vc, angles_c, wc = demultiplex(np.eye(size // 2, dtype=np.complex128), c)
        _shannon(wc, first + 1, 0, items)
        m0, m1 = wa @ vc, wa @ b @ vc
        closing = _rz_steps(angles_c, first, items, closes=False, mirrored=False)
        # The CNOTs left out are CZ on the other side of the Hadamard: signs inside the multiplexer between them.
        m1 = m1 * _signs(size // 2, closing)[None, :]
    items.append(_Rotation(first, None))
    steps_a: list[_Item] = []
    closing = _rz_steps(angles_a, first, steps_a, closes=False, mirrored=True)
    m1 = _signs(size // 2, closing)[:, None] * m1
    vb, angles_b, wb = demultiplex(m0, m1)
    _shannon(wb, first + 1, max(zeros - 1, 0), items)
    _rz_steps(angles_b, first, items, closes=True, mirrored=False)
    _shannon(vb, first + 1, 0, items)
    items.append(_Rotation(first, None))
    items.extend(steps_a)
    _shannon(va, first + 1, 0, items)


def _signs(size: int, mask: int) -> FloatArray:
    """Return (-1)^(x.mask) for x below `size`."""
    return np.array([-1.0 if (x & mask).bit_count() % 2 else 1.0 for x in range(size)])


def _rz_steps(angles: FloatArray, target: int, items: list[_Item], *, closes: bool, mirrored: bool) -> int:
    """Append a multiplexed Rz on `target`, controls the qubits after it; leave out the closing CNOTs and return
    their mask unless `closes`.
    """
    k = len(angles).bit_length() - 1
    steps, closing = parity_steps(angles)
    sequence: list[_Item] = []
    for flips, angle in steps:
        sequence += _flips(flips, k, target)
        sequence.append(_Rotation(target, float(angle)))
    if closes:
        sequence += _flips(closing, k, target)
    items.extend(reversed(sequence) if mirrored else sequence)
    return 0 if closes else closing


def _flips(mask: int, k: int, target: int) -> list[_Item]:
    """Return the CNOTs from the masked controls, most significant control first in the register."""
    return [_Flip(target + k - bit, target) for bit in range(k) if mask >> bit & 1]


def _emit(
    builder: TapeBuilder, items: Sequence[_Item], qubits: Sequence[int], *, free: bool = False
) -> FloatArray | None:
    """Append the items; each two-qubit block hands a diagonal to the one before it, the first one returns its own
    when `free`.

    Between two blocks on the last pair every gate commutes with diagonals of that pair: it is the control of CNOTs
    there.
    """
    blocks = [k for k, item in enumerate(items) if isinstance(item, _Block)]
    matrices = {k: item.matrix for k, item in enumerate(items) if isinstance(item, _Block)}
    lead: FloatArray | None = None
    if matrices[blocks[0]].shape[0] == 4:
        for place in range(len(blocks) - 1, -1, -1):
            if place == 0 and not free:
                break
            reduced, phases = split_zz(matrices[blocks[place]])
            matrices[blocks[place]] = reduced
            if place:
                matrices[blocks[place - 1]] = np.exp(1j * phases)[:, None] * matrices[blocks[place - 1]]
            else:
                lead = phases
    for k, item in enumerate(items):
        if isinstance(item, _Flip):
            builder.add(Op.CX, qubits[item.control], qubits[item.target])
        elif isinstance(item, _Rotation):
            if item.angle is None:
                builder.add(Op.H, qubits[item.qubit])
            else:
                add_rotation(builder, "z", qubits[item.qubit], item.angle)
        elif matrices[k].shape[0] == 4:
            add_two_qubit(builder, qubits[-2], qubits[-1], [matrices[k]])
        elif matrices[k].shape[0] == 2:
            add_one_qubit(builder, qubits[-1], matrices[k])
        else:
            builder.phase = builder.phase + float(np.angle(matrices[k][0, 0]))
    return lead
