"""SWAPs written as CNOTs: found in any order and direction, left to the layout where that pays."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qcompile as qc
from qcompile.passes import FoldSwaps
from qcompile.tape import Op, TapeBuilder, tape_of, tape_unitary
from qcompile.verify.validate import validate


@settings(max_examples=80)
@given(seed=st.integers(0, 10**6))
def test_runs_on_one_pair(seed: int) -> None:
    rng = np.random.default_rng(seed)
    b = TapeBuilder(3)
    for _ in range(12):
        p, q = (int(v) for v in (rng.permutation(3)[:2] if rng.random() < 0.15 else rng.permutation(2)))
        kind = rng.choice(["cx", "cx", "cx", "rz", "t", "cp", "rzz", "h"], p=[0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.07, 0.03])
        if kind in ("cp", "rzz"):
            b.add(str(kind), p, q, angles=[float(rng.normal())])
        else:
            b.add(str(kind), *((p, q) if kind == "cx" else (p,)), angles=[0.3] if kind == "rz" else [])
    tape = b.build()
    done = FoldSwaps().rewrite(tape)
    assert np.abs(tape_unitary(tape) - tape_unitary(done.tape)).max() < 1e-12
    assert validate(tape, done.tape, done.witness).ok
    assert done.tape.counts[Op.CX] <= tape.counts[Op.CX]


@pytest.mark.parametrize(
    "text", ["cx 0 1; cx 1 0; cx 0 1", "cx 1 0; t 0; cx 0 1; s 1; cx 1 0", "cx 0 1; cz 0 1; cx 1 0; cx 0 1"]
)
def test_swaps_are_seen(text: str) -> None:
    assert FoldSwaps()(tape_of(text)).counts[Op.SWAP] == 1


@pytest.mark.parametrize(
    "text", ["cx 0 1; cx 1 0", "cx 0 1; h 0; cx 1 0; cx 0 1", "cx 0 1; cx 1 0; cx 0 1; cx 1 0; cx 0 1; cx 1 0"]
)
def test_other_runs_stay(text: str) -> None:
    tape = tape_of(text)
    assert FoldSwaps()(tape) is tape


def test_a_line_of_phases_and_swaps_is_a_fourier_transform() -> None:
    """Each root passes the others by a phase and a SWAP, three CNOTs a pair; without them two gates a pair will do."""
    n = 12
    place = np.random.default_rng(5).permutation(n).tolist()
    lines = []
    for root in range(n):
        lines.append(f"h {place[n - 1]}")
        for k in range(n - 1, root, -1):
            a, b, angle = place[k - 1], place[k], math.pi / 2 ** (n - k + 2)
            lines.append(f"rz({angle}) {a}; rz({angle}) {b}; cx {a} {b}; rz({-angle}) {b}; cx {b} {a}; cx {a} {b}")
    text = "; ".join(lines)
    built = qc.compile(tape_of(text, n_qubits=n), target=f"line({n})")
    assert built.metrics["n2"] < 3 * n * (n - 1) // 2
    assert qc.certify(built).ok


def test_a_circuit_that_was_routed_before_is_routed_again() -> None:
    ring = qc.Target.from_couplings(6, [(k, (k + 1) % 6) for k in range(6)])
    swapped = "; ".join(
        f"cp(0.3) {a} {b}; cx {a} {b}; cx {b} {a}; cx {a} {b}" for a, b in [(0, 1), (1, 2), (2, 3), (3, 4)] * 2
    )
    built = qc.compile(tape_of(f"h 0; {swapped}", n_qubits=6), target=ring)
    assert built.metrics["n2"] <= 3 * 8
    assert qc.certify(built).ok
