"""Every kind of block, alone, inverted, controlled and to a power: all columns up to eight qubits, and the counts."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import numpy as np
import pytest

from qcompile import ir
from qcompile.synthesis.blocks import synthesize
from qcompile.synthesis.blocks_core import tape_of_block
from qcompile.tape import Tape
from qcompile.verify.gates import dense_gates
from qcompile.verify.reference import reference_distribution, reference_state
from qcompile.verify.reference_core import apply
from tests.ir.block_cases import READOUTS
from tests.ir.every_block import CASES, CHANNELS, OUTCOMES, encoding
from tests.laws.test_blocks import assert_counts, circuit_distribution

ATOL = 1e-10
Complex = np.ndarray
ids = {"ids": lambda kind: kind.__name__}


def columns_of(tape: Tape, columns: list[int]) -> Complex:
    """Return columns of the circuit's unitary, phase included, by one batched run."""
    start = np.zeros((len(columns), 2**tape.n_qubits), dtype=np.complex128)
    start[np.arange(len(columns)), columns] = 1
    return dense_gates(tape).apply(start).T


def meant_columns(block: ir.Block) -> list[int]:
    """Return the columns that the contract speaks of."""
    n, zero = block.width, block.contract.zero_inputs
    if block.contract.kind is ir.ContractKind.OUTCOMES:
        zero = ()  # an overlap circuit that prepares by unitaries
    return [c for c in range(2**n) if not any(c >> (n - 1 - q) & 1 for q in zero)]


def assert_law(block: ir.Block) -> None:
    """Assert that circuit and linear algebra agree on all columns that are meant, and that the counts are right."""
    tape = synthesize(block)
    assert tape.n_qubits == block.width
    columns = meant_columns(block)
    start = np.zeros((2**block.width, len(columns)), dtype=np.complex128)
    start[columns, np.arange(len(columns))] = 1
    np.testing.assert_allclose(columns_of(tape, columns), apply(block, start, False), atol=ATOL)
    assert_counts(block, tape)


def rng_of(kind: type[ir.Block], *numbers: int) -> np.random.Generator:
    return np.random.default_rng([*kind.__name__.encode(), *numbers])


SIZES = [2, 3, 5, 8]


@pytest.mark.parametrize("n", [1, 2, 3, 4, 7, 8])
@pytest.mark.parametrize("kind", CASES, **ids)
def test_alone(kind: type[ir.Block], n: int) -> None:
    assert_law(CASES[kind](rng_of(kind, n), n))


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("kind", CASES, **ids)
def test_inverted(kind: type[ir.Block], n: int) -> None:
    """Of an inverse preparation the row of all zeros is meant: the conjugate of the state."""
    block = CASES[kind](rng_of(kind, n, 1), n)
    inverse = block.adjoint()
    if block.contract.kind is not ir.ContractKind.ISOMETRY:
        assert_law(inverse)
        return
    tape = synthesize(inverse)
    row = columns_of(tape, list(range(2**n)))[0]
    np.testing.assert_allclose(row, reference_state(block).conj(), atol=ATOL)
    assert_counts(inverse, tape)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("kind", CASES, **ids)
def test_controlled(kind: type[ir.Block], n: int) -> None:
    rng = rng_of(kind, n, 2)
    n_controls = 2 if n in (3, 5) and rng.integers(2) else 1
    assert_law(ir.Controlled(CASES[kind](rng, n - n_controls), n_controls))


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("kind", CASES, **ids)
def test_to_a_power_and_controlled(kind: type[ir.Block], n: int) -> None:
    rng = rng_of(kind, n, 3)
    block = CASES[kind](rng, n - 1)
    if block.contract.kind is ir.ContractKind.ISOMETRY:
        # A preparation is no map to repeat: it is prepared and undone, under the control.
        state = block.controlled()
        assert_law(state >> ir.Ladder(n) >> ir.Ladder(n).adjoint())
        return
    power = ir.Repeat(block, int(rng.integers(2, 4)))
    if n < 8:
        assert_law(power)
    assert_law(power.controlled())


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("kind", OUTCOMES, **ids)
def test_outcomes(kind: type[ir.Block], n: int) -> None:
    make, measured = OUTCOMES[kind]
    readout = ir.Readout("r", make(rng_of(kind, n), n), range(measured(n)), "distribution")
    np.testing.assert_allclose(circuit_distribution(readout), reference_distribution(readout), atol=ATOL)
    assert_counts(readout.block, synthesize(readout.block))


@pytest.mark.parametrize("control", ["rotations", "fan_out"])
@pytest.mark.parametrize("n", SIZES)
def test_thin_hadamard_tests(n: int, control: str) -> None:
    rng = np.random.default_rng(n)
    copies = 1 if control == "fan_out" and n > 2 else 0
    k = n - 1 - copies
    middle = CASES[ir.Ansatz](rng, k)
    block = ir.HadamardTest(
        encoding(rng, k), middle, encoding(rng, k), control=control if copies else "rotations", copies=copies
    )
    readout = ir.Readout("r", block, (0,), "expectation")
    np.testing.assert_allclose(circuit_distribution(readout), reference_distribution(readout), atol=ATOL)
    assert_counts(block, synthesize(block))


# None is forgotten ----------------------------------------------------------------------------------------------


def kinds_of_blocks(base: type[ir.Block] = ir.Block) -> Iterator[type[ir.Block]]:
    """Yield every concrete kind of block of the package, public or not."""
    for kind in base.__subclasses__():
        if kind.__module__.startswith("qcompile.") and not inspect.isabstract(kind):
            yield kind
        yield from kinds_of_blocks(kind)


def test_every_kind_of_block_has_its_laws() -> None:
    kinds = set(kinds_of_blocks())
    assert {kind.__name__ for kind in kinds} <= set(ir.__all__)
    assert kinds == {*CASES, *OUTCOMES, *CHANNELS}
    for kind in kinds:
        assert tape_of_block.dispatch(kind) is not tape_of_block.dispatch(object), kind
        if kind not in CHANNELS:
            assert apply.dispatch(kind) is not apply.dispatch(object), kind


def test_every_way_to_read_has_its_laws() -> None:
    made = [make(np.random.default_rng(0)) for make in READOUTS.values()]
    assert {readout.post for readout in made} == set(ir.Post)
    assert [type(readout) for readout in made if type(readout) is not ir.Readout] == ir.Readout.__subclasses__()
