"""Laws of the order of rows that commute, and of blocks that are left apart because fusing them saves nothing."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

import qcompile as qc
from qcompile.kernels.depth import depth_of
from qcompile.passes import CollectTwoQubitBlocks, ReorderCommuting
from qcompile.passes.cost import native_costs
from qcompile.tape import Op, Tape, TapeBuilder, tape_of
from qcompile.target import Target
from tests.passes.random_tapes import random_tape


def _layers(tape: Tape) -> int:
    weight = native_costs(tape)
    return depth_of(tape.qubits, tape.wide, tape.wide_indptr, tape.wide_indices, weight, tape.n_qubits)


def _graph_state(edges: list[tuple[int, int]]) -> Tape:
    b = TapeBuilder(1 + max(max(e) for e in edges))
    for q in range(b.n_qubits):
        b.add(Op.H, q)
    for u, v in edges:
        b.add(Op.CZ, u, v)
    return b.build()


def _w_state(n: int) -> Tape:
    """Return the W state by controlled-Z between rotations, then a ladder of CNOTs."""
    b = TapeBuilder(n)
    b.add(Op.X, n - 1)
    for m in range(1, n):
        angle = math.acos(math.sqrt(1 / (n - m + 1)))
        b.add(Op.RY, n - m - 1, angles=[-angle])
        b.add(Op.CZ, n - m, n - m - 1)
        b.add(Op.RY, n - m - 1, angles=[angle])
    for k in range(n - 1, 0, -1):
        b.add(Op.CX, k - 1, k)
    return b.build()


@pytest.mark.parametrize("seed", range(12))
def test_rows_stay_and_layers_never_grow(seed: int) -> None:
    tape = random_tape(seed, n_qubits=5, rows=60, classical=seed % 2 == 1)
    done = ReorderCommuting()(tape)
    assert Counter(done.ops()) == Counter(tape.ops())
    assert _layers(done) <= _layers(tape)
    assert ReorderCommuting()(done).ops() == done.ops() or _layers(ReorderCommuting()(done)) < _layers(done)


@pytest.mark.parametrize("n", [4, 5, 12, 13])
def test_commuting_gates_on_a_ring_take_as_many_layers_as_its_edges_take_colours(n: int) -> None:
    tape = _graph_state([(q, (q + 1) % n) for q in range(n)])
    assert _layers(ReorderCommuting()(tape)) == 2 + n % 2


def test_commuting_gates_of_a_grid_take_as_many_layers_as_its_largest_degree_and_one() -> None:
    rng = np.random.default_rng(3)
    edges = [(4 * r + k, 4 * r + k + 1) for r in range(4) for k in range(3)]
    edges += [(4 * r + k, 4 * r + k + 4) for r in range(3) for k in range(4)]
    tape = _graph_state([edges[k] for k in rng.permutation(len(edges))])
    assert _layers(ReorderCommuting()(tape)) <= 5


def test_a_block_that_saves_nothing_is_left_apart() -> None:
    apart = tape_of("cz 0 1; ry(0.3) 0; cz 1 2; rx(0.2) 2; cx 0 1")
    assert CollectTwoQubitBlocks(apart=True)(apart).ops() == apart.ops()
    joined = tape_of("cz 0 1; ry(0.3) 0; cz 1 2; rx(0.2) 2; cz 0 1; rx(0.4) 1; ry(0.1) 0; cz 0 1; cz 0 1")
    assert CollectTwoQubitBlocks(apart=True)(joined).n_two_qubit < joined.n_two_qubit


@pytest.mark.parametrize("n", [5, 12, 21])
@pytest.mark.parametrize("graph", ["line", "all_to_all"])
def test_w_states_take_a_layer_for_each_qubit_and_one_more(n: int, graph: str) -> None:
    """Each CNOT of the ladder runs beside the phase two qubits further, so that only the last ones follow."""
    edges = [(q, q + 1) for q in range(n - 1)] if graph == "line" else "all_to_all"
    built = qc.compile(_w_state(n), target=Target.from_couplings(n, edges, native="cz"))
    assert built.metrics["n2"] == 2 * (n - 1)
    assert built.metrics["d2"] <= n + 1


def test_gates_that_commute_keep_few_layers_on_an_all_to_all_machine() -> None:
    """Phases of a ring and of its chords commute: no qubit is in more of them than its degree."""
    n = 14
    pairs = [(q, (q + 1) % n) for q in range(n)] + [(q, q + n // 2) for q in range(n // 2)]
    b = TapeBuilder(n)
    for u, v in pairs:
        b.add(Op.RZZ, u, v, angles=[0.1 + 0.01 * u])
    built = qc.compile(b.build(), target=Target.from_couplings(n, "all_to_all", native="rzz"))
    assert built.metrics["n2"] == len(pairs)
    assert built.metrics["d2"] <= 4
