"""Logical error rate of a rotated surface-code memory by exact enumeration (hypothesis H2, eq. 2)."""

from __future__ import annotations

import numpy as np

from qcompile.errors import InputError

__all__ = ["checks_of_rotated_code", "code_capacity_error"]

_LARGEST = 5  # 2^((d^2 + 1) / 2) classes: 8192 at 5, 33 million at 7


def checks_of_rotated_code(distance: int) -> tuple[tuple[int, ...], ...]:
    """Return the data qubits of every Z check of the rotated surface code, data qubit (row, column) at row d + column.

    Faces of the grid in a checkerboard; half faces of the other colour close the top and bottom rows.
    """
    d = distance
    faces = []
    for row in range(-1, d):
        for column in range(-1, d):
            inside = [(r, c) for r in (row, row + 1) for c in (column, column + 1) if 0 <= r < d and 0 <= c < d]
            at_side = column in (-1, d - 1)
            if (row + column) % 2 == 0 and len(inside) >= 2 and not at_side:
                faces.append(tuple(r * d + c for r, c in inside))
    return tuple(faces)


def code_capacity_error(distance: int, p: float) -> float:
    """Return the logical error rate for independent bit flips, perfect checks and the best possible decoder.

    Every data qubit flips with probability p; the distribution over (syndrome, logical class) is followed qubit by
    qubit, and the decoder takes the likelier class of each syndrome. Errors of the checks and of their circuits, which
    a real memory has, are left out: it is the kindest model there is.

    Args:
        distance: 3 or 5.
        p: Probability of a flip, 0 to 1/2.

    Raises:
        InputError: Out of range.
    """
    if distance % 2 == 0 or not 3 <= distance <= _LARGEST:
        raise InputError(f"is {distance}", where="distance", hint="use 3 or 5: exact enumeration ends there")
    if not 0 <= p <= 0.5:
        raise InputError(f"is {p}", where="p", hint="use a probability from 0 to 1/2")
    checks = checks_of_rotated_code(distance)
    classes = np.zeros(2 ** (len(checks) + 1))
    classes[0] = 1.0
    index = np.arange(classes.size)
    # A logical Z runs down the first column: an odd number of flips there is the other class.
    for qubit in range(distance**2):
        mask = sum(2 ** (k + 1) for k, check in enumerate(checks) if qubit in check) + (qubit % distance == 0)
        classes = (1 - p) * classes + p * classes[index ^ mask]
    return float(classes.reshape(-1, 2).min(axis=1).sum())
