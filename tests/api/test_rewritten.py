"""Pauli programs compiled whole: fewer gates on sparse machines, every step proved, nothing else rewritten."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import qcompile as qc
from qcompile.api.rewritten import worth_rewriting
from qcompile.tape import Tape, TapeBuilder, tape_of
from qcompile.verify.validate import validate


def program(seed: int, n: int, gadgets: int) -> Tape:
    """Return random Pauli exponentials as basis changes, chains of CX and rotations."""
    rng = np.random.default_rng(seed)
    b = TapeBuilder(n)
    for _ in range(gadgets):
        used = sorted(int(q) for q in rng.choice(n, size=int(rng.integers(2, n + 1)), replace=False))
        codes = rng.integers(0, 3, size=len(used))
        chain = list(pairwise(used))
        for q, code in zip(used, codes, strict=True):
            for name in ((), ("h",), ("sdg", "h"))[code]:
                b.add(name, q)
        for pair in chain:
            b.add("cx", *pair)
        b.add("rz", used[-1], angles=[float(rng.normal())])
        for pair in reversed(chain):
            b.add("cx", *pair)
        for q, code in zip(used, codes, strict=True):
            for name in ((), ("h",), ("h", "s"))[code]:
                b.add(name, q)
    return b.build()


@pytest.mark.parametrize(("edges", "seed"), [("all_to_all", 0), ("line", 1), ("line", 2)])
def test_pauli_programs_are_rewritten_and_every_step_replays(edges: str, seed: int) -> None:
    n = 5 if seed < 2 else 9
    tape = program(seed, n, 16)
    line = qc.Target.from_couplings(n, [(k, k + 1) for k in range(n - 1)], native="cz")
    target = line if edges == "line" else qc.Target.from_couplings(n, "all_to_all", native="cz")
    built = qc.compile(tape, target=target, seed=0)
    if n == 5:  # on a long line either way may be the cheaper one, with SWAPs
        assert "synthesize_gadgets" in [entry.name for entry in built.ledger]
        assert built.metrics["n2"] < int(tape.is_two_qubit.sum())
    for step in built.steps:
        verdict = validate(step.before, step.after, step.witness)
        assert verdict.ok, verdict


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("cx 0 1; " * 8 + "rz(0.3) 1", True),
        ("cx 0 1; rz(pi/2) 1; " * 8, True),
        ("cx 0 1; rz(0.3) 1; " * 8, False),
        ("rzz(0.3) 0 1; " * 8, False),
        ("sqiswap 0 1; " * 8, False),
        ("cx 0 1", False),
    ],
)
def test_only_circuits_with_much_clifford_are_looked_at(text: str, worth: bool) -> None:
    assert worth_rewriting(tape_of(text.rstrip("; "))) is worth
