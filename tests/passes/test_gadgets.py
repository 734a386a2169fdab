"""Pauli rotations written anew: phases at any width, wide and long runs, and layers."""

from __future__ import annotations

import cmath
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcompile.kernels.gadgets import steps_cost
from qcompile.passes import SynthesizeGadgets
from qcompile.passes.gadget_phase import phase_between
from qcompile.passes.gadget_steps import tape_of_steps
from qcompile.tape import Tape, TapeBuilder, tape_unitary
from qcompile.target import Target
from qcompile.verify.validate import validate


def exponentials(seed: int, n: int, count: int, most: int) -> Tape:
    """Return random Pauli exponentials, each as a ladder of CNOTs."""
    rng = np.random.default_rng(seed)
    b = TapeBuilder(n)
    for _ in range(count):
        sites = rng.choice(n, int(rng.integers(2, most + 1)), replace=False).tolist()
        axes = rng.integers(1, 4, len(sites)).tolist()
        turns = {1: ("h",), 2: ("sdg", "h"), 3: ()}
        back = {1: ("h",), 2: ("h", "s"), 3: ()}
        for q, axis in zip(sites, axes, strict=True):
            for name in turns[axis]:
                b.add(name, q)
        ladder = list(pairwise(sites))
        for pair in ladder:
            b.add("cx", *pair)
        b.add("rz", sites[-1], angles=[float(rng.normal())])
        for pair in reversed(ladder):
            b.add("cx", *pair)
        for q, axis in zip(sites, axes, strict=True):
            for name in back[axis]:
                b.add(name, q)
    return b.build()


@given(seed=st.integers(0, 2**31))
def test_the_phase_between_two_circuits_is_that_of_their_unitaries(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tape = exponentials(seed, 4, 5, 4)
    done = SynthesizeGadgets(least=2).rewrite(tape).tape.with_phase(float(rng.normal()))
    found = phase_between(tape, done)
    assert found is not None
    overlap = complex(np.vdot(tape_unitary(done), tape_unitary(tape))) / 16
    assert abs(overlap - cmath.exp(1j * found)) < 1e-9


def test_different_circuits_have_no_phase_between_them() -> None:
    one = exponentials(1, 4, 5, 4)
    assert phase_between(one, exponentials(2, 4, 5, 4)) is None
    assert phase_between(one, Tape.concat([one, one.take(np.arange(1))])) is None


@pytest.mark.parametrize("kind", range(9))
def test_a_flip_is_a_controlled_pauli(kind: int) -> None:
    flip = np.array([[0, 0, 1, kind]], dtype=np.int32)
    nothing, image = np.zeros((0, 2), dtype=np.int8), np.array([[1, 0], [3, 0], [0, 1], [0, 3]], dtype=np.int8)
    tape = tape_of_steps(flip, nothing, nothing[:, 0], [], image, np.zeros(4, dtype=np.int8))
    pauli = [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]
    p, q = np.kron(pauli[kind // 3], np.eye(2)), np.kron(np.eye(2), pauli[kind % 3])
    assert np.abs(tape_unitary(tape) - 0.5 * (np.eye(4) + p + q - p @ q)).max() < 1e-12


@pytest.mark.parametrize(("n", "count", "most"), [(20, 60, 5), (32, 120, 4), (9, 700, 3)])
def test_wide_and_long_runs_are_written_anew_and_proved(n: int, count: int, most: int) -> None:
    tape = exponentials(n, n, count, most)
    target = Target.from_couplings(n, "all_to_all", "rzz")
    done = SynthesizeGadgets(trials=3).rewrite(tape, target)
    assert done.tape.is_two_qubit.sum() < 0.75 * tape.is_two_qubit.sum()
    check = validate(tape, done.tape, done.witness)
    assert check.ok
    assert check.evidence == "exact"


def test_layers_of_steps() -> None:
    flips = np.array([[0, 0, 1, 8], [0, 2, 3, 8], [0, 1, 2, 8], [1, 0, 1, 2]], dtype=np.int32)
    assert steps_cost(flips, 4, 1) == (4, 3)
    assert steps_cost(flips, 4, 2) == (5, 4)
    same = np.array([[0, 0, 1, 8]] * 5, dtype=np.int32)
    assert steps_cost(same, 2, 1) == (3, 3)
