"""The checker must reject whatever changes the meaning: damaged tapes, damaged witnesses, forged layouts."""

from __future__ import annotations

import numpy as np
import pytest

from qcompile.passes import CollectTwoQubitBlocks, ElideSwaps, MergeOneQubit, MergeRotations, TranslateOneQubit
from qcompile.tape import Expr, LayoutWitness, Op, RegionWitness, Rewrite, Tape, TapeBuilder, tape_of, tape_unitary
from qcompile.verify.validate import validate
from tests.passes.random_tapes import random_matrix, random_tape

PASSES = (MergeOneQubit(), MergeRotations(), CollectTwoQubitBlocks(), TranslateOneQubit())


def same(old: Tape, new: Tape) -> bool:
    return old.n_qubits == new.n_qubits and bool(np.abs(tape_unitary(old) - tape_unitary(new)).max() < 1e-7)


def damaged(tape: Tape, rng: np.random.Generator) -> Tape:
    """Return the tape with one thing changed."""
    n = len(tape)
    row = int(rng.integers(n))
    kind = int(rng.integers(8))
    if kind == 0:
        return tape.take(np.arange(n) != row)
    if kind == 1:
        angle = tape.angle.copy()
        angle[row, int(rng.integers(3))] += 0.01
        return tape.replace(angle=angle)
    if kind == 2:
        sequence = np.arange(n)
        other = int(rng.integers(n))
        sequence[[row, other]] = sequence[[other, row]]
        return tape.take(sequence)
    if kind == 3:
        return tape.with_phase(0.01)
    if kind == 4:
        qubits = tape.qubits.copy()
        qubits[row] = qubits[row, ::-1] if qubits[row, 1] >= 0 else [(qubits[row, 0] + 1) % tape.n_qubits, -1]
        return tape.replace(qubits=qubits)
    if kind == 5:
        opcode = tape.opcode.copy()
        swap = {Op.X: Op.Y, Op.RZ: Op.RX, Op.CX: Op.CZ, Op.CZ: Op.CX, Op.S: Op.SDG, Op.T: Op.S, Op.RX: Op.RY}
        opcode[row] = swap.get(Op(int(opcode[row])), opcode[row])
        return tape.replace(opcode=opcode)
    if kind == 6 and len(tape.mat1):
        mat = tape.mat1.copy()
        mat[int(rng.integers(len(mat)))] = random_matrix(rng, 2)
        return tape.replace(mat1=mat)
    if len(tape.mat2):
        mat = tape.mat2.copy()
        mat[int(rng.integers(len(mat)))] @= np.diag([1, 1, 1, np.exp(0.02j)])
        return tape.replace(mat2=mat)
    return tape.take(np.append(np.arange(n), row))


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_tape_is_rejected(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tape = random_tape(seed, n_qubits=3, rows=25)
    done = PASSES[seed % len(PASSES)].rewrite(tape)
    for _ in range(12):
        new = damaged(done.tape, rng)
        verdict = validate(tape, new, done.witness)
        if len(new) != len(done.witness.new):
            assert not verdict.ok
        if verdict.ok:  # the damage may be harmless; the verdict may not be wrong
            assert same(tape, new)


@pytest.mark.parametrize("seed", range(40))
def test_no_forged_witness_makes_unequal_tapes_equal(seed: int) -> None:
    rng = np.random.default_rng(1000 + seed)
    tape = random_tape(seed, n_qubits=3, rows=14)
    done = PASSES[seed % len(PASSES)].rewrite(tape)
    for _ in range(20):
        new = damaged(done.tape, rng) if rng.random() < 0.5 else done.tape
        old_regions, new_regions = done.witness.old.copy(), np.resize(done.witness.new, len(new)).astype(np.int32)
        for regions in (old_regions, new_regions):
            if len(regions) and rng.random() < 0.7:
                regions[int(rng.integers(len(regions)))] = int(rng.integers(-1, len(tape) + 2))
            if rng.random() < 0.1:
                regions[:] = 0
        verdict = validate(tape, new, RegionWitness(old=old_regions, new=new_regions))
        if verdict.ok:
            assert same(tape, new)


def test_one_region_over_everything_is_a_matrix_check_on_three_qubits() -> None:
    old, new = tape_of("h 0; cx 0 1; cx 1 2"), tape_of("cx 0 1; h 0; cx 1 2")
    witness = RegionWitness(old=[0, 0, 0], new=[0, 0, 0])
    assert validate(old, old, witness).ok
    assert not validate(old, new, witness).ok


@pytest.mark.parametrize(
    ("old", "new", "legal"),
    [
        ("rz(0.1) 0; cx 0 1", "cx 0 1; rz(0.1) 0", True),
        ("rx(0.1) 0; cx 0 1", "cx 0 1; rx(0.1) 0", False),
        ("rx(0.1) 1; cx 0 1", "cx 0 1; rx(0.1) 1", True),
        ("cx 0 1; cx 0 2", "cx 0 2; cx 0 1", True),
        ("cx 0 1; cx 1 2", "cx 1 2; cx 0 1", False),
        ("h 0; measure 0", "measure 0; h 0", False),
        ("rz(0.3) 0; measure 0", "measure 0; rz(0.3) 0", True),
        ("reset 0; rz(0.3) 0", "rz(0.3) 0; reset 0", False),
        ("rz(t) 0; cz 0 1", "cz 0 1; rz(t) 0", True),
        ("rx(t) 0; cz 0 1", "cz 0 1; rx(t) 0", False),
    ],
)
def test_rows_move_only_past_what_they_commute_with(old: str, new: str, legal: bool) -> None:
    a, b = tape_of(old), tape_of(new, n_qubits=tape_of(old).n_qubits)
    assert validate(a, b, RegionWitness(old=[0, 1], new=[1, 0])).ok is legal


def classical(kind: str, key: str = "k", tags: tuple[str, ...] = ()) -> Tape:
    from qcompile.tape import Condition

    b = TapeBuilder(2)
    b.measure(0, key=key)
    condition = {"yes": Condition(("k",)), "not": Condition(("k",), negate=True), "none": None}[kind]
    b.add("x", 1, condition=condition, tags=tags)
    return b.build()


def test_classical_content_may_not_change() -> None:
    keep = RegionWitness(old=[0, 1], new=[0, 1])
    old = classical("yes")
    assert validate(old, classical("yes"), keep).ok
    assert not validate(old, classical("not"), keep).ok
    assert not validate(old, classical("none"), keep).ok
    assert not validate(old, classical("yes", key="m"), keep).ok
    assert not validate(old, old.take([0]), RegionWitness(old=[0, 1], new=[0])).ok
    assert not validate(old, old.take([1, 0]), RegionWitness(old=[0, 1], new=[1, 0])).ok


def test_fenced_rows_keep_their_order() -> None:
    b = TapeBuilder(2)
    b.fence = 1
    b.add("rz", 0, angles=[0.1])
    b.add("rz", 1, angles=[0.1])
    old = b.build()
    assert not validate(old, old.take([1, 0]), RegionWitness(old=[0, 1], new=[1, 0])).ok
    assert not validate(old, old.take(np.zeros(0, dtype=int)), RegionWitness(old=[0, 0], new=[])).ok


def test_symbolic_regions_are_proved_on_a_grid() -> None:
    old = tape_of("rz(t) 0; rz(2*t+0.3) 0")
    witness = RegionWitness(old=[0, 0], new=[0])
    good = validate(old, tape_of("rz(3*t+0.3) 0"), witness)
    assert good.ok
    assert good.evidence == "exact"
    assert not validate(old, tape_of("rz(3*t+0.31) 0"), witness).ok
    assert not validate(old, tape_of("rz(2*t+0.3) 0"), witness).ok
    assert not validate(old, tape_of("rz(3*s+0.3) 0"), witness).ok


def test_symbolic_phases_must_add_up() -> None:
    old, new = tape_of("p(t) 0"), tape_of("rz(t) 0")
    witness = RegionWitness(old=[0], new=[0])
    assert validate(old, new.with_phase(Expr.symbol("t") * 0.5), witness).ok
    assert not validate(old, new, witness).ok
    assert not validate(old, new.with_phase(Expr.symbol("t") * 0.5 + 0.1), witness).ok


def test_functions_of_parameters_are_numerical_evidence() -> None:
    wave = Expr.symbol("t").apply("sin")
    tapes = []
    for angles in ((wave, wave), (wave * 2.0,), (wave * 2.5,)):
        b = TapeBuilder(1)
        for angle in angles:
            b.add("rz", 0, angles=[angle])
        tapes.append(b.build())
    witness = RegionWitness(old=[0, 0], new=[0])
    assert not validate(tapes[0], tapes[2], witness).ok
    verdict = validate(tapes[0], tapes[1], witness)
    assert verdict.ok
    assert verdict.evidence == "numerical"


def test_a_tiny_angle_is_added_to_the_bound() -> None:
    old = tape_of("rz(0.000000001) 0; h 0")
    verdict = validate(old, old.take([1]), RegionWitness(old=[0, 1], new=[1]))
    assert verdict.ok
    assert 5e-10 < verdict.error_bound < 2e-9
    assert not validate(old, old.take([1]), RegionWitness(old=[0, 1], new=[1]), atol=1e-10).ok


# Layouts --------------------------------------------------------------------------------------------------------------


def routed() -> tuple[Tape, Tape, LayoutWitness]:
    old = tape_of("cx 0 1; cx 0 2; h 1")
    new = tape_of("cx 2 1; swap 1 0; cx 2 1; h 0")
    events = [(0, 0), (-1, 1), (1, 2), (2, 3)]
    return old, new, LayoutWitness(events=events, initial=[2, 1, 0], final=[2, 0, 1])


def test_a_layout_is_replayed() -> None:
    old, new, witness = routed()
    assert validate(old, new, witness).ok


@pytest.mark.parametrize(
    "change",
    [
        {"initial": [0, 1, 2]},
        {"final": [2, 1, 0]},
        {"initial": [2, 2, 0]},
        {"events": [(0, 0), (-1, 1), (2, 3), (1, 2)], "final": [0, 2, 1]},
        {"events": [(0, 0), (-1, 1), (1, 2)]},
        {"events": [(0, 0), (-1, 1), (1, 2), (2, 2)]},
        {"events": [(0, 0), (-1, 2), (1, 1), (2, 3)]},
        {"events": [(0, 0), (-1, -1), (-1, 1), (1, 2), (2, 3)]},
        {"initial": [2, 1], "final": [2, 0]},
    ],
)
def test_a_forged_layout_is_rejected(change: dict[str, object]) -> None:
    old, new, witness = routed()
    fields = {"events": witness.events, "initial": witness.initial, "final": witness.final} | change
    assert not validate(old, new, LayoutWitness(**fields)).ok


def test_rows_moved_by_a_layout_keep_their_content() -> None:
    old, new, witness = routed()
    opcode = new.opcode.copy()
    opcode[1] = Op.ISWAP
    assert not validate(old, new.replace(opcode=opcode), witness).ok
    opcode = new.opcode.copy()
    opcode[3] = Op.X
    assert not validate(old, new.replace(opcode=opcode), witness).ok
    qubits = new.qubits.copy()
    qubits[2] = [1, 2]
    assert not validate(old, new.replace(qubits=qubits), witness).ok
    assert not validate(old, new.with_phase(0.1), witness).ok


def test_commuting_rows_may_be_routed_in_another_order() -> None:
    old = tape_of("cx 0 1; cx 0 2; h 1")
    good = old.take([1, 0, 2])
    identity = [0, 1, 2]
    witness = LayoutWitness(events=[(1, 0), (0, 1), (2, 2)], initial=identity, final=identity)
    assert validate(old, good, witness).ok
    bad = LayoutWitness(events=[(2, 0), (0, 1), (1, 2)], initial=identity, final=identity)
    assert not validate(old, old.take([2, 0, 1]), bad).ok


def test_elided_swaps_are_replayed_and_forged_ones_rejected() -> None:
    tape = tape_of("swap 0 1; h 0; cx 0 2; swap 1 2; t 2; ccx 0 1 2")
    done: Rewrite = ElideSwaps().rewrite(tape)
    witness = done.witness
    assert isinstance(witness, LayoutWitness)
    assert validate(tape, done.tape, witness).ok
    forged = LayoutWitness(events=witness.events, initial=witness.initial, final=witness.final[::-1])
    assert not validate(tape, done.tape, forged).ok
    qubits = done.tape.qubits.copy()
    qubits[0, 0] = 0
    assert not validate(tape, done.tape.replace(qubits=qubits), witness).ok


def test_large_tapes_are_checked() -> None:
    rng = np.random.default_rng(5)
    b = TapeBuilder(60)
    for _ in range(20_000):
        p, q = (int(v) for v in rng.choice(60, size=2, replace=False))
        b.add("cx", p, q)
        b.add("u3", p, angles=[float(v) for v in rng.uniform(-3, 3, 3)])
        b.add("t", q)
    tape = b.build()
    for one in (MergeOneQubit(), CollectTwoQubitBlocks(least=1)):
        done = one.rewrite(tape)
        assert validate(tape, done.tape, done.witness).ok
        tape = done.tape
