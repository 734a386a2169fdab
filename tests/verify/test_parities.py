"""Phase polynomials of wide regions: equal ones are proved, unequal ones are not."""

from __future__ import annotations

import cmath

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.tape import Tape, TapeBuilder, tape_of, tape_unitary
from qcompile.verify.validate_parity import compare_parities


def drawn(rng: np.random.Generator, n: int, rows: int) -> Tape:
    b = TapeBuilder(n)
    for _ in range(rows):
        p, q = rng.choice(n, 2, replace=False).tolist()
        kind = int(rng.integers(8))
        angle = [float(rng.uniform(-9, 9))]
        if kind < 3:
            b.add("cx", p, q)
        elif kind == 3:
            b.add("swap", p, q)
        elif kind == 4:
            b.add("rz", p, angles=angle)
        elif kind == 5:
            b.add("cp", p, q, angles=angle)
        elif kind == 6:
            b.add("t", p)
        else:
            b.add("crz", p, q, angles=angle)
    return b.build()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_equal_regions_are_proved_with_their_phase_and_unequal_ones_are_not(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 5))
    tape = drawn(rng, n, 12)
    opened = TapeBuilder(n)  # CP, CRZ written with CNOT and RZ, SWAP with CNOT
    for row in range(len(tape)):
        q, angles = tape.qubits_of(row), tape.angles_of(row)
        name = tape.ops()[row].partition("(")[0].split()[0]
        if name in ("cp", "crz"):
            half = angles[0] / 2
            if name == "cp":
                opened.add("rz", q[0], angles=[half])
                opened.phase = opened.phase + half / 2
            opened.add("rz", q[1], angles=[half])
            opened.add("cx", *q)
            opened.add("rz", q[1], angles=[-half])
            opened.add("cx", *q)
        elif name == "swap":
            for pair in (q, q[::-1], q):
                opened.add("cx", *pair)
        else:
            opened.add(name, *q, angles=list(angles))
    other = opened.build().replace(phase=0.0)
    found = compare_parities(tape, other)
    if found is not None:
        phase, error = found
        assert error < 1e-9
        assert np.allclose(tape_unitary(tape), cmath.exp(1j * phase) * tape_unitary(other), atol=1e-9)
    changed = Tape.concat([other, tape_of("rz(0.01) 0", n_qubits=n)])
    assert compare_parities(tape, changed) is None
    assert compare_parities(tape, Tape.concat([other, tape_of("cx 0 1", n_qubits=n)])) is None


def test_wide_equal_regions_are_proved() -> None:
    rows = [f"cx {k} {k + 1}" for k in range(39)]
    ladder = tape_of("; ".join([*rows, "rz(0.3) 39", *rows[::-1]]))
    backward = tape_of(
        "; ".join([f"cx {k} 39" for k in range(39)] + ["rz(0.3) 39"] + [f"cx {k} 39" for k in range(39)])
    )
    found = compare_parities(ladder, backward)
    assert found is not None
    assert found == pytest.approx((0.0, 0.0), abs=1e-12)


@pytest.mark.parametrize("text", ["h 0; cx 0 1", "rx(0.1) 0; cz 0 1", "x 0; cx 0 1", "iswap 0 1"])
def test_other_gates_are_left_to_other_checks(text: str) -> None:
    assert compare_parities(tape_of(text), tape_of(text)) is None
