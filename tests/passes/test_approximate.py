"""Gates made cheaper within a stated error: the error is no larger than stated, and the checker measures it again."""

from __future__ import annotations

import cirq
import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import qcompile as qc
from qcompile.errors import InputError
from qcompile.passes import CollectTwoQubitBlocks
from qcompile.passes.approximate import Approximate
from qcompile.passes.natives import native_counts, native_edges
from qcompile.tape import Tape, TapeBuilder, tape_of, tape_unitary
from qcompile.tape.opcodes import ARITY
from qcompile.tape.simulate import row_matrices
from qcompile.verify.validate import validate
from tests.passes.random_tapes import random_tape

NATIVES = ("cz", "ecr", "rzz", "sqrtiswap", "iswap", "syc")


def small_angles(seed: int, n_qubits: int = 4, rows: int = 25) -> Tape:
    """Return gates of which many do little between their qubits."""
    rng = np.random.default_rng(seed)
    b = TapeBuilder(n_qubits)
    for _ in range(rows):
        p, q = (int(v) for v in rng.permutation(n_qubits)[:2])
        angle = float(rng.choice([-1, 1]) * 10 ** rng.uniform(-4, 0.5))
        b.add(str(rng.choice(["cp", "crz", "rzz", "rxx", "ryy", "crx"])), p, q, angles=[angle])
        if rng.random() < 0.5:
            b.add(str(rng.choice(["h", "t", "sx"])), p)
    return b.build()


def operator_distance(old: Tape, new: Tape) -> float:
    return float(np.linalg.norm(tape_unitary(old) - tape_unitary(new), 2))


def native_gates(tape: Tape, target: qc.Target) -> int:
    rows = np.flatnonzero(ARITY[tape.opcode] == 2)
    return int(native_counts(native_edges(target, tape.qubits[rows]), row_matrices(tape, rows))[1].sum())


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**6), error=st.sampled_from([1e-3, 0.03, 0.3]), native=st.sampled_from(NATIVES),
    rotations_only=st.booleans(), fuse=st.booleans(),
)  # fmt: skip
def test_the_error_is_within_the_stated_one(
    seed: int, error: float, native: str, rotations_only: bool, fuse: bool
) -> None:
    target = qc.Target.from_couplings(4, "all_to_all", native=native)
    tape = small_angles(seed)
    tape = CollectTwoQubitBlocks()(tape) if fuse else tape
    done = Approximate(max_error=error, rotations_only=rotations_only).rewrite(tape, target)
    assert done.witness.claimed <= error
    assert operator_distance(tape, done.tape) <= done.witness.claimed + 1e-12
    verdict = validate(tape, done.tape, done.witness)
    assert verdict.ok, verdict
    assert verdict.error_bound <= done.witness.claimed + 1e-10
    if done.tape is not tape:
        assert native_gates(done.tape, target) < native_gates(tape, target)


@pytest.mark.parametrize("seed", range(20))
def test_other_rows_stay(seed: int) -> None:
    tape = random_tape(seed, symbols=True, classical=True)
    done = Approximate(max_error=0.5).rewrite(tape)
    verdict = validate(tape, done.tape, done.witness)
    assert verdict.ok, verdict


def test_without_an_error_nothing_changes() -> None:
    tape = small_angles(0)
    assert Approximate().rewrite(tape).tape is tape


def test_a_witness_that_states_too_little_fails() -> None:
    tape = tape_of("h 0; cp(0.01) 0 1; h 1")
    done = Approximate(max_error=0.1).rewrite(tape)
    assert done.witness.claimed == pytest.approx(2 * np.sin(0.01 / 8), abs=1e-14)
    assert validate(tape, done.tape, done.witness).ok
    for factor in (0.0, 0.9):
        less = evolve(done.witness, error=factor * done.witness.error)
        assert not validate(tape, done.tape, less).ok
    assert not validate(tape, done.tape, evolve(done.witness, error=None)).ok


def test_a_compile_that_claims_more_than_granted_is_not_certified() -> None:
    built = qc.compile(tape_of("h 0; cp(0.01) 0 1; h 1"), target="line(2)", max_error=0.1)
    assert built.metrics["n2"] == 0
    assert qc.certify(built).ok
    assert not qc.certify(evolve(built, options=evolve(built.options, max_error=1e-4))).ok


@pytest.mark.parametrize("native", ["cz", "rzz", "sqrtiswap"])
def test_blocks_near_a_cheaper_class(native: str) -> None:
    pair = qc.Target.from_couplings(2, [(0, 1)], native=native)
    q = cirq.LineQubit.range(2)
    locals_ = [cirq.testing.random_unitary(2, random_state=k) for k in range(4)]
    near = cirq.KakDecomposition(
        interaction_coefficients=(0.5, 0.498, 0.004),
        single_qubit_operations_before=(locals_[0], locals_[1]),
        single_qubit_operations_after=(locals_[2], locals_[3]),
    )
    circuit = cirq.Circuit(cirq.MatrixGate(cirq.unitary(near)).on(*q))
    exact, less = (qc.compile(circuit, target=pair, max_error=e) for e in (0.0, 0.01))
    assert (exact.metrics["n2"], less.metrics["n2"]) == (3, 2)
    assert less.error_bound == pytest.approx(2 * np.sin(0.004 / 2), abs=1e-10)
    assert qc.certify(less).ok


def test_an_error_never_costs_gates() -> None:
    n = 8
    tape = tape_of(
        "; ".join("; ".join([f"h {i}"] + [f"cp(pi/{2 ** (j - i)}) {j} {i}" for j in range(i + 1, n)]) for i in range(n))
    )
    line = qc.Target.load("line(8)")
    counts = []
    for error in (0.0, 0.001, 0.01, 0.1, 0.5):
        built = qc.compile(tape, target=line, max_error=error)
        assert built.error_bound <= error
        assert qc.certify(built).ok
        counts.append(built.metrics["n2"])
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] < counts[0]


@pytest.mark.parametrize("value", [-1e-3, 1.0, float("nan"), "small", True])
def test_what_is_no_error_is_refused(value: object) -> None:
    with pytest.raises(InputError, match="max_error"):
        qc.compile(tape_of("cx 0 1"), target="line(2)", max_error=value)
