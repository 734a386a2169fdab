"""Laws of a schedule: no qubit used twice, order kept, limits hold, the makespan is that of the definition."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.schedule import Schedule, schedule
from qcompile.tape import Condition, Op, Tape, TapeBuilder, tape_of
from qcompile.target import Target


def machine(n: int = 6, limit: int | None = None, **changes: Any) -> Target:
    target = Target.from_couplings(n, "all_to_all", "cz", f1=0.999, f2=0.99, t1q_s=25e-9, t2q_s=42e-9, T_s=70e-6)
    return attrs.evolve(
        target,
        max_parallel_2q=limit,
        duration_readout_s=np.full(n, 600e-9),
        duration_reset_s=np.full(n, 160e-9),
        **changes,
    )


@st.composite
def tapes(draw: st.DrawFn, n: int = 6) -> Tape:
    """Random circuits with measurements, resets, barriers and conditions."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    b = TapeBuilder(n)
    keys: list[str] = []
    for _ in range(draw(st.integers(0, 40))):
        q = rng.permutation(n)
        kind = rng.integers(0, 12)
        condition = Condition((str(rng.choice(keys)),)) if keys and rng.random() < 0.3 else None
        if kind < 5:
            b.add("cz", int(q[0]), int(q[1]), condition=condition)
        elif kind < 8:
            b.add("phxz", int(q[0]), angles=[1.0, 0.2, 0.3], condition=condition)
        elif kind < 9:
            b.add("rz", int(q[0]), angles=[0.4])
        elif kind < 10:
            keys.append(f"k{rng.integers(0, 3)}")
            b.measure(*(int(k) for k in q[: rng.integers(1, 4)]), key=keys[-1])
        elif kind < 11:
            b.add("reset", int(q[0]))
        else:
            b.add("barrier", *(int(k) for k in q[:4]))
    return b.build()


