"""Every family of blocks at seven and eight qubits: circuit against linear algebra, formula against circuit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from qcompile import ir
from qcompile.synthesis.blocks import synthesize
from qcompile.tape import tape_state
from qcompile.tape.simulate import apply_rows
from qcompile.verify.reference import reference_distribution, reference_state
from qcompile.verify.reference_core import apply
from tests.laws.rule_cases import ATOL, angles, encoding, hadamard
from tests.laws.test_blocks import assert_counts, circuit_distribution

Rng = np.random.Generator


def ansatz(rng: Rng, n: int, layers: int = 2, order: str = "matrix", **options: object) -> ir.Ansatz:
    return ir.Ansatz(n, layers, angles(rng, layers, n, 3), product_order=order, **options)


UNITARIES: dict[str, Callable[[Rng, int], ir.Block]] = {
    "ansatz": ansatz,
    "ansatz in time order": lambda r, n: ansatz(r, n, order="time", cnot_ladder="time"),
    "phase layer": lambda r, n: ir.PhaseLayer(n, 3, angles(r, 3)),
    "router": lambda r, n: ir.Router(n, 3, angles(r, 3)),
    "router per qubit": lambda r, n: ir.Router(n, 2, angles(r, 2, n)),
    "rotation layer": lambda r, n: ir.RotationLayer(n, ("z", "x"), angles(r, n, 2)),
    "ladder": lambda r, n: ir.Ladder(n),
    "adjoint": lambda r, n: ansatz(r, n).adjoint(),
    "repeat": lambda r, n: ir.Repeat(ansatz(r, n, 1), 2),
    "controlled": lambda r, n: ir.Controlled(ansatz(r, n - 1, 1)),
    "ladder free": lambda r, n: ir.LadderFree(ansatz(r, n - 1)),
    "qft": lambda r, n: ir.QFT(n),
    "inverse qft on a line": lambda r, n: ir.QFT(n, is_inverse=True, form="line"),
    "basis phase": lambda r, n: ir.BasisPhase(n, int(r.integers(2**n)), 0.7),
    "grover": lambda r, n: ir.GroverOperator(encoding(r, n), {0: 1, 2: 0}),
    "exploration": lambda r, n: ir.PhaseExploration(n, angles(r, 2)),
}
PREPARATIONS: dict[str, Callable[[Rng, int], ir.Block]] = {
    "real amplitudes": encoding,
    "complex amplitudes": lambda r, n: encoding(r, n, is_real=False),
    "any length": lambda r, n: ir.AmplitudeEncoding(r.normal(size=int(r.integers(2 ** (n - 1) + 1, 2**n)))),
    "phase encoding": lambda r, n: ir.PhaseEncoding(ir.Vector.of(r.normal(size=2**n)), angles(r, 2**n)),
    "angle encoding": lambda r, n: ir.AngleEncoding(angles(r, n), "y"),
    "basis encoding": lambda r, n: ir.BasisEncoding(int(r.integers(2**n)), n),
    "uniform": lambda r, n: ir.UniformSuperposition(int(r.integers(2 ** (n - 1) + 1, 2**n))),
}
READOUTS: dict[str, Callable[[Rng, int], ir.Readout]] = {
    "compute uncompute": lambda r, n: ir.Readout("r", ir.ComputeUncompute(*_overlap(r, n)), range(n), "all_zero"),
    "hadamard": lambda r, n: hadamard(*_overlap(r, n - 1), part="imag"),
    "hadamard thin": lambda r, n: ir.Readout(
        "r", ir.HadamardTest(*_overlap(r, n - 1), control="rotations"), (0,), "expectation"
    ),
    "swap test": lambda r, n: ir.Readout("r", ir.SwapTest(*_overlap(r, (n - 1) // 2)), (0,), "expectation"),
    "bell": lambda r, n: ir.Readout("r", ir.BellMeasurement(*_overlap(r, n // 2)), range(n // 2 * 2), "bell"),
    "amplitude estimation": lambda r, n: ir.Readout(
        "r", ir.AmplitudeEstimation(encoding(r, 3), {0: 1}, n - 3), range(n - 3), "distribution"
    ),
}


def _overlap(rng: Rng, n: int) -> tuple[ir.Block, ir.Block, ir.Block]:
    return encoding(rng, n), ansatz(rng, n), encoding(rng, n, is_real=False)


@pytest.mark.parametrize("n", [7, 8])
@pytest.mark.parametrize("name", UNITARIES)
def test_unitaries(name: str, n: int) -> None:
    block = UNITARIES[name](np.random.default_rng(n), n)
    tape = synthesize(block)
    assert tape.n_qubits == n
    # A unitary is told by its images; three random ones miss a wrong circuit with probability 0.
    rng = np.random.default_rng(100 + n)
    columns = rng.normal(size=(2**n, 3)) + 1j * rng.normal(size=(2**n, 3))
    columns /= np.linalg.norm(columns, axis=0)
    np.testing.assert_allclose(apply_rows(tape, columns), apply(block, columns, False), atol=ATOL)
    assert_counts(block, tape)


@pytest.mark.parametrize("n", [7, 8])
@pytest.mark.parametrize("name", PREPARATIONS)
def test_preparations(name: str, n: int) -> None:
    block = PREPARATIONS[name](np.random.default_rng(n), n)
    tape = synthesize(block)
    assert tape.n_qubits == n
    np.testing.assert_allclose(tape_state(tape), reference_state(block), atol=ATOL)
    assert_counts(block, tape)


@pytest.mark.parametrize("n", [7, 8])
@pytest.mark.parametrize("name", READOUTS)
def test_readouts(name: str, n: int) -> None:
    readout = READOUTS[name](np.random.default_rng(n), n)
    np.testing.assert_allclose(circuit_distribution(readout), reference_distribution(readout), atol=ATOL)
    assert_counts(readout.block, synthesize(readout.block))
