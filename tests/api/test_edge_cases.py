"""Machines with holes and in parts, circuits of nearly nothing, rows that may not be touched."""

from __future__ import annotations

import cirq
import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import qcompile as qc
from qcompile.errors import InputError
from qcompile.passes import PASSES
from qcompile.tape import Tape, TapeBuilder
from qcompile.tape.cirq_out import to_cirq
from tests.fuzz.recount import illegal_rows, log10_esp, metrics_again, n_swaps_again
from tests.passes.random_tapes import random_tape

NUMBERS = {"f1": 0.9995, "f2": 0.993, "t1q_s": 25e-9, "t2q_s": 70e-9, "T_s": 9e-5}


def without(target: qc.Target, dead: int) -> qc.Target:
    kept = (target.edges != dead).all(axis=1)
    columns = ("available", "direction", "error", "duration_s")
    natives = tuple(evolve(g, **{c: getattr(g, c)[kept] for c in columns}) for g in target.natives)
    enabled = np.arange(target.n_qubits) != dead
    return evolve(target, enabled=enabled, edges=target.edges[kept], natives=natives)


def test_a_dead_qubit_holds_nothing() -> None:
    target = without(qc.Target.load("grid(2,3)"), 1)
    built = qc.compile(qc.tape_of("cx 0 1; cx 1 2; cx 2 3; cx 3 4; cx 0 4", n_qubits=5), target=target)
    assert 1 not in built.initial_layout[:5].tolist()
    assert not illegal_rows(built.tape, target)
    assert qc.certify(built).ok
    idle = qc.compile(Tape.concat([qc.tape_of("h 3", n_qubits=5)]), target=target)
    assert 1 not in idle.initial_layout[:5].tolist()


def test_parts_of_a_circuit_go_to_parts_of_a_machine() -> None:
    apart = qc.Target.from_couplings(6, [(0, 1), (1, 2), (3, 4), (4, 5)])
    built = qc.compile(qc.tape_of("cx 0 1; cx 1 2; cx 0 2; cx 3 4; cx 4 5; cx 3 5"), target=apart)
    assert qc.certify(built).ok
    with pytest.raises(InputError, match="needs 4 connected qubits; "):
        qc.compile(qc.tape_of("cx 0 1; cx 1 2; cx 2 3"), target=apart)


def test_one_qubit_and_no_gates() -> None:
    for text in ("h 0", "measure 0", "rz(0.3) 0; rz(-0.3) 0"):
        built = qc.compile(qc.tape_of(text), target="line(1)")
        assert qc.certify(built).ok
        assert built.metrics["n2"] == 0
    empty = qc.compile(TapeBuilder(3).build(), target="grid(2,2)", inputs="zero", outputs="measured", ancillas=True)
    assert len(empty.tape) == 0
    assert qc.certify(empty).ok


def test_what_does_not_fit_is_one_message() -> None:
    with pytest.raises(InputError, match=r"needs 5 qubits and line\(4\) has 4; choose a larger machine"):
        qc.compile(qc.tape_of("h 4"), target="line(4)")
    with pytest.raises(InputError, match="has no native two-qubit gate; name one"):
        qc.Target.from_couplings(2, [(0, 1)], native=[])
    with pytest.raises(InputError, match="qubit is 7; use 0 to 1"):
        TapeBuilder(2).add("h", 7)
    with pytest.raises(InputError, match="time limit is 0; use a number of seconds above 0"):
        qc.compile(qc.tape_of("h 0"), target="line(4)", time_limit=0)


def test_a_key_measured_twice_keeps_its_order() -> None:
    b = TapeBuilder(2)
    b.add("x", 0)
    b.measure(0, key="k")
    b.add("x", 0)
    b.measure(1, key="k")
    b.measure(0, key="k")
    built = qc.compile(b.build(), target="line(3)")
    assert qc.certify(built).ok
    found = cirq.Simulator(seed=0).run(built.circuit).records["k"][0, :, 0]
    assert found.tolist() == [1, 0, 0]


@pytest.mark.parametrize("name", sorted(PASSES))
@pytest.mark.parametrize("seed", range(4))
def test_protected_and_fenced_rows_survive_every_pass(name: str, seed: int) -> None:
    b = TapeBuilder(3)
    b.extend(random_tape(seed, n_qubits=3, rows=12))
    b.add("h", 0, tags=("qcompile.no_touch",))
    b.add("h", 0, tags=("qcompile.no_touch",))
    b.fence = 5
    b.add("x", 1)
    b.add("x", 1)
    b.fence = 0
    b.extend(random_tape(seed + 50, n_qubits=3, rows=12))
    old = b.build()
    new = PASSES[name]()(old)
    protected = [[row for row, k in enumerate(t.tag.tolist()) if k >= 0] for t in (old, new)]
    assert [old.ops()[r] for r in protected[0]] == [new.ops()[r] for r in protected[1]]
    fenced = np.flatnonzero(new.fence == 5)
    assert len(fenced) >= 2, "neither of the two went, though they cancel"
    assert (np.diff(fenced) > 0).all()


