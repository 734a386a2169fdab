"""The uniform superposition of the first N basis states, without ancillas (Shukla, Vedula 2024)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qcompile.errors import InputError
from qcompile.tape import Op, Tape, TapeBuilder

__all__ = ["add_uniform", "n_cz_uniform", "prepare_uniform"]


def prepare_uniform(size: int) -> Tape:
    """Return a tape that takes |0...0> to the sum of |0> to |size - 1> over sqrt(size), on max(1, ceil(log2 size))
    qubits.

    Raises:
        InputError: `size` is below 1.

    >>> prepare_uniform(6).is_two_qubit.sum()
    np.int64(1)
    """
    if size < 1:
        raise InputError(f"is {size}", where="size of the superposition", hint="use an integer from 1")
    n = max(1, (size - 1).bit_length())
    builder = TapeBuilder(n)
    add_uniform(builder, size, range(n))
    return builder.build()


def n_cz_uniform(size: int) -> int:
    """Return the number of CZ of `prepare_uniform(size)`: (highest - lowest set bit) + (set bits - 2), 0 for powers
    of two.
    """
    if size & (size - 1) == 0:
        return 0
    return (size.bit_length() - 1) - ((size & -size).bit_length() - 1) + size.bit_count() - 2


def add_uniform(builder: TapeBuilder, size: int, qubits: Sequence[int]) -> None:
    """Append the preparation on `qubits` (first most significant), all in zero before; 2^len(qubits) >= size.

    With set bits l_0 < l_1 < ... of N: the branch in which bits l_1, l_2, ... are all 1 holds the last 2^l_0 states.
    Each
    further set bit, rotated from 1 to 0 in the branch where the one below it is 0, opens a block of 2^l states, whose
    free
    bits are filled by Hadamards. Targets are known there, so every controlled gate may be a reflection: one CZ.
    """
    bits = [b for b in range(size.bit_length()) if size >> b & 1]
    wire = list(reversed(qubits))
    for b in bits[1:]:
        builder.add(Op.X, wire[b])
    for b in range(bits[0]):
        builder.add(Op.H, wire[b])
    left = size
    for k in range(1, len(bits)):
        # The block below keeps 2^l of the `left` states; the reflection takes |1> to sqrt(share)|1> + sqrt(1 -
        # share)|0>.
        theta = math.acos(math.sqrt((1 << bits[k - 1]) / left))
        if k == 1:
            builder.add(Op.RY, wire[bits[k]], angles=[-2.0 * theta])
        else:
            _reflected_where_zero(builder, wire[bits[k - 1]], wire[bits[k]], math.pi - theta)
        left -= 1 << bits[k - 1]
        for b in range(bits[k - 1], bits[k]):
            _reflected_where_zero(builder, wire[bits[k]], wire[b], 0.25 * math.pi)


def _reflected_where_zero(builder: TapeBuilder, control: int, target: int, angle: float) -> None:
    """Append Ry(angle) Z Ry(-angle) on the target where the control is 0: CZ and a plain Z give the open control."""
    builder.add(Op.RY, target, angles=[-angle])
    builder.add(Op.Z, target)
    builder.add(Op.CZ, control, target)
    builder.add(Op.RY, target, angles=[angle])
