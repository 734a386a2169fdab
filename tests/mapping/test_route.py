"""Routed circuits mean the same, respect the machine, and replay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.mapping import Layout, Objective, place, route, unit_costs
from qcompile.tape import Condition, Op, Tape, TapeBuilder, tape_of
from qcompile.target import Target
from qcompile.verify.validate import validate
from tests.mapping.route_cases import layout_distance, random_tape

LINE = Target.from_couplings(6, [(k, k + 1) for k in range(5)])
STAR = Target.from_couplings(6, [(0, k) for k in range(1, 6)])
RING = Target.from_couplings(6, [(k, (k + 1) % 6) for k in range(6)], native="sqrtiswap")
FULL = Target.from_couplings(6, "all_to_all", native="rzz")
GRID = Target.from_couplings(
    16, [(4 * r + c, 4 * r + c + 1) for r in range(4) for c in range(3)] + [(k, k + 4) for k in range(12)]
)
TARGETS = {"line": LINE, "star": STAR, "ring": RING, "full": FULL}


def on_couplings(tape: Tape, target: Target) -> bool:
    """Return whether every two-qubit unitary is on a coupling."""
    pairs = tape.qubits[tape.is_two_qubit]
    return bool((target.distance[pairs[:, 0], pairs[:, 1]] == 1).all())


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(2, 6), size=st.integers(0, 45), seed=st.integers(0, 10**6), name=st.sampled_from(sorted(TARGETS)),
    elide=st.booleans(), objective=st.sampled_from(["two_qubit_gates", "depth", "esp", "swaps"]),
)  # fmt: skip
def test_route_keeps_the_unitary(n: int, size: int, seed: int, name: str, elide: bool, objective: Objective) -> None:
    tape, target = random_tape(n, size, seed), TARGETS[name]
    routed = route(tape, target, seed=seed, elide_swaps=elide, objective=objective)
    assert on_couplings(routed.tape, target)
    assert layout_distance(tape, routed.tape, routed.layout.initial, routed.layout.final) < 1e-10
    inserted = int((routed.witness.events[:, 0] < 0).sum())
    assert inserted == routed.n_swaps
    report = validate(tape, routed.tape, routed.witness)
    assert report.ok, report


def test_same_seed_same_circuit() -> None:
    tape = random_tape(6, 60, 3)
    assert route(tape, LINE, seed=5).tape == route(tape, LINE, seed=5).tape


def test_given_layout_is_kept() -> None:
    tape = random_tape(5, 40, 1)
    routed = route(tape, LINE, [4, 2, 0, 1, 5])
    assert routed.layout.initial[:5].tolist() == [4, 2, 0, 1, 5]
    assert layout_distance(tape, routed.tape, routed.layout.initial, routed.layout.final) < 1e-10
    again = route(tape, LINE, {0: 4, 1: 2, 2: 0, 3: 1, 4: 5})
    assert again.tape == routed.tape
    assert route(tape, LINE, routed.layout).tape == routed.tape


def test_place_is_the_layout_of_route() -> None:
    tape = random_tape(6, 30, 2)
    assert place(tape, LINE, seed=1) == route(tape, LINE, seed=1).layout


def test_ladder_needs_no_swap() -> None:
    tape = tape_of("; ".join(f"cx {k} {k + 1}" for k in range(15)))
    routed = route(tape, GRID)
    assert routed.n_swaps == 0
    assert routed.engine == "embedding"
    assert routed.layout.is_kept


def test_swap_merges_with_the_block_before_it() -> None:
    # A triangle on a line: one SWAP, which with a CNOT costs two CZ; four CZ in all, not six.
    routed = route(tape_of("cx 0 1; cx 1 2; h 1; cx 0 2"), Target.from_couplings(3, [(0, 1), (1, 2)]))
    assert routed.n_swaps == 1
    assert routed.cost == 4.0


def test_commuting_interactions_are_reordered() -> None:
    # On a path 1-0-2-3 the hub meets 1 and 2 at home and has to move once for 3, whatever the order of the file.
    tape = tape_of("cz 0 3; cz 0 1; cz 0 2")
    routed = route(tape, Target.from_couplings(4, [(0, 1), (1, 2), (2, 3)]), objective="swaps")
    assert routed.n_swaps == 1


def test_measurements_conditions_and_resets_stay_in_order() -> None:
    b = TapeBuilder(4)
    b.add("h", 0)
    b.add("cx", 0, 1)
    b.measure(0, key="m")
    b.add("x", 2, condition=Condition(("m",)))
    b.add("cx", 2, 3, condition=Condition(("m",)))
    b.add(Op.RESET, 0)
    b.add("cx", 0, 3)
    b.measure(1, 2, 3, key="all")
    tape = b.build()
    routed = route(tape, STAR, seed=1)
    assert on_couplings(routed.tape, STAR)
    assert validate(tape, routed.tape, routed.witness).ok
    kinds = [int(op) for op in routed.tape.opcode]
    assert kinds.index(Op.MEASURE) < min(k for k in range(len(kinds)) if routed.tape.condition[k] >= 0)
    last = len(kinds) - 1
    assert kinds[last] == Op.MEASURE
    final = routed.layout.final
    assert routed.tape.qubits_of(last) == tuple(int(final[q]) for q in (1, 2, 3))


def test_fenced_rows_keep_their_order() -> None:
    tape = tape_of("cz 0 1; cz 0 2; cz 0 3; cz 0 1")
    fenced = tape.replace(fence=np.array([1, 1, 1, 1], np.int32))
    routed = route(fenced, LINE)
    kept = routed.witness.events[routed.witness.events[:, 0] >= 0, 0]
    assert kept.tolist() == [0, 1, 2, 3]
    assert validate(fenced, routed.tape, routed.witness).ok


def test_symbols_survive() -> None:
    tape = tape_of("rzz(theta) 0 1; rx(phi) 1; cp(theta) 1 2; rzz(phi) 0 2")
    routed = route(tape, LINE)
    values = {"theta": 0.3, "phi": 1.1}
    assert set(routed.tape.parameters) == {"theta", "phi"}
    bound = routed.tape.bind(values)
    assert layout_distance(tape.bind(values), bound, routed.layout.initial, routed.layout.final) < 1e-10


def test_only_allowed_qubits_are_used() -> None:
    tape = random_tape(4, 40, 7)
    routed = route(tape, GRID, allowed_qubits=[5, 6, 9, 10, 11])
    used = {q for row in range(len(routed.tape)) for q in routed.tape.qubits_of(row)}
    assert used <= {5, 6, 9, 10, 11}


def test_parts_go_to_different_components() -> None:
    target = Target.from_couplings(6, [(0, 1), (1, 2), (3, 4), (4, 5)])
    tape = tape_of("cx 0 1; cx 2 3; cx 1 4; cx 0 4; h 5; cx 3 5; cx 2 5")
    routed = route(tape, target)
    assert layout_distance(tape, routed.tape, routed.layout.initial, routed.layout.final) < 1e-10


@pytest.mark.parametrize(
    ("text", "words"),
    [("cx 0 1; cx 1 2; cx 2 3", "4 connected qubits"), ("ccx 0 1 2", "ccx")],
)
def test_what_does_not_fit_is_an_input_error(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        route(tape_of(text), Target.from_couplings(6, [(0, 1), (1, 2), (3, 4), (4, 5)]))


def test_wrong_arguments_are_input_errors() -> None:
    tape = tape_of("cx 0 1; cx 1 2")
    for layout in ([0, 0, 1], [0, 1, 9], [0, 1], {0: 1}):
        with pytest.raises(InputError, match="initial_layout"):
            route(tape, LINE, layout)
    with pytest.raises(InputError, match="allowed_qubits"):
        route(tape, LINE, allowed_qubits=[0, 1, 7])
    with pytest.raises(InputError, match="9 qubits"):
        route(tape_of("h 8"), LINE)
    with pytest.raises(InputError, match="initial_layout"):
        route(tape_of("cx 0 1"), Target.from_couplings(4, [(0, 1), (2, 3)]), [0, 2])


def test_layout_is_a_value() -> None:
    a = Layout(n_logical=2, initial=[1, 0, 2], final=[1, 2, 0])
    assert a == Layout(n_logical=2, initial=[1, 0, 2], final=[1, 2, 0])
    assert hash(a) == hash(Layout(n_logical=2, initial=[1, 0, 2], final=[1, 2, 0]))
    assert not a.is_kept
    assert repr(a) == "Layout([1, 0], final=[1, 2])"


def test_unit_costs_count_swaps() -> None:
    costs = unit_costs(3)
    assert costs.swap == 1.0
    assert (costs.with_swap - costs.alone == 1.0).all()
