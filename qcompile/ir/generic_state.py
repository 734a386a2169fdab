"""What a generic state costs: the gates of the cheapest cut into Schmidt coefficients and two isometries (no data).

A state of n qubits takes the state of its 2^m coefficients, m CNOT and an isometry on each side of the cut (Plesch,
Brukner 2011); an isometry is written by block-ZXZ steps down to two-qubit gates of two CNOT and six rotations each.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from attrs import frozen

from qcompile.ir.gates import depth_of_pairs, gray_walk
from qcompile.ir.sizes import Size
from qcompile.ir.tabulated import tabulated

__all__ = ["state_cnots", "state_depth", "state_fixed", "state_rotations"]

Pairs = Iterator[tuple[int, int]]

_WALKED = 14


@frozen
class _Cost:
    """CNOT, rotations and Hadamards."""

    cnot: int
    rotation: int
    fixed: int

    def plus(self, other: _Cost, times: int = 1) -> _Cost:
        return _Cost(
            self.cnot + times * other.cnot, self.rotation + times * other.rotation, self.fixed + times * other.fixed
        )


@cache
def _isometry(k: int, zeros: int) -> _Cost:
    """Return the cost on k qubits of which the first `zeros` start in zero, up to a diagonal on the input."""
    if k <= 2:
        return _Cost(0, 1, 0) if k == 1 else _Cost(2, 6, 0)
    half = 1 << (k - 1)
    # A multiplexed Rz of 2^(k-1) angles closes with a CNOT, or hands it on as a sign.
    open_, closed = _Cost(half - 1, half, 0), _Cost(half, half, 0)
    own = _Cost(0, 0, 2).plus(open_).plus(closed)
    if zeros:
        return own.plus(_isometry(k - 1, zeros - 1)).plus(_isometry(k - 1, 0), 2)
    return own.plus(open_).plus(_isometry(k - 1, 0), 4)


@cache
def _cut(n: int) -> tuple[int, int]:
    """Return (qubits left of the best cut, log2 of the number of coefficients)."""
    _, _, k = min((_across(k, n).cnot, abs(2 * k - n), k) for k in range(1, n))
    return k, min(k, n - k)


def _across(k: int, n: int) -> _Cost:
    m = min(k, n - k)
    sides = _isometry(k, k - m).plus(_isometry(n - k, n - k - m))
    return _state(m).plus(_Cost(m, 0, 0)).plus(sides)


@cache
def _state(n: int) -> _Cost:
    """Return the cost of a generic complex state of n qubits."""
    return _Cost(0, 1, 0) if n == 1 else _across(_cut(n)[0], n)


def _state_pairs(qubits: tuple[int, ...]) -> Pairs:
    """Yield the CNOT of a generic state in order of time."""
    if len(qubits) == 1:
        return
    k, m = _cut(len(qubits))
    one, two = qubits[:k], qubits[k:]
    yield from _state_pairs(one[k - m :])
    yield from zip(one[k - m :], two[len(two) - m :], strict=True)
    yield from _isometry_pairs(one, k - m)
    yield from _isometry_pairs(two, len(two) - m)


def _isometry_pairs(qubits: tuple[int, ...], zeros: int) -> Pairs:
    if len(qubits) <= 2:
        yield from [qubits[:2]] * 2 if len(qubits) == 2 else []
        return
    target, rest = qubits[0], qubits[1:]
    steps = [(control, target) for control in gray_walk(rest)]
    if not zeros:
        yield from _isometry_pairs(rest, 0)
        yield from steps
    yield from _isometry_pairs(rest, max(zeros - 1, 0))
    yield from [*steps, (rest[0], target)]
    yield from _isometry_pairs(rest, 0)
    yield from reversed(steps)
    yield from _isometry_pairs(rest, 0)


@cache
def _depth(n: int) -> int:
    return depth_of_pairs(tuple(_state_pairs(tuple(range(n)))))


state_cnots = tabulated("state_cnots", lambda n: _state(n).cnot)
state_rotations = tabulated("state_rotations", lambda n: _state(n).rotation)
state_fixed = tabulated("state_fixed", lambda n: _state(n).fixed)
_depth_formula = tabulated("state_depth", _depth, last=_WALKED)


def state_depth(n: Size) -> Size | None:
    """Return the two-qubit depth; None beyond 14 qubits, where the walk over all CNOT is too long."""
    return None if isinstance(n, int) and n > _WALKED else _depth_formula(n)