def overlaps(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return max(a[0], b[0]) < min(a[1], b[1])


def check_laws(made: Schedule, target: Target) -> None:
    tape = made.tape
    spans = [(int(s), int(s + d)) for s, d in zip(made.start_ps, made.duration_ps, strict=True)]
    for q in range(tape.n_qubits):
        rows = [r for r in range(len(tape)) if q in tape.qubits_of(r)]
        for before, after in pairwise(rows):
            assert spans[before][1] <= spans[after][0]
    written: dict[str, list[int]] = {}
    for row in range(len(tape)):
        if tape.condition[row] >= 0:
            for key in tape.conditions[tape.condition[row]].keys:
                assert all(spans[m][1] <= spans[row][0] for m in written.get(key, []))
        if tape.opcode[row] == Op.MEASURE:
            key = tape.measurements[tape.payload[row]].key
            reads = [r for r in range(row) if tape.condition[r] >= 0 and key in tape.conditions[tape.condition[r]].keys]
            if written.get(key):
                assert all(spans[r][0] <= spans[row][0] for r in reads)
            written.setdefault(key, []).append(row)
    if target.max_parallel_2q is not None:
        two = [spans[r] for r in np.flatnonzero(tape.is_two_qubit)]
        for at, _ in two:
            assert sum(s <= at < e for s, e in two) <= target.max_parallel_2q
    makespan = made.makespan_ps
    assert makespan == max((e for _, e in spans), default=0)
    longest = made.critical_path_ps
    assert makespan is not None
    assert longest is not None
    assert longest <= makespan
    assert min((s for s, _ in spans), default=0) >= 0
    if target.max_parallel_2q is None:
        assert longest == makespan


@settings(max_examples=60, deadline=None)
@given(tapes(), st.sampled_from([None, 1, 2, 3]))
def test_laws_hold_for_both_kinds(tape: Tape, limit: int | None) -> None:
    target = machine(limit=limit)
    early, late = schedule(tape, target), schedule(tape, target, kind="alap")
    check_laws(early, target)
    check_laws(late, target)
    assert early.makespan_ps is not None
    assert late.makespan_ps is not None
    if limit is None:
        assert early.makespan_ps == late.makespan_ps
        assert (early.start_ps <= late.start_ps).all()
    else:
        assert early.makespan_ps <= late.makespan_ps


@settings(max_examples=30, deadline=None)
@given(tapes())
def test_windows_and_busy_time_fill_the_life_of_every_qubit(tape: Tape) -> None:
    made = schedule(tape, machine())
    use = made.occupation
    assert (use.idle_ps >= 0).all()
    for window in made.idle_windows:
        assert window.duration_ps > 0
        for row in range(len(tape)):
            if window.qubit in tape.qubits_of(row) and made.duration_ps[row] > 0:
                span = (int(made.start_ps[row]), int(made.start_ps[row] + made.duration_ps[row]))
                assert not overlaps(span, (window.start_ps, window.start_ps + window.duration_ps))


def test_a_limit_of_one_is_the_serial_sum() -> None:
    tape = tape_of("cz 0 1; cz 2 3; cz 4 5; cz 0 2")
    assert schedule(tape, machine(limit=1)).makespan_ps == 4 * 42_000
    assert schedule(tape, machine()).makespan_ps == 2 * 42_000


def test_priority_goes_to_the_longest_tail() -> None:
    # Taking the lone gate of row 0 first would cost a third time slot.
    tape = tape_of("cz 0 1; cz 2 3; cz 3 4; cz 4 5")
    assert schedule(tape, machine(limit=2)).makespan_ps == 3 * 42_000


def test_virtual_z_takes_no_time() -> None:
    tape = tape_of("rz(0.3) 0; phxz(0,1.2,0.4) 0; z 0; t 0; p(0.1) 0")
    assert schedule(tape, machine()).makespan_ps == 0
    assert schedule(tape, machine(virtual_z=False)).makespan_ps == 5 * 25_000


def test_conditioned_gates_on_different_qubits_share_a_key() -> None:
    b = TapeBuilder(3)
    b.measure(0, key="m")
    for q in (1, 2):
        b.add("x", q, condition=Condition(("m",)))
    made = schedule(b.build(), machine())
    assert list(made.start_ps) == [0, 600_000, 600_000]


def test_measurements_of_one_key_run_together() -> None:
    b = TapeBuilder(2)
    b.measure(0, key="c", offset=0)
    b.measure(1, key="c", offset=1)
    assert schedule(b.build(), machine()).makespan_ps == 600_000


def test_unknown_lengths_make_the_makespan_unknown_and_nothing_else() -> None:
    target = attrs.evolve(machine(), duration_readout_s=np.full(6, math.nan))
    b = TapeBuilder(6)
    b.extend(tape_of("cz 0 1; cz 1 2", n_qubits=6))
    b.measure(0, 1, 2, key="m")
    made = schedule(b.build(), target)
    assert made.makespan_ps is None
    assert made.makespan_s is None
    assert list(made.start_ps) == [0, 42_000, 84_000]
    assert made.costs.unknown == ((2, "duration of measure"),)
    late = schedule(b.build(), target, kind="alap")
    assert (late.start_ps == -1).all()


def test_a_gate_that_is_not_native_has_no_known_cost() -> None:
    made = schedule(tape_of("swap 0 1"), machine())
    assert made.makespan_ps is None
    assert "swap is not native" in made.costs.unknown[0][1]


def test_the_wrong_direction_is_not_native() -> None:
    target = Target.from_couplings(2, [(0, 1)], "ecr", directed=[(0, 1)], f1=0.999, f2=0.99, t1q_s=5e-8, t2q_s=5e-7)
    assert schedule(tape_of("ecr 0 1"), target).makespan_ps == 500_000
    assert schedule(tape_of("ecr 1 0"), target).makespan_ps is None


def test_wrong_input() -> None:
    with pytest.raises(InputError, match="map it first"):
        schedule(tape_of("cz 0 7"), machine(6))
    with pytest.raises(InputError, match="asap"):
        schedule(tape_of("h 0"), machine(6), kind="soon")  # type: ignore[arg-type]


@pytest.mark.parametrize(("n", "layers", "moments"), [(6, 4, 15), (8, 10, 35), (17, 10, 44)])
def test_the_ladder_ansatz_pipelines(n: int, layers: int, moments: int) -> None:
    """n + 3 L - 3 moments of CNOT and merged one-qubit gates (EQUATIONS S8)."""
    target = Target.from_couplings(
        n, [(k, k + 1) for k in range(n - 1)], "cx", f1=1.0, f2=1.0, t1q_s=1e-9, t2q_s=1e-9, one_qubit="phxz"
    )
    b = TapeBuilder(n)
    for _ in range(layers):
        for k in reversed(range(n - 1)):
            b.add("cx", k, k + 1)
        for q in range(n):
            b.add("phxz", q, angles=[1.0, 0.1, 0.2])
    assert schedule(b.build(), target).makespan_ps == moments * 1000


@pytest.mark.parametrize(("n", "serial_us", "critical_us"), [(8, 3.05, 1.25), (17, 6.65, 1.61), (68, 27.05, 3.65)])
def test_critical_path_against_the_serial_sum(n: int, serial_us: float, critical_us: float) -> None:
    """Eq. 76 as printed over-rejects: 25 ns pulses, 40 ns gates, ten layers."""
    target = Target.from_couplings(
        n, [(k, k + 1) for k in range(n - 1)], "cx", f1=1.0, f2=1.0, t1q_s=25e-9, t2q_s=40e-9, one_qubit="phxz"
    )
    b = TapeBuilder(n)
    for _ in range(10):
        for k in reversed(range(n - 1)):
            b.add("cx", k, k + 1)
        for q in range(n):
            b.add("phxz", q, angles=[1.0, 0.1, 0.2])
    made = schedule(b.build(), target)
    assert made.makespan_s == pytest.approx(critical_us * 1e-6, rel=1e-12)
    assert 10 * (25e-3 + 40e-3 * (n - 1)) == pytest.approx(serial_us, abs=1e-9)
