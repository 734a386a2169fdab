"""Targets from a coupling list: uniform numbers, nothing measured."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qcompile.errors import InputError, nearest
from qcompile.target.native import NATIVE_NAMES, ONE_QUBIT_SETS, PARAMETRIC, SYMMETRIC, NativeGate
from qcompile.target.target import Target

__all__ = ["MAX_ALL_TO_ALL", "all_pairs", "target_from_couplings"]

IntArray = NDArray[np.int32]

#: Widest all-to-all machine; its edge table holds n (n - 1) / 2 rows.
MAX_ALL_TO_ALL = 2048
#: One-qubit gate set that goes with a native gate when the caller names none: the vendor's who plays it.
_USUAL_ONE_QUBIT = {"ecr": "zsx", "cx": "zsx", "rxx": "gpi"}


def all_pairs(n: int, enabled: NDArray[np.bool_] | None = None) -> IntArray:
    """Return all pairs a < b of enabled qubits in lexicographic order, `int32[m, 2]`.

    Raises:
        InputError: There are more than `MAX_ALL_TO_ALL` qubits.
    """
    if n > MAX_ALL_TO_ALL:
        raise InputError(f"has {n} qubits, all coupled to all", where="target", hint=f"use at most {MAX_ALL_TO_ALL}")
    usable = np.arange(n) if enabled is None else np.flatnonzero(enabled)
    first, second = np.triu_indices(usable.size, 1)
    return np.stack([usable[first], usable[second]], axis=1).astype(np.int32)


def target_from_couplings(
    n: int,
    edges: Iterable[Sequence[int]] | Literal["all_to_all"],
    native: str | Sequence[str] = "cz",
    *,
    directed: Iterable[Sequence[int]] = (),
    grid: Sequence[Sequence[int]] | None = None,
    name: str = "couplings",
    f1: float | None = None,
    f2: float | None = None,
    t1q_s: float | None = None,
    t2q_s: float | None = None,
    T_s: float | None = None,
    one_qubit: str | None = None,
) -> Target:
    """Return a machine with `n` qubits, these couplings and the same numbers everywhere.

    Args:
        n: Number of qubits.
        edges: Pairs of qubits in any order, repeats allowed, or `all_to_all`.
        native: Native two-qubit gate or gates.
        directed: Pairs (control, target) on which an asymmetric gate works only as given.
        grid: (row, column) of each qubit.
        name: How reports call it.
        f1: Process fidelity 1 - e_F of a one-qubit pulse.
        f2: Process fidelity 1 - e_F of a native two-qubit gate.
        t1q_s: Length of a one-qubit pulse.
        t2q_s: Length of a native two-qubit gate.
        T_s: Coherence time; taken as T1 and as T2.
        one_qubit: One-qubit gate set; by default the one that usually goes with the native gate.

    Raises:
        InputError: An index is out of range, a pair is a loop, a gate is unknown, or a number is out of its range.
    """
    where = f"target {name}"
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
        raise InputError(f"has {n!r} qubits", where=where, hint="use an integer from 1")
    n = int(n)
    all_to_all = isinstance(edges, str)
    if isinstance(edges, str):
        if edges != "all_to_all":
            raise InputError(f"is {edges!r}", where=f"{where}: edges", hint="use pairs of qubits or 'all_to_all'")
        pairs = all_pairs(n)
    else:
        found = {tuple(sorted(pair)) for pair in _pairs(edges, n, f"{where}: edges")}
        pairs = np.array(sorted(found), dtype=np.int32).reshape(-1, 2)
    direction = _directions(pairs, directed, n, where)
    names = (native,) if isinstance(native, str) else tuple(native)
    if not names:
        raise InputError("has no native two-qubit gate", where=where, hint="name one, such as native='cz'")
    error_2q = _error_of(f2, f"{where}: f2")
    duration_2q = _seconds(t2q_s, f"{where}: t2q_s")
    m = pairs.shape[0]
    gates = []
    for gate in dict.fromkeys(names):
        if gate not in NATIVE_NAMES:
            raise InputError(f"is {gate!r}", where=f"{where}: native", hint=nearest(str(gate), NATIVE_NAMES))
        gates.append(
            NativeGate(
                name=gate,
                parametric=gate in PARAMETRIC,
                available=np.ones(m, np.bool_),
                direction=np.zeros(m, np.int8) if gate in SYMMETRIC else direction,
                error=np.full(m, error_2q),
                duration_s=np.full(m, duration_2q),
            )
        )
    if one_qubit is None:
        one_qubit = _USUAL_ONE_QUBIT.get(gates[0].name, "phxz")
    if one_qubit not in ONE_QUBIT_SETS:
        raise InputError(f"is {one_qubit!r}", where=f"{where}: one_qubit", hint=nearest(one_qubit, ONE_QUBIT_SETS))
    coherence = np.full(n, _seconds(T_s, f"{where}: T_s", zero=False))
    unknown = np.full(n, math.nan)
    return Target(
        name=name,
        n_qubits=n,
        qubit_names=tuple(str(q) for q in range(n)),
        grid=_checked_grid(grid, n, where),
        edges=pairs,
        all_to_all=all_to_all,
        enabled=np.ones(n, np.bool_),
        natives=tuple(gates),
        one_qubit=one_qubit,
        duration_1q_s=np.full(n, _seconds(t1q_s, f"{where}: t1q_s")),
        error_1q=np.full(n, _error_of(f1, f"{where}: f1")),
        t1_s=coherence,
        t2_s=coherence,
        readout_p10=unknown,
        readout_p01=unknown,
        duration_readout_s=unknown,
        duration_reset_s=unknown,
    )


def _pairs(edges: Iterable[Sequence[int]], n: int, where: str) -> list[tuple[int, int]]:
    pairs = []
    for index, edge in enumerate(edges):
        try:
            a, b = (int(q) for q in edge)
        except (TypeError, ValueError):
            raise InputError(f"is {edge!r}", where=f"{where}[{index}]", hint="use a pair of qubit indices") from None
        if not (0 <= a < n and 0 <= b < n):
            raise InputError(f"is {(a, b)}", where=f"{where}[{index}]", hint=f"use qubits from 0 to {n - 1}")
        if a == b:
            raise InputError(f"joins qubit {a} to itself", where=f"{where}[{index}]", hint="name two different qubits")
        pairs.append((a, b))
    return pairs


def _directions(pairs: IntArray, directed: Iterable[Sequence[int]], n: int, where: str) -> NDArray[np.int8]:
    row = {(int(a), int(b)): k for k, (a, b) in enumerate(pairs)}
    direction = np.zeros(pairs.shape[0], np.int8)
    ways: dict[int, set[int]] = {}
    for a, b in _pairs(directed, n, f"{where}: directed"):
        k = row.get((min(a, b), max(a, b)))
        if k is None:
            raise InputError(f"names ({a}, {b})", where=f"{where}: directed", hint="list the pair under edges too")
        ways.setdefault(k, set()).add(1 if a < b else -1)
    for k, signs in ways.items():
        direction[k] = 0 if len(signs) == 2 else signs.pop()
    return direction


def _checked_grid(grid: Sequence[Sequence[int]] | None, n: int, where: str) -> IntArray | None:
    if grid is None or len(grid) == 0:
        return None
    places = np.array([tuple(place) for place in grid], dtype=np.int32)
    if places.shape != (n, 2) or len(set(map(tuple, places.tolist()))) != n:
        raise InputError(
            "does not give every qubit its own place", where=f"{where}: grid", hint=f"give {n} different (row, column)"
        )
    return places


def _error_of(fidelity: float | None, where: str) -> float:
    if fidelity is None:
        return math.nan
    if not 0 <= fidelity <= 1:
        raise InputError(f"is {fidelity!r}", where=where, hint="use a fidelity from 0 to 1")
    return 1 - fidelity


def _seconds(value: float | None, where: str, *, zero: bool = True) -> float:
    if value is None:
        return math.nan
    if not math.isfinite(value) or value < 0 or (value == 0 and not zero):
        raise InputError(f"is {value!r}", where=where, hint="use a positive number of seconds")
    return float(value)
