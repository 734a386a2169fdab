"""Random machines: couplings, directions, dead qubits, several native gates, numbers known or not."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from attrs import evolve

from qcompile.target import Target
from qcompile.target.native import NativeGate

__all__ = ["random_machine"]

Edge = tuple[int, int]
NATIVES: tuple[tuple[str, ...], ...] = (
    *(("cz",), ("cz",), ("ecr",), ("cx",), ("sqrtiswap",), ("iswap",), ("syc",), ("rzz",), ("rxx",)),
    *(("cz", "iswap"), ("cz", "rzz"), ("ecr", "rzz"), ("cx", "iswap"), ("syc", "cz"), ("sqrtiswap", "cz")),
    *(("rxx", "cz"), ("iswap", "rzz"), ("cz", "sqrtiswap", "rzz")),
)


def random_machine(rng: np.random.Generator, least: int) -> Target:
    """Return a machine with at least `least` enabled qubits, small enough for exact comparisons."""
    shape = rng.random()
    n = int(rng.integers(max(2, least), max(3, least + 3)))
    edges = _connected(rng, n) if shape < 0.85 else _apart(rng, n)
    native = NATIVES[int(rng.integers(len(NATIVES)))]
    directed = [pair if rng.random() < 0.5 else pair[::-1] for pair in edges if rng.random() < 0.6]
    numbers = {"f1": 0.9995, "f2": 0.993, "t1q_s": 25e-9, "t2q_s": 70e-9, "T_s": 9e-5} if rng.random() < 0.7 else {}
    all_to_all = shape < 0.12
    target = Target.from_couplings(
        n,
        "all_to_all" if all_to_all else edges,
        native=native,
        directed=() if all_to_all or rng.random() < 0.6 else directed,
        one_qubit=str(rng.choice(["phxz", "zsx", "gpi"])) if rng.random() < 0.3 else None,
        **numbers,
    )
    if numbers and rng.random() < 0.5:
        target = evolve(target, natives=tuple(_varied(rng, gate) for gate in target.natives))
    if not all_to_all and n > least and rng.random() < 0.25:
        target = _with_dead_qubit(rng, target)
    return target


def _varied(rng: np.random.Generator, gate: NativeGate) -> NativeGate:
    m = gate.error.size
    return evolve(gate, error=rng.uniform(1e-3, 3e-2, m), duration_s=rng.uniform(3e-8, 2e-7, m))


def _with_dead_qubit(rng: np.random.Generator, target: Target) -> Target:
    """Return the machine with one qubit switched off and its couplings gone."""
    dead = int(rng.integers(target.n_qubits))
    enabled = np.arange(target.n_qubits) != dead
    kept = (target.edges != dead).all(axis=1)
    columns = ("available", "direction", "error", "duration_s")
    natives = tuple(evolve(g, **{c: getattr(g, c)[kept] for c in columns}) for g in target.natives)
    return evolve(target, enabled=enabled, edges=target.edges[kept], natives=natives)


def _connected(rng: np.random.Generator, n: int) -> list[Edge]:
    edges = {_pair(k, int(rng.integers(k))) for k in range(1, n)}
    for _ in range(int(rng.integers(0, n))):
        a, b = (int(q) for q in rng.permutation(n)[:2])
        edges.add(_pair(a, b))
    place = rng.permutation(n)
    return _sorted(_pair(int(place[a]), int(place[b])) for a, b in edges)


def _apart(rng: np.random.Generator, n: int) -> list[Edge]:
    cut = int(rng.integers(1, n))
    low, high = _connected(rng, cut), _connected(rng, n - cut)
    return _sorted([*low, *((a + cut, b + cut) for a, b in high)]) or [(0, 1)]


def _pair(a: int, b: int) -> Edge:
    return (a, b) if a < b else (b, a)


def _sorted(edges: Iterable[Edge]) -> list[Edge]:
    return sorted(set(edges))
