"""The benchmark figures against a slow reading of their definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.budget import Metrics, metrics
from qcompile.errors import InputError
from qcompile.tape import Tape, TapeBuilder, tape_of
from qcompile.tape.simulate import row_matrix

MACHINE = {"f1": 0.9992, "f2": 0.9955, "t1q_s": 25e-9, "t2q_s": 32e-9, "T_s": 20e-6}


@st.composite
def tapes(draw: st.DrawFn) -> Tape:
    n = draw(st.integers(2, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    b = TapeBuilder(n)
    for _ in range(draw(st.integers(0, 60))):
        x, y = (int(q) for q in rng.permutation(n)[:2])
        if rng.random() < 0.4:
            b.add(str(rng.choice(["cz", "cx", "swap", "syc"])), x, y)
        else:
            name = str(rng.choice(["h", "x", "rz", "t", "s", "sx", "phxz"]))
            angles = {"rz": [0.3], "phxz": [float(rng.choice([0.0, 1.0])), 0.2, 0.1]}.get(name, [])
            b.add(name, x, angles=angles)
    return b.build()


def slow(tape: Tape) -> Metrics:
    """Cut into pulses and gates first, then play them one by one."""
    items: list[tuple[int, ...]] = []
    run: dict[int, np.ndarray] = {}

    def close(q: int) -> None:
        product = run.pop(q, np.eye(2))
        if max(abs(product[0, 1]), abs(product[1, 0])) > 1e-9:
            items.append((q,))

    for row in range(len(tape)):
        qubits = tape.qubits_of(row)
        if len(qubits) == 1:
            run[qubits[0]] = row_matrix(tape, row) @ run.get(qubits[0], np.eye(2))
        else:
            for q in qubits:
                close(q)
            items.append(qubits)
    for q in sorted(run):
        close(q)
    end, depth, depth2, first, busy = (dict.fromkeys(range(tape.n_qubits), 0.0) for _ in range(5))
    started: set[int] = set()
    for item in items:
        length = MACHINE["t1q_s"] if len(item) == 1 else MACHINE["t2q_s"]
        start, level = max(end[q] for q in item), max(depth[q] for q in item) + 1
        level2 = max(depth2[q] for q in item) + (len(item) == 2)
        for q in item:
            if q not in started:
                started.add(q)
                first[q] = start
            end[q], depth[q], depth2[q], busy[q] = start + length, level, level2, busy[q] + length
    total = max(end.values())
    idle = sum(total - first[q] - busy[q] for q in started)
    pulses, n2 = sum(len(i) == 1 for i in items), sum(len(i) == 2 for i in items)
    log = pulses * math.log10(MACHINE["f1"]) + n2 * math.log10(MACHINE["f2"]) - idle / MACHINE["T_s"] / math.log(10)
    return Metrics(
        n2=n2,
        d2=int(max(depth2.values())),
        depth=int(max(depth.values())),
        pulses=pulses,
        makespan_s=total,
        idle_s=idle,
        log10esp=log,
    )


@settings(max_examples=60, deadline=None)
@given(tapes())
def test_kernel_equals_the_definition(tape: Tape) -> None:
    fast, wanted = metrics(tape, **MACHINE), slow(tape)
    assert (fast.n2, fast.d2, fast.depth, fast.pulses) == (wanted.n2, wanted.d2, wanted.depth, wanted.pulses)
    assert fast.makespan_s == pytest.approx(wanted.makespan_s, abs=1e-15)
    assert fast.idle_s == pytest.approx(wanted.idle_s, abs=1e-14)
    assert fast.log10esp == pytest.approx(wanted.log10esp, abs=1e-9)


def test_diagonal_runs_are_free_and_others_one_pulse() -> None:
    found = metrics(tape_of("h 0; z 0; h 0; x 0; rz(0.2) 1; t 1; cz 0 1; h 0; h 0"), **MACHINE)
    assert (found.pulses, found.n2, found.depth, found.d2) == (0, 1, 1, 1)
    assert found.log10esp == pytest.approx(math.log10(MACHINE["f2"]))


def test_measurements_end_every_run() -> None:
    b = TapeBuilder(3)
    for q in range(3):
        b.add("h", q)
    b.measure(0, 1, 2, key="m")
    for q in range(3):
        b.add("h", q)
    assert metrics(b.build(), **MACHINE).pulses == 6


def test_empty_and_wide() -> None:
    assert metrics(tape_of("id 0"), **MACHINE).depth == 0
    with pytest.raises(InputError, match="ccx"):
        metrics(tape_of("ccx 0 1 2"), **MACHINE)