@pytest.mark.parametrize("name", sorted(PASSES))
def test_a_pass_as_a_cirq_transformer_leaves_tagged_operations(name: str) -> None:
    q = cirq.LineQubit.range(2)
    kept = cirq.CNOT(*q).with_tags("keep")
    circuit = cirq.Circuit(cirq.H(q[0]), kept, kept, cirq.T(q[1]), cirq.CNOT(*q), cirq.CNOT(*q))
    done = qc.as_cirq_transformer(PASSES[name]())(circuit, context=cirq.TransformerContext(tags_to_ignore=("keep",)))
    assert sum("keep" in op.tags for op in done.all_operations()) == 2
    cirq.testing.assert_allclose_up_to_global_phase(cirq.unitary(done), cirq.unitary(circuit), atol=1e-8)


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), objective=st.sampled_from(["two_qubit_gates", "depth", "esp"]))
def test_metrics_and_swaps_are_what_a_second_count_finds(seed: int, objective: str) -> None:
    target = qc.Target.from_couplings(6, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)], **NUMBERS)
    tape = random_tape(seed, n_qubits=5, rows=30)
    built = qc.compile(tape, target=target, objective=objective, seed=seed)
    assert {k: built.metrics[k] for k in ("n2", "d2", "depth", "pulses")} == metrics_again(built.tape)
    assert built.metrics["log10esp"] == pytest.approx(log10_esp(built.tape, **NUMBERS), abs=1e-9)
    assert built.n_swaps == n_swaps_again(built)
    assert to_cirq(built.tape) == to_cirq(qc.compile(tape, target=target, objective=objective, seed=seed).tape)


PAIRS = [("cz", "iswap"), ("ecr", "rzz"), ("cx", "iswap"), ("rxx", "cz"), ("syc", "cz"), ("sqrtiswap", "rzz")]


@settings(max_examples=18)
@given(seed=st.integers(0, 10**6), natives=st.sampled_from(PAIRS))
def test_two_native_gates_are_never_worse_than_one(seed: int, natives: tuple[str, str]) -> None:
    tape = random_tape(seed, n_qubits=2, rows=12, wide=False)
    counts = []
    for native in (natives, *natives):
        built = qc.compile(tape, target=qc.Target.from_couplings(2, [(0, 1)], native=native))
        assert qc.certify(built).ok
        assert not illegal_rows(built.tape, built.target)
        counts.append(built.metrics["n2"])
    assert counts[0] <= min(counts[1:])


@pytest.mark.parametrize("native", ["cz", "cx", "ecr", "rzz", "rxx"])
@pytest.mark.parametrize("directed", [(), [(1, 0)]])
def test_a_swap_takes_two_gates_of_different_kinds(native: str, directed: list[tuple[int, int]]) -> None:
    target = qc.Target.from_couplings(2, [(0, 1)], native=[native, "iswap"], directed=directed)
    for text, least in (("swap 0 1", 2), ("swap 0 1; cx 0 1", 1), ("cx 0 1", 1), ("swap 0 1; cp(0.3) 0 1", 2)):
        built = qc.compile(qc.tape_of(text), target=target, initial_layout=[0, 1], final_layout="same")
        assert built.metrics["n2"] == least, text
        assert qc.certify(built).ok
        assert not illegal_rows(built.tape, target)


@pytest.mark.parametrize("text", ["rzz(0.3) 0 1", "cp(0.3) 0 1", "rxx(t) 0 1", "ryy(0.2) 0 1", "cry(t) 0 1"])
@pytest.mark.parametrize("native", ["rzz", "rxx"])
def test_an_angle_takes_one_gate_where_the_machine_has_angles(text: str, native: str) -> None:
    target = qc.Target.from_couplings(2, [(0, 1)], native=["cz", native])
    assert qc.compile(qc.tape_of(text), target=target).metrics["n2"] == 1


def test_closing_swaps_keep_to_the_allowed_qubits() -> None:
    # Around the ring the short way from 0 to 3 leads through 5 and 4.
    target = qc.Target.from_couplings(6, [(k, (k + 1) % 6) for k in range(6)])
    tape = qc.tape_of("h 0; cx 0 1; t 1; cx 1 2; cx 0 1")
    options = {"allowed_qubits": [0, 1, 2, 3], "initial_layout": [0, 1, 2]}
    built = qc.compile(tape, target=target, final_layout=[3, 1, 0], **options)
    assert built.final_layout[:3].tolist() == [3, 1, 0]
    assert set(np.unique(built.tape.qubits[built.tape.qubits >= 0]).tolist()) <= {0, 1, 2, 3}
    assert qc.certify(built).ok
    with pytest.raises(InputError, match="may not be used"):
        qc.compile(tape, target=target, final_layout=[5, 1, 0], **options)


@pytest.mark.parametrize("effort", [0, 1, 2])
def test_a_machine_without_couplings_is_named(effort: int) -> None:
    lone = qc.Target.from_couplings(4, [], native=["cz", "rzz"])
    for text in ("cx 0 1", "cx 0 1; h 0; cx 0 1; h 1; cx 1 0", "cx 0 1; cx 1 2; cx 0 2; h 1; cx 1 2; h 2; cx 0 1"):
        with pytest.raises(InputError, match="connected qubits"):
            qc.compile(qc.tape_of(text), target=lone, effort=effort)
    assert qc.compile(qc.tape_of("h 0; t 1"), target=lone).metrics["n2"] == 0
