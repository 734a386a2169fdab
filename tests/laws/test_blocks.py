"""Every block means the same by linear algebra and as a circuit, and costs what its formula says."""

from __future__ import annotations

import numpy as np
import pytest

from qcompile import ir
from qcompile.errors import InputError
from qcompile.ir.outcomes import outcome_distribution
from qcompile.synthesis.blocks import synthesize, synthesize_readout, tape_counts
from qcompile.tape import Op, Tape, tape_state, tape_unitary
from qcompile.verify.reference import (
    reference_distribution,
    reference_state,
    reference_superoperator,
    reference_unitary,
    reference_value,
)
from tests.ir.block_cases import PREPARATIONS, READOUTS, UNITARIES

SEEDS = range(4)
ATOL = 1e-10


def circuit_distribution(readout: ir.Readout) -> np.ndarray:
    """Return the distribution of a readout's own circuit."""
    tape = synthesize(readout.block)
    n, measured = tape.n_qubits, readout.measured
    p = np.abs(tape_state(tape)) ** 2
    rest = [q for q in range(n) if q not in measured]
    view = p.reshape([2] * n).transpose(*measured, *rest).reshape(2 ** len(measured), -1)
    return outcome_distribution(readout, view.sum(axis=1))


def assert_counts(block: ir.Block, tape: Tape) -> None:
    """Assert that the counts are the circuit's, and that the formula alone equals it or says that it is a bound."""
    formula, found = block.formula(), tape_counts(tape)
    assert dict(block.counts()) == dict(found)
    assert block.counts().is_exact
    for key in ir.Counts.ADDED:
        if formula.is_exact:
            assert formula[key] == found[key], key
        else:
            assert found[key] <= formula[key], key
    if formula.is_exact and formula.depth_two_qubit is not None:
        assert formula.depth_two_qubit == found.depth_two_qubit


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", UNITARIES)
def test_unitary_blocks(name: str, seed: int) -> None:
    block = UNITARIES[name](np.random.default_rng(seed))
    tape = synthesize(block)
    np.testing.assert_allclose(tape_unitary(tape), reference_unitary(block), atol=ATOL)
    assert_counts(block, tape)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", UNITARIES)
def test_adjoint_is_the_inverse(name: str, seed: int) -> None:
    block = UNITARIES[name](np.random.default_rng(seed))
    inverse = block.adjoint()
    np.testing.assert_allclose(reference_unitary(inverse), reference_unitary(block).conj().T, atol=ATOL)
    np.testing.assert_allclose(tape_unitary(synthesize(inverse)), reference_unitary(inverse), atol=ATOL)
    np.testing.assert_allclose(reference_unitary(inverse.adjoint()), reference_unitary(block), atol=ATOL)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", PREPARATIONS)
def test_preparations(name: str, seed: int) -> None:
    block = PREPARATIONS[name](np.random.default_rng(seed))
    tape = synthesize(block)
    np.testing.assert_allclose(tape_state(tape), reference_state(block), atol=ATOL)
    np.testing.assert_allclose(np.linalg.norm(tape_state(tape)), 1.0, atol=1e-12)
    assert_counts(block, tape)
    if isinstance(block, ir.Preparation):
        assert block.contract.kind is ir.ContractKind.ISOMETRY
        assert block.contract.zero_inputs == tuple(range(block.width))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", READOUTS)
def test_readouts(name: str, seed: int) -> None:
    readout = READOUTS[name](np.random.default_rng(seed))
    np.testing.assert_allclose(circuit_distribution(readout), reference_distribution(readout), atol=ATOL)
    tape = synthesize_readout(readout)
    assert tape.measurements[0].key == readout.name
    assert tape.opcode[-1] == Op.MEASURE
    assert_counts(readout.block, synthesize(readout.block))
    assert tape_counts(tape).measurement == readout.counts().measurement


