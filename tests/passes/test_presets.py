"""Whole pipelines: native gates only, directions respected, the unitary kept up to the final layout."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from qcompile.errors import InputError
from qcompile.passes import ONE_QUBIT_OPS, Pipeline, Run, SynthesizeGadgets, post_routing, pre_routing
from qcompile.synthesis.two_qubit import NATIVE_OPS
from qcompile.tape import Op, Tape, TapeBuilder, tape_of, tape_unitary
from qcompile.tape.opcodes import IS_UNITARY
from qcompile.target import Target
from qcompile.verify.validate import validate
from tests.passes.random_tapes import random_tape

PAIRS = [(a, b) for a in range(4) for b in range(a + 1, 4)]
TARGETS = {
    "cz": Target.from_couplings(4, "all_to_all", "cz", one_qubit="phxz"),
    "ecr": Target.from_couplings(4, PAIRS, "ecr", directed=[(b, a) for a, b in PAIRS], one_qubit="zsx"),
    "cx": Target.from_couplings(4, PAIRS, "cx", directed=PAIRS, one_qubit="zsx"),
    "rzz": Target.from_couplings(4, "all_to_all", "rzz", one_qubit="phxz"),
    "rxx": Target.from_couplings(4, "all_to_all", "rxx", one_qubit="gpi"),
    "sqrtiswap": Target.from_couplings(4, "all_to_all", "sqrtiswap"),
    "syc": Target.from_couplings(4, "all_to_all", "syc"),
    "iswap": Target.from_couplings(4, "all_to_all", "iswap"),
    "cz and iswap": Target.from_couplings(4, "all_to_all", ["cz", "iswap"]),
}


def run(tape: Tape, target: Target, effort: int = 1) -> Run:
    return Pipeline((*pre_routing(effort, all_to_all=True), *post_routing(effort))).run(tape, target)


def unpermuted(unitary: np.ndarray, done: Run, n: int) -> np.ndarray:
    """Return the unitary with its outputs where the first tape has them."""
    if done.final is None:
        return unitary
    tensor = unitary.reshape([2] * n + [-1])
    return np.moveaxis(tensor, done.final.tolist(), range(n)).reshape(unitary.shape)


def assert_native(tape: Tape, target: Target) -> None:
    native = {NATIVE_OPS[g.name]: g for g in target.natives}
    for row in range(len(tape)):
        code = Op(int(tape.opcode[row]))
        if not IS_UNITARY[code]:
            continue
        qubits = tape.qubits_of(row)
        if len(qubits) == 1:
            assert code in ONE_QUBIT_OPS[target.one_qubit], code
            continue
        assert code in native, code
        way = int(native[code].direction[target.edge_index(*qubits)])
        assert native[code].symmetric or way == 0 or (way == 1) == (qubits[0] < qubits[1])


@pytest.mark.parametrize("name", sorted(TARGETS))
@pytest.mark.parametrize("symbols", [False, True])
def test_outputs_are_native_and_equal(name: str, symbols: bool) -> None:
    for seed in range(4):
        tape = random_tape(50 + seed, n_qubits=4, rows=30, symbols=symbols)
        done = run(tape, TARGETS[name])
        assert_native(done.tape, TARGETS[name])
        values = {"a": 0.9, "b": -2.1}
        old, new = (t.bind({k: values[k] for k in t.parameters}) for t in (tape, done.tape))
        assert np.abs(unpermuted(tape_unitary(new), done, 4) - tape_unitary(old)).max() < 1e-8, seed
        for step in done.steps:
            verdict = validate(step.before, step.after, step.witness)
            assert verdict.ok, (seed, verdict)


@pytest.mark.parametrize("name", ["cz", "ecr", "rxx", "sqrtiswap"])
def test_classical_circuits_become_native_and_replay(name: str) -> None:
    for seed in range(4):
        tape = random_tape(200 + seed, n_qubits=4, rows=40, classical=True)
        tape = tape.replace(tag=np.full(len(tape), -1), tags=())
        done = run(tape, TARGETS[name])
        assert_native(done.tape, TARGETS[name])
        assert (done.tape.opcode == Op.MEASURE).sum() == (tape.opcode == Op.MEASURE).sum()
        assert all(validate(s.before, s.after, s.witness).ok for s in done.steps)


@pytest.mark.parametrize("effort", [0, 1, 2, 3])
def test_every_effort_keeps_the_unitary_and_writes_a_ledger(effort: int) -> None:
    tape = tape_of("h 0; ccx 0 1 2; swap 1 3; cswap 0 2 3; rzz(0.3) 0 3; cx 3 1; ccx 0 1 2; h 3")
    done = run(tape, TARGETS["rzz"], effort)
    assert np.abs(unpermuted(tape_unitary(done.tape), done, 4) - tape_unitary(tape)).max() < 1e-9
    assert done.ledger[0].rows_before == len(tape)
    assert done.ledger[-1].two_qubit_after == done.tape.is_two_qubit.sum()


def test_unknown_effort_is_refused() -> None:
    with pytest.raises(InputError, match="effort"):
        pre_routing(7)


def test_a_controlled_layer_and_a_ladder_of_toffolis_share_gates() -> None:
    # One gate a controlled rotation and three a Toffoli: the other two of its five merge with neighbours.
    b = TapeBuilder(6)
    for q in range(1, 6):
        b.add("crx", 0, q, angles=[0.3 * q])
        b.add("crz", 0, q, angles=[0.7 * q])
    for q in range(1, 5):
        b.add("ccx", 0, q, q + 1)
    target = Target.from_couplings(6, "all_to_all", "rzz")
    assert run(b.build(), target).tape.is_two_qubit.sum() == 5 + 3 * 4


def gadgets(seed: int, n: int = 6, count: int = 15) -> Tape:
    """Return Pauli exponentials written as CNOT ladders."""
    rng = np.random.default_rng(seed)
    b = TapeBuilder(n)
    for _ in range(count):
        paulis = rng.integers(0, 4, size=n)
        support = [int(q) for q in np.flatnonzero(paulis)]
        if len(support) < 2:
            continue
        for q in support:
            if paulis[q] == 1:
                b.add("h", q)
            elif paulis[q] == 2:
                b.add("sx", q)
        for p, q in pairwise(support):
            b.add("cx", p, q)
        b.add("rz", support[-1], angles=[float(rng.uniform(-3, 3))])
        for p, q in reversed(list(pairwise(support))):
            b.add("cx", p, q)
        for q in support:
            if paulis[q] == 1:
                b.add("h", q)
            elif paulis[q] == 2:
                b.add("sxdg", q)
    return b.build()


@pytest.mark.parametrize("seed", range(5))
def test_pauli_exponentials_are_written_anew(seed: int) -> None:
    tape = gadgets(seed)
    done = SynthesizeGadgets().rewrite(tape, TARGETS["rzz"])
    assert np.abs(tape_unitary(done.tape) - tape_unitary(tape)).max() < 1e-9
    assert validate(tape, done.tape, done.witness).ok
    target = Target.from_couplings(6, "all_to_all", "rzz")
    few = run(tape, target).tape.is_two_qubit.sum()
    plain = Pipeline((*pre_routing(1, rewrite=False), *post_routing(1)))(tape, target).is_two_qubit.sum()
    assert few < 0.75 * plain
