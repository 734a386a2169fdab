"""Which physical qubit holds which logical qubit, before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from qcompile.errors import InputError

__all__ = ["Layout", "layout_array"]

IntArray = NDArray[np.int32]


def _places(value: ArrayLike) -> IntArray:
    out = np.array(value, dtype=np.int32)
    out.setflags(write=False)
    return out


@frozen(kw_only=True, eq=False)
class Layout:
    """A bijection from logical to physical qubits at the start and at the end of a circuit.

    Logical qubits beyond `n_logical` stand for the physical qubits that the circuit leaves over.

    Attributes:
        n_logical: Number of qubits of the circuit.
        initial: `int32[n_physical]`, place of logical qubit k at the start.
        final: `int32[n_physical]`, place of logical qubit k at the end.
    """

    n_logical: int
    initial: IntArray = field(converter=_places)
    final: IntArray = field(converter=_places)

    @property
    def is_kept(self) -> bool:
        """Whether every qubit of the circuit ends where it began."""
        return bool(np.array_equal(self.initial[: self.n_logical], self.final[: self.n_logical]))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Layout)
            and self.n_logical == other.n_logical
            and np.array_equal(self.initial, other.initial)
            and np.array_equal(self.final, other.final)
        )

    def __hash__(self) -> int:
        return hash((self.n_logical, self.initial.tobytes(), self.final.tobytes()))

    def __repr__(self) -> str:
        n = self.n_logical
        moved = "" if self.is_kept else f", final={self.final[:n].tolist()}"
        return f"Layout({self.initial[:n].tolist()}{moved})"


def layout_array(layout: Layout | Sequence[int] | Mapping[int, int] | Any, n_logical: int, n_physical: int) -> IntArray:
    """Return a full layout `int32[n_physical]` from a `Layout`, a list of places or a mapping; the rest is filled up.

    Raises:
        InputError: A place is out of range or taken twice, or not every logical qubit has one.
    """
    if isinstance(layout, Layout):
        chosen = [int(p) for p in layout.initial[:n_logical]]
    elif isinstance(layout, Mapping):
        missing = [q for q in range(n_logical) if q not in layout]
        if missing:
            raise InputError(f"gives no place to qubit {missing[0]}", where="initial_layout")
        chosen = [int(layout[q]) for q in range(n_logical)]
    else:
        chosen = [int(p) for p in layout]
        if len(chosen) not in (n_logical, n_physical):
            raise InputError(f"has {len(chosen)} places", where="initial_layout", hint=f"give {n_logical}")
        chosen = chosen[:n_logical]
    bad = [p for p in chosen if not 0 <= p < n_physical]
    if bad or len(set(chosen)) != len(chosen):
        raise InputError(
            f"puts a qubit on {bad[0]}" if bad else "puts two qubits in one place",
            where="initial_layout",
            hint=f"use different physical qubits from 0 to {n_physical - 1}",
        )
    rest = np.setdiff1d(np.arange(n_physical), chosen)
    return np.concatenate([np.array(chosen, np.int64), rest]).astype(np.int32)
