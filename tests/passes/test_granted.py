"""Passes that rely on what the caller grants: outcomes stay, and the checker agrees only when it is told."""

from __future__ import annotations

import numpy as np
import pytest

from qcompile.passes import RemoveOnKnownZero, RemoveUnobserved
from qcompile.passes.copies import SpreadCopies
from qcompile.tape import Op, Tape, TapeBuilder, tape_of, tape_state
from qcompile.target import Target
from qcompile.verify.validate import validate
from tests.passes.random_tapes import random_tape


def starts_plainly(seed: int, *, symbols: bool = False) -> Tape:
    """Return a random tape behind a few gates that keep basis states."""
    rng = np.random.default_rng(seed)
    b = TapeBuilder(5)
    for _ in range(12):
        p, q, r = (int(v) for v in rng.permutation(5)[:3])
        kind = int(rng.integers(8))
        if kind == 0:
            b.add("x", p)
        elif kind == 1:
            b.add("cx", p, q)
        elif kind == 2:
            b.add("ccx", p, q, r)
        elif kind == 3:
            b.add("swap", p, q)
        elif kind == 4:
            b.add("cp", p, q, angles=[0.4])
        elif kind == 5:
            b.add("cswap", p, q, r)
        elif kind == 6:
            b.add(str(rng.choice(["h", "sx", "s", "t"])), p)
        else:
            b.add("rzz", p, q, angles=[1.1])
    b.extend(random_tape(seed, n_qubits=5, rows=20, symbols=symbols))
    return b.build()


@pytest.mark.parametrize("seed", range(30))
def test_known_zeros_keep_the_state(seed: int) -> None:
    tape = starts_plainly(seed, symbols=seed % 3 == 0)
    done = RemoveOnKnownZero().rewrite(tape)
    values = {"a": 0.7, "b": -0.4}
    old, new = (t.bind({k: values[k] for k in t.parameters}) for t in (tape, done.tape))
    assert np.abs(tape_state(old) - tape_state(new)).max() < 1e-9
    verdict = validate(tape, done.tape, done.witness, inputs="zero")
    assert verdict.ok, verdict
    if np.abs(_first_columns(old) - _first_columns(new)).max() > 1e-6:
        assert not validate(tape, done.tape, done.witness).ok


def _first_columns(tape: Tape) -> np.ndarray:
    from qcompile.tape import tape_unitary

    return tape_unitary(tape)


@pytest.mark.parametrize("bits", [0b1, 0b1011, 0b11111])
def test_hidden_strings_need_no_pair(bits: int) -> None:
    b = TapeBuilder(6)
    for q in range(5):
        b.add("h", q)
    b.add("x", 5)
    b.add("h", 5)
    for q in range(5):
        if bits >> q & 1:
            b.add("cx", q, 5)
    for q in range(5):
        b.add("h", q)
    tape = b.build()
    done = RemoveOnKnownZero().rewrite(tape)
    assert not done.tape.is_two_qubit.any()
    assert np.abs(tape_state(tape) - tape_state(done.tape)).max() < 1e-12
    assert validate(tape, done.tape, done.witness, inputs="zero").ok


@pytest.mark.parametrize("seed", range(20))
def test_spread_copies_keep_the_state(seed: int) -> None:
    rng = np.random.default_rng(seed)
    b = TapeBuilder(6)
    b.add("ry", 0, angles=[0.7])
    for q in rng.permutation(range(1, 6)).tolist():
        if rng.random() < 0.3:
            b.add(str(rng.choice(["h", "x", "t"])), int(rng.integers(6)))
        b.add("cx", 0, q)
    tape = b.build() if seed else tape_of("h 0; cx 0 1; cx 0 2; cx 0 3; cx 0 4; cx 0 5")
    target = Target.load("all_to_all(6)")
    done = SpreadCopies().rewrite(tape, target)
    assert np.abs(tape_state(tape) - tape_state(done.tape)).max() < 1e-12
    assert validate(tape, done.tape, done.witness, inputs="zero").ok
    if done.tape is not tape:
        assert not validate(tape, done.tape, done.witness).ok


