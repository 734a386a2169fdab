"""States with few non-zero amplitudes: basis states merged two by two, run backwards (Gleinig, Hoefler 2021).

Each merge costs the CNOTs that make two strings differ in one bit and one reflection, controlled by what singles the
two out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from attrs import frozen

from qcompile.synthesis.emit import add_one_qubit
from qcompile.synthesis.multi_controlled import add_mcp
from qcompile.tape import Op, TapeBuilder

__all__ = ["add_sparse"]

ComplexArray = npt.NDArray[np.complex128]


@frozen
class _Flip:
    """X on a qubit, or CX when `control` is not -1."""

    control: int
    target: int


@frozen(eq=False)
class _Merge:
    """The reflection F Z F^dagger on `target` where all of `controls` are 1."""

    target: int
    controls: tuple[int, ...]
    frame: ComplexArray


def add_sparse(builder: TapeBuilder, state: ComplexArray, qubits: Sequence[int]) -> None:
    """Append the preparation of a normalised state from its non-zero amplitudes."""
    n = len(qubits)
    entries: dict[int, complex] = {int(x): complex(state[x]) for x in np.flatnonzero(state)}
    steps: list[_Flip | _Merge] = []
    while len(entries) > 1:
        entries = _merge(entries, n, steps)
    ((index, amplitude),) = entries.items()
    for q in range(n):
        if index >> (n - 1 - q) & 1:
            builder.add(Op.X, qubits[q])
    for step in reversed(steps):
        if isinstance(step, _Flip):
            if step.control < 0:
                builder.add(Op.X, qubits[step.target])
            else:
                builder.add(Op.CX, qubits[step.control], qubits[step.target])
            continue
        controls = [qubits[c] for c in step.controls]
        add_one_qubit(builder, qubits[step.target], step.frame.conj().T)
        if len(controls) == 1:
            builder.add(Op.CZ, controls[0], qubits[step.target])
        else:
            idle = [q for q in qubits if q not in controls and q != qubits[step.target]]
            add_mcp(builder, math.pi, [*controls, qubits[step.target]], dirty=idle)
        add_one_qubit(builder, qubits[step.target], step.frame)
    builder.phase = builder.phase + float(np.angle(amplitude))


def _bit(x: int, q: int, n: int) -> int:
    return x >> (n - 1 - q) & 1


def _smallest(strings: list[int], n: int, chosen: list[tuple[int, int]]) -> list[int]:
    """Narrow `strings` down to one by fixing bits, each time the rarer value of the most lopsided bit; record
    (qubit, value).
    """
    while len(strings) > 1:
        best: tuple[int, int, int] | None = None
        for q in range(n):
            ones = sum(_bit(x, q, n) for x in strings)
            if 0 < ones < len(strings):
                rare = 1 if 2 * ones <= len(strings) else 0
                size = ones if rare else len(strings) - ones
                if best is None or size < best[0]:
                    best = (size, q, rare)
        assert best is not None
        _, q, rare = best
        chosen.append((q, rare))
        strings = [x for x in strings if _bit(x, q, n) == rare]
    return strings


def _merge(entries: dict[int, complex], n: int, steps: list[_Flip | _Merge]) -> dict[int, complex]:
    """Append the steps that take two of the basis states to one, and return the state after them."""
    chosen: list[tuple[int, int]] = []
    (first,) = _smallest(sorted(entries), n, chosen)
    pivot, _ = chosen.pop()
    # The partner shares all the fixed bits but the pivot's.
    others = [x for x in sorted(entries) if x != first and all(_bit(x, q, n) == value for q, value in chosen)]
    (second,) = _smallest(others, n, chosen)

    def apply(step: _Flip) -> None:
        nonlocal entries, first, second
        steps.append(step)

        def moved(x: int) -> int:
            on = step.control < 0 or _bit(x, step.control, n)
            return x ^ (1 << (n - 1 - step.target)) if on else x

        entries = {moved(x): a for x, a in entries.items()}
        first, second = moved(first), moved(second)

    if not _bit(first, pivot, n):
        apply(_Flip(-1, pivot))
    for q in range(n):
        if q != pivot and _bit(first, q, n) != _bit(second, q, n):
            apply(_Flip(pivot, q))
    controls = tuple(dict.fromkeys(q for q, _ in chosen if q != pivot))
    for q in controls:
        if not _bit(second, q, n):
            apply(_Flip(-1, q))
    controls = _needed(controls, pivot, first, second, entries, n)
    low, high = entries.pop(second), entries.pop(first)
    norm = math.hypot(abs(low), abs(high))
    steps.append(_Merge(pivot, controls, _reflection_frame(low / norm, high / norm)))
    turn = low / abs(low) if abs(low) > 1e-300 else 1.0
    entries[second] = norm * turn
    return entries


def _needed(
    controls: tuple[int, ...], pivot: int, first: int, second: int, entries: dict[int, complex], n: int
) -> tuple[int, ...]:
    """Drop controls that no other basis state needs, one by one from the last."""
    kept = list(controls)
    for q in reversed(controls):
        trial = [c for c in kept if c != q]
        if all(not all(_bit(x, c, n) for c in trial) for x in entries if x not in (first, second)):
            kept = trial
    del pivot
    return tuple(kept)


def _reflection_frame(low: complex, high: complex) -> ComplexArray:
    """Return F with F Z F^dagger (low, high) = (low/|low|, 0): the mirror between the two vectors."""
    turn = low / abs(low) if abs(low) > 1e-300 else 1.0
    # Both have a real inner product |low|; the mirror's +1 vector is their sum.
    a, b = turn * (1.0 + abs(low)), high
    size = math.hypot(abs(a), abs(b))
    a, b = a / size, b / size
    return np.array([[a, -np.conj(b)], [b, np.conj(a)]], dtype=np.complex128)
