"""Laws of every registered pass: same unitary, phase included; a witness that replays; nothing protected touched."""

from __future__ import annotations

import numpy as np
import pytest

from qcompile.passes import PASSES
from qcompile.tape import Op, Tape, tape_unitary
from qcompile.verify.validate import validate
from tests.passes.random_tapes import random_tape

SEEDS = range(12)


@pytest.mark.parametrize("name", sorted(PASSES))
def test_pass_keeps_the_unitary_and_its_witness_replays(name: str) -> None:
    for seed in SEEDS:
        tape = random_tape(seed, n_qubits=2 + seed % 3)
        done = PASSES[name]().rewrite(tape)
        assert np.abs(tape_unitary(done.tape) - tape_unitary(tape)).max() < 1e-9, seed
        verdict = validate(tape, done.tape, done.witness)
        assert verdict.ok, (seed, verdict)
        assert verdict.error_bound < 1e-9


@pytest.mark.parametrize("name", sorted(PASSES))
def test_pass_keeps_symbolic_circuits(name: str) -> None:
    for seed in SEEDS:
        tape = random_tape(seed, n_qubits=3, rows=25, symbols=True)
        done = PASSES[name]().rewrite(tape)
        assert set(done.tape.parameters) <= set(tape.parameters)
        values = {"a": 0.37 + seed, "b": -1.2}
        old = tape.bind({k: values[k] for k in tape.parameters})
        new = done.tape.bind({k: values[k] for k in done.tape.parameters})
        assert np.abs(tape_unitary(new) - tape_unitary(old)).max() < 1e-9, seed
        verdict = validate(tape, done.tape, done.witness)
        assert verdict.ok, (seed, verdict)


#: Passes that translate gate by gate do so inside fences, too.
TRANSLATIONS = {"translate_one_qubit"}


def _protected(tape: Tape, fences: bool) -> list[str]:
    ops = tape.ops()
    keep = (tape.tag >= 0) | (tape.opcode == Op.MEASURE) | (tape.opcode == Op.RESET)
    if fences:
        keep |= tape.fence > 0
    return [f"{ops[k]} {tape.fence[k]}" for k in np.flatnonzero(keep)]


@pytest.mark.parametrize("name", sorted(PASSES))
def test_pass_leaves_classical_rows_fences_and_tags(name: str) -> None:
    for seed in SEEDS:
        tape = random_tape(100 + seed, n_qubits=4, rows=60, classical=True, symbols=seed % 2 == 0)
        done = PASSES[name]().rewrite(tape)
        fences = name not in TRANSLATIONS
        assert sorted(_protected(done.tape, fences)) == sorted(_protected(tape, fences))
        verdict = validate(tape, done.tape, done.witness)
        assert verdict.ok, (seed, verdict)


@pytest.mark.parametrize("name", sorted(PASSES))
def test_pass_takes_an_empty_tape(name: str) -> None:
    tape = random_tape(0, rows=0)
    assert PASSES[name]()(tape) == tape