def test_copies_from_a_wrong_holder_are_refused() -> None:
    from qcompile.tape import RegionWitness

    old, new = tape_of("h 0; h 4; cx 0 1; cx 0 2; cx 0 3"), tape_of("h 0; h 4; cx 0 1; cx 4 2; cx 1 3")
    witness = RegionWitness(old=[0, 1, 4, 4, 4], new=[0, 1, 4, 4, 4])
    assert not validate(old, new, witness, inputs="zero").ok
    onto_one = tape_of("h 0; h 4; h 3; cx 0 1; cx 0 2; cx 0 3"), tape_of("h 0; h 4; h 3; cx 0 1; cx 1 2; cx 2 3")
    witness = RegionWitness(old=[0, 1, 2, 5, 5, 5], new=[0, 1, 2, 5, 5, 5])
    assert validate(*onto_one, witness, inputs="zero").ok, "the last target need not be in 0: the parities agree"
    swapped = tape_of("h 0; h 4; h 3; cx 0 1; cx 0 3; cx 3 2")
    assert not validate(onto_one[0], swapped, witness, inputs="zero").ok


def test_a_measurement_ends_what_is_known_but_for_basis_states() -> None:
    tape = tape_of("h 0; x 1; measure 0 1; cx 0 2; cx 1 3")
    done = RemoveOnKnownZero().rewrite(tape)
    assert done.tape.is_two_qubit.sum() == 1
    assert validate(tape, done.tape, done.witness, inputs="zero").ok


def test_a_gate_on_an_unknown_control_stays() -> None:
    tape = tape_of("h 0; cx 0 1; cx 1 2")
    assert RemoveOnKnownZero()(tape) is tape
    forged = RemoveOnKnownZero().rewrite(tape_of("cx 0 1; h 2"))
    assert not validate(tape_of("cx 0 1; h 2"), tape_of("x 2", n_qubits=3), forged.witness, inputs="zero").ok


def outcomes(tape: Tape) -> dict[tuple[int, ...], float]:
    """Return the distribution over measured bits in the order of the MEASURE rows, by branching."""
    branches: list[tuple[tuple[int, ...], np.ndarray]] = [((), np.eye(1, 2**tape.n_qubits, dtype=complex)[0])]
    n = tape.n_qubits
    from qcompile.tape.simulate import apply_rows

    for row in range(len(tape)):
        if tape.opcode[row] == Op.MEASURE:
            (q,) = tape.qubits_of(row)
            bit = (np.arange(2**n) >> (n - 1 - q)) & 1
            branches = [((*bits, v), np.where(bit == v, state, 0)) for bits, state in branches for v in (0, 1)]
        else:
            one = tape.take([row]).replace(phase=0.0)
            branches = [(bits, apply_rows(one, state[:, None])[:, 0]) for bits, state in branches]
    out: dict[tuple[int, ...], float] = {}
    for bits, state in branches:
        out[bits] = out.get(bits, 0.0) + float(np.vdot(state, state).real)
    return out


@pytest.mark.parametrize("seed", range(30))
def test_what_is_not_observed_leaves_the_outcomes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    b = TapeBuilder(3)
    for part in range(2):
        b.extend(random_tape(2 * seed + part, n_qubits=3, rows=10).replace(phase=0.0))
        b.measure(int(rng.integers(3)), key=f"k{part}")
        if rng.random() < 0.5:
            b.add("rz", int(rng.integers(3)), angles=[0.3])
            b.add("cz", 0, 1)
    b.measure(int(rng.integers(3)), key="last")
    tape = b.build()
    done = RemoveUnobserved().rewrite(tape)
    before, after = outcomes(tape), outcomes(done.tape)
    assert all(abs(before[k] - after[k]) < 1e-9 for k in before)
    verdict = validate(tape, done.tape, done.witness, outputs="measured")
    assert verdict.ok, verdict


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("h 0; rz(0.3) 0; measure 0", 2),
        ("h 0; rz(0.3) 0; h 0; measure 0", 4),
        ("h 0; cz 0 1; measure 0; measure 1", 3),
        ("h 0; cx 0 1; measure 1", 3),
        ("h 0; cx 0 1; measure 0", 2),
        ("h 0; h 1", 0),
        ("rz(t) 0; measure 0", 1),
    ],
)
def test_only_what_no_measurement_sees_goes(text: str, kept: int) -> None:
    tape = tape_of(text)
    done = RemoveUnobserved().rewrite(tape)
    assert len(done.tape) == kept
    assert validate(tape, done.tape, done.witness, outputs="measured").ok
    if len(tape) > kept:
        assert not validate(tape, done.tape, done.witness).ok


def test_a_seen_gate_may_not_go() -> None:
    tape = tape_of("rz(0.3) 0; h 0; measure 0")
    from qcompile.tape import RegionWitness

    witness = RegionWitness(old=[0, 1, 2], new=[1, 2])
    assert not validate(tape, tape.take([1, 2]), witness, outputs="measured").ok
