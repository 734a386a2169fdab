"""Cascades of phases: what is one, what is none, that the rewrites keep the unitary, and what they cost."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qcompile as qc
from qcompile.mapping import cascade_route, cascade_wave, line_schedule, put, recognise, wave_schedule
from qcompile.tape import Op, Tape, TapeBuilder, tape_of, tape_unitary
from qcompile.target import Target
from qcompile.verify.validate import validate


def fourier(n: int, *, reach: int = 10**6, swaps: bool = False, order: list[int] | None = None) -> Tape:
    b = TapeBuilder(n)
    q = order or list(range(n))
    for i in range(n):
        b.add("h", q[i])
        for j in range(i + 1, min(n, i + reach + 1)):
            b.add("cp", q[j], q[i], angles=[math.pi / 2 ** (j - i)])
    if swaps:
        for i in range(n // 2):
            b.add("swap", q[i], q[n - 1 - i])
    return b.build()


def random_cascade(rng: np.random.Generator, n: int) -> Tape:
    """A cascade on shuffled qubits, dense, with every kind of phase, gates in a random order that commutes."""
    q = rng.permutation(n).tolist()
    b = TapeBuilder(n)
    for i in range(n):
        if rng.random() < 0.8:
            b.add("u3", q[i], angles=rng.normal(size=3).tolist())
        later = [j for j in range(i + 1, n) if rng.random() < 0.95 or n < 6]
        for j in rng.permutation(later).astype(int).tolist():
            pair = (q[i], q[j]) if rng.random() < 0.5 else (q[j], q[i])
            angle = float(rng.normal())
            kind = int(rng.integers(5))
            if kind == 0:
                b.add("cz", *pair)
            elif kind == 1:
                b.add("crz", *pair, angles=[angle])
                b.add("t", pair[0])
            elif kind == 2:
                b.add("rzz", *pair, angles=[angle])
            elif kind == 3:
                b.add_matrix(np.diag(np.exp(1j * rng.normal(size=4))), *pair)
            else:
                b.add("cp", *pair, angles=[angle])
            if rng.random() < 0.2:
                b.add("rz", q[j], angles=[angle])
    b.phase = 0.3
    tape = b.build()
    return tape.adjoint() if rng.random() < 0.5 else tape


def random_machine(rng: np.random.Generator, n: int) -> Target:
    """A connected graph of n to n + 3 qubits: a random tree and a few more edges."""
    m = n + int(rng.integers(4))
    name = rng.permutation(m)
    edges = [(int(name[k]), int(name[rng.integers(max(0, k - 3), k)])) for k in range(1, m)]
    for _ in range(int(rng.integers(m))):
        a, b = rng.choice(m, 2, replace=False).tolist()
        if (a, b) not in edges and (b, a) not in edges:
            edges.append((a, b))
    return Target.from_couplings(m, edges)


def permuted(u: np.ndarray, final: np.ndarray) -> np.ndarray:
    n = len(final)
    return np.moveaxis(u.reshape([2] * n + [-1]), list(final), range(n)).reshape(u.shape)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_every_rewrite_keeps_the_unitary_and_its_witness_proves_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(5, 8))
    tape, target = random_cascade(rng, n), random_machine(rng, n)
    cascade = recognise(tape)
    if cascade is None:
        assert n >= 6  # too few phases were drawn
        return
    found = cascade_route(tape, target, cascade)
    assert found is not None
    steps, place = found
    for step in steps:
        assert validate(step.before, step.after, step.witness)
    assert np.allclose(tape_unitary(steps[-1].after), tape_unitary(tape), atol=1e-9)
    assert put(steps[-1].after, target, place).n_swaps == 0
    step, n_swaps = line_schedule(tape, cascade)
    assert validate(step.before, step.after, step.witness)
    assert n_swaps == n * (n - 1) // 2 - 1
    assert np.allclose(permuted(tape_unitary(step.after), step.witness.final), tape_unitary(tape), atol=1e-9)
    chain = {frozenset(p) for p in zip(cascade.qubits.tolist(), cascade.qubits[1:].tolist(), strict=False)}
    assert {frozenset(p) for p in step.after.qubits[step.after.is_two_qubit].tolist()} <= chain
    waves = wave_schedule(tape, cascade)
    assert waves is not None
    for step in waves[0]:
        assert validate(step.before, step.after, step.witness)
    last = waves[0][-1]
    assert np.allclose(permuted(tape_unitary(last.after), last.witness.final), tape_unitary(tape), atol=1e-9)
    assert len({frozenset(p) for p in last.after.qubits[last.after.is_two_qubit].tolist()}) == len(cascade.qubits) - 1


@pytest.mark.parametrize("objective", ["two_qubit_gates", "depth", "esp"])
@pytest.mark.parametrize("seed", [0, 1])
def test_compiled_cascades_are_certified(objective: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    tape, target = random_cascade(rng, 6), random_machine(rng, 6)
    built = qc.compile(tape, target=target, objective=objective)
    certificate = qc.certify(built)
    assert certificate.ok
    assert certificate.replay.ok


def test_swaps_at_the_end_enter_the_final_layout() -> None:
    tape = fourier(7, swaps=True)
    built = qc.compile(tape, target="grid(3,3)")
    assert qc.certify(built).ok
    assert (built.final_layout[:7] != built.initial_layout[:7]).any()


def test_a_fixed_final_layout_is_kept() -> None:
    built = qc.compile(fourier(6, swaps=True), target="grid(2,4)", final_layout="same")
    assert (built.final_layout[:6] == built.initial_layout[:6]).all()
    assert qc.certify(built).ok


def test_measured_cascades_are_cascades() -> None:
    b = TapeBuilder(6)
    b.extend(fourier(6))
    b.measure(*range(6), key="m")
    tape = b.build()
    cascade = recognise(tape)
    assert cascade is not None
    found = cascade_route(tape, Target.from_couplings(6, [(k, k + 1) for k in range(5)]), cascade)
    assert found is not None
    assert all(validate(s.before, s.after, s.witness) for s in found[0])
    assert found[0][-1].after.opcode[-1] == Op.MEASURE
    assert qc.certify(qc.compile(tape, target="line(6)")).ok


@pytest.mark.parametrize("order", [None, [3, 1, 6, 0, 5, 2, 4]])
@pytest.mark.parametrize("reach", [5, 10])
def test_fourier_transforms_and_their_inverses_are_recognised(order: list[int] | None, reach: int) -> None:
    tape = fourier(7, reach=reach, order=order)
    for one in (tape, tape.adjoint()):
        cascade = recognise(one)
        assert cascade is not None
        assert sorted(cascade.qubits.tolist()) == list(range(7))
        assert len(cascade.star) == len(np.flatnonzero(one.is_two_qubit))
        assert (cascade.star < cascade.mate).all()


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("n", [11, 20])
def test_waves_need_few_gates_in_few_layers(n: int, backwards: bool) -> None:
    tape = fourier(n).adjoint() if backwards else fourier(n, swaps=True)
    built = qc.compile(tape, target=f"line({n})")
    assert built.metrics["n2"] <= n * n + 2 * n - 7
    assert built.metrics["d2"] <= 6 * n - 10


@pytest.mark.parametrize("part", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("reach", [3, 4, 20])
def test_waves_and_sweeps_of_any_reach_are_proved(part: float, reach: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cascade_wave, "_PARTS", (part,))
    tape = fourier(6, reach=reach, order=[3, 1, 0, 5, 2, 4])
    for one in (tape, tape.adjoint()):
        cascade = recognise(one)
        assert cascade is not None
        found = wave_schedule(one, cascade)
        assert found is not None
        for step in found[0]:
            assert validate(step.before, step.after, step.witness)
        last = found[0][-1]
        assert np.allclose(permuted(tape_unitary(last.after), last.witness.final), tape_unitary(one), atol=1e-9)
        assert len({frozenset(p) for p in last.after.qubits[last.after.is_two_qubit].tolist()}) == 5
        assert found[1] == 0 or part > 0


def test_sweeps_need_two_gates_a_pair_and_waves_few_layers() -> None:
    tape = fourier(24, reach=4)
    n_pairs = int(tape.is_two_qubit.sum())
    built = qc.compile(tape, target="line(24)")
    assert built.metrics["n2"] <= 2 * n_pairs + 2 * 24
    fast = qc.compile(tape, target="line(24)", objective="depth")
    assert fast.metrics["d2"] < built.metrics["d2"]


def test_phases_written_with_cnots_are_seen() -> None:
    b = TapeBuilder(8)
    for i in range(8):
        b.add("h", i)
        for j in range(i + 1, 8):
            half = math.pi / 2 ** (j - i + 1)
            b.add("p", j, angles=[half])
            b.add("cx", j, i)
            b.add("p", i, angles=[-half])
            b.add("cx", j, i)
            b.add("p", i, angles=[half])
    tape = b.build()
    target = Target.from_couplings(9, [(k, k + 1) for k in range(8)] + [(1, 4), (4, 7)])
    built = qc.compile(tape, target=target)
    assert any(entry.name == "cascade_route" for entry in built.ledger) or built.metrics["n2"] <= 70
    certificate = qc.certify(built)
    assert certificate.ok
    assert certificate.replay.ok


def broken(text: str) -> Tape:
    """Return a Fourier transform on six qubits with more gates at its end."""
    return Tape.concat([fourier(6), tape_of(text, n_qubits=6)])


@pytest.mark.parametrize(
    "text",
    [
        "cp(0.3) 0 5; h 0; cp(0.3) 0 4",  # two changes of basis on one qubit
        "h 5; cp(0.1) 5 0; h 5; cp(0.2) 5 1",
        "cx 0 1",
        "rxx(0.3) 2 3",
        "cp(a) 0 1",
        "measure 0; cp(0.3) 0 1",
        "h 0; h 1; h 2; cp(0.1) 0 1; cp(0.1) 1 2; cp(0.1) 2 0",  # roots in a ring
    ],
)
def test_broken_patterns_are_left_to_the_router(text: str) -> None:
    assert recognise(broken(text)) is None


def test_rows_that_may_not_move_make_no_cascade() -> None:
    tape = fourier(6)
    assert recognise(tape) is not None
    assert recognise(tape.replace(fence=np.arange(len(tape)) == 3)) is None
    assert recognise(tape_of("h 0; cp(0.1) 0 1; cp(0.2) 1 2; cp(0.1) 2 3")) is None  # thin


@pytest.mark.parametrize(
    ("machine", "n", "gates", "depth"),
    [
        ("google_sycamore_2019", 8, 70, 54),
        ("google_sycamore_2019", 32, 1090, 190),
        ("google_willow_105", 8, 70, 54),
        ("google_willow_105", 32, 1090, 190),
        ("ibm_fez", 32, 1090, 190),
    ],
)
def test_fourier_transforms_on_machines_stay_as_cheap_as_they_are(machine: str, n: int, gates: int, depth: int) -> None:
    shipped = Target.load(machine)
    target = Target.from_couplings(shipped.n_qubits, shipped.edges.tolist(), native="cz")
    built = qc.compile(fourier(n, swaps=True), target=target)
    assert built.metrics["n2"] <= gates
    assert built.metrics["d2"] <= depth


def test_the_line_is_taken_when_layers_count() -> None:
    built = qc.compile(fourier(16), target="grid(4,5)", objective="depth")
    assert built.metrics["d2"] <= 6 * 16 - 9
    assert built.n_swaps == 16 * 15 // 2 - 1