@pytest.mark.parametrize("seed", range(3))
def test_overlap_readouts_agree_with_the_inner_product(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one = ir.AmplitudeEncoding(rng.normal(size=4))
    two = ir.AmplitudeEncoding(rng.normal(size=4) + 1j * rng.normal(size=4))
    middle = ir.Ansatz(2, 2, rng.normal(size=(2, 2, 3)))
    inner = np.vdot(reference_state(two), reference_unitary(middle) @ reference_state(one))

    def value(block: ir.Block, measured: range, post: str) -> float:
        return float(reference_value(ir.Readout("r", block, measured, post)))

    assert value(ir.ComputeUncompute(one, middle, two), range(2), "all_zero") == pytest.approx(abs(inner) ** 2)
    assert value(ir.SwapTest(one, middle, two), range(1), "expectation") == pytest.approx(abs(inner) ** 2)
    assert value(ir.BellMeasurement(one, middle, two), range(4), "bell") == pytest.approx(abs(inner) ** 2)
    assert value(ir.HadamardTest(one, middle, two), range(1), "expectation") == pytest.approx(inner.real)
    assert value(ir.HadamardTest(one, middle, two, part="imag"), range(1), "expectation") == pytest.approx(inner.imag)


@pytest.mark.parametrize("name", [n for n in UNITARIES if "controlled" not in n and n != "gate"])
def test_symbols_and_binding_commute(name: str) -> None:
    """Synthesizing, then binding, is binding, then synthesizing."""
    block = UNITARIES[name](np.random.default_rng(0))
    counter = iter(range(10_000))
    values: dict[str, float] = {}

    def to_symbol(angles: ir.Angles) -> ir.Angles:
        out = []
        for element in angles:
            key = f"a{next(counter)}"
            values[key] = float(element)
            out.append(ir.Expr.symbol(key))
        return ir.Angles(angles.shape, elements=tuple(out))

    free = block.map_leaves(angles=to_symbol)
    assert set(free.parameters) == set(values)
    used = {k: v for k, v in values.items() if k in synthesize(free).parameters}
    np.testing.assert_allclose(tape_unitary(synthesize(free).bind(used)), reference_unitary(block), atol=ATOL)
    assert free.bind(values) == block


@pytest.mark.parametrize("order", ["matrix", "time"])
def test_symbolic_counts_become_the_concrete_ones(order: str) -> None:
    n, layers = ir.SYMBOLS["n"], ir.SYMBOLS["L"]
    formula = ir.Ansatz(n, layers, product_order=order).counts()
    for width, depth in ((3, 1), (4, 3), (6, 2)):
        exact = ir.Ansatz(width, depth, np.ones((depth, width, 3)), product_order=order)
        assert dict(formula.with_sizes({"n": width, "L": depth})) == dict(exact.counts())
        assert dict(exact.counts()) == dict(tape_counts(synthesize(exact)))


@pytest.mark.parametrize("n", [17, 68, 108])
def test_wide_ansatz_pipelines(n: int) -> None:
    block = ir.Ansatz(n, 10, np.ones((10, n, 3)))
    counts = tape_counts(synthesize(block))
    assert counts.depth_two_qubit == n + 2 * 10 - 3
    assert counts.cnot == (n - 1) * 10


@pytest.mark.parametrize("time", [0.0, 0.4, 3.0])
def test_dephasing_shrinks_the_off_diagonal(time: float) -> None:
    import cirq

    block = ir.Dephasing(1.7, time)
    matrix = reference_superoperator(block)
    shrink = np.exp(-1.7 * time)
    np.testing.assert_allclose(matrix, np.diag([1, shrink, shrink, 1]), atol=1e-15)
    tape = synthesize(block)
    channel = cirq.kraus(tape.opaques[0].payload)
    found = sum(np.kron(k, np.conj(k)) for k in channel)
    np.testing.assert_allclose(found, matrix, atol=1e-12)
    assert block.contract.kind is ir.ContractKind.CHANNEL
    with pytest.raises(InputError, match="no inverse"):
        block.adjoint()


def test_exploration_is_a_partial_isometry_as_printed() -> None:
    """Three terms in eight dimensions: the printed sum misses the identity by sqrt 5, its completion is unitary."""
    rng = np.random.default_rng(0)
    q, _ = np.linalg.qr(rng.normal(size=(8, 3)))
    printed = sum(np.exp(1j * t) * np.outer(v, v) for t, v in zip([0.1, 0.2, 0.3], q.T, strict=True))
    assert np.linalg.norm(printed.conj().T @ printed - np.eye(8)) == pytest.approx(np.sqrt(5))
    whole = reference_unitary(ir.PhaseExploration(3, [0.1, 0.2, 0.3], list(q.T)))
    np.testing.assert_allclose(whole @ q, printed @ q, atol=ATOL)
    np.testing.assert_allclose(whole.conj().T @ whole, np.eye(8), atol=ATOL)
    with pytest.raises(InputError, match="orthonormal"):
        ir.PhaseExploration(2, [0.1, 0.2], [[1, 0, 0, 0], [1, 1, 0, 0]])
