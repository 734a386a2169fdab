"""Blocks on 68 and 108 qubits, compiled for machines: the state is that of a reference built from the meaning alone.

The reference is a matrix-product state made of the printed factors (rotations as exponentials, CNOT as permutations),
never of a synthesized tape; both states are compared phase included, or by the probability that a readout asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

import qcompile as qc
from qcompile import ir
from qcompile.synthesis.blocks import synthesize
from qcompile.verify.gates import DenseGates, dense_gates
from qcompile.verify.mps import MatrixProductState, mps_distance
from qcompile.verify.reference_core import GATES, HADAMARD, rotation
from tests.ir.every_block import angles

Gate = tuple[tuple[int, ...], np.ndarray]
ATOL = 1e-10
BOND = 64


def meaning(block: ir.Block) -> Iterator[Gate]:
    """Yield the factors of a block in order of time, from its fields."""
    n = block.width
    if isinstance(block, ir.Sequence):
        for part in block.blocks:
            yield from meaning(part)
    elif isinstance(block, ir.Parallel):
        offset = 0
        for part in block.blocks:
            yield from (((*(q + offset for q in qubits),), matrix) for qubits, matrix in meaning(part))
            offset += part.width
    elif isinstance(block, ir.On):
        yield from ((tuple(block.qubits[q] for q in qubits), matrix) for qubits, matrix in meaning(block.block))
    elif isinstance(block, ir.Adjoint):
        yield from ((qubits, matrix.conj().T) for qubits, matrix in reversed(list(meaning(block.block))))
    elif isinstance(block, ir.Gate):
        yield tuple(range(n)), GATES[block.name]
    elif isinstance(block, ir.Ladder):
        pairs = [(j, j + 1) for j in range(n - 1)]
        yield from ((pair, GATES["cx"]) for pair in (pairs[::-1] if block.order == "matrix" else pairs))
    elif isinstance(block, ir.Ansatz):
        values = block.angles.values()
        for layer in range(len(values))[:: -1 if block.product_order == "matrix" else 1]:
            turns = [((q,), np.eye(2)) for q in range(n)]
            for axis, k in zip(block.rotations, range(3), strict=True):
                turns = [((q,), rotation(axis, values[layer, q, k]) @ m) for (q,), m in turns]
            ladder = list(meaning(ir.Ladder(n, block.cnot_ladder)))
            yield from (*ladder, *turns) if block.product_order == "matrix" else (*turns, *ladder)
    elif isinstance(block, ir.PhaseLayer):
        total = float(block.angles.values().sum())
        yield from (((q,), rotation(block.axis_of(q), total)) for q in range(n))
    elif isinstance(block, ir.Router):
        total = block.angles.values().sum(axis=0)
        yield from (((q,), rotation("x", float(np.broadcast_to(total, n)[q]))) for q in range(n))
    elif isinstance(block, ir.RotaryRotation):
        yield (0,), rotation("z", float(block.omega)) @ rotation("x", np.pi / 2)
    elif isinstance(block, ir.RotationLayer):
        values = block.angles.values()
        for k, axis in enumerate(block.axes):
            yield from (((q,), rotation(axis, values[q, k])) for q in range(n))
    elif isinstance(block, ir.AngleEncoding):
        yield from (((q,), rotation(block.axis, a)) for q, a in enumerate(block.angles.values()))
    elif isinstance(block, ir.BasisEncoding):
        yield from (((q,), GATES["x"]) for q in range(n) if block.index >> (n - 1 - q) & 1)
    elif isinstance(block, ir.UniformSuperposition):
        assert block.is_full
        yield from (((q,), HADAMARD) for q in range(n))
    else:
        raise AssertionError(f"no product of gates is written down for {block.title}")


def zeros(n: int) -> MatrixProductState:
    return MatrixProductState(np.tile([1.0 + 0j, 0.0], (n, 1)), max_bond=BOND)


def reference(block: ir.Block, m: int) -> MatrixProductState:
    """Return what the block makes of all zeros, on the first of m sites."""
    state = zeros(m)
    state.apply(DenseGates(block.width, tuple(meaning(block)), 0.0))
    return state


def compiled(built: qc.Compiled, line: list[int] | None = None) -> MatrixProductState:
    """Return what the compiled tape makes of all zeros: logical qubit k at site `line[k]`, idle qubits last."""
    n, m = built.n_qubits, built.tape.n_qubits
    sites = [*(line or range(n)), *range(n, m)]
    site = np.empty(m, dtype=np.int64)
    site[built.initial_layout] = sites
    state = zeros(m)
    home = state.apply(dense_gates(built.tape), site.tolist())
    where = dict(zip(built.final_layout.tolist(), sites, strict=True))
    goal = [0] * m
    for qubit, at in enumerate(home):
        goal[at] = where[qubit]
    for place in range(m):
        at = goal.index(place)
        if at != place:
            state.move(at, place)
            goal.insert(place, goal.pop(at))
    return state


def target_of(machine: str, n: int) -> str:
    return f"line({n})" if machine == "line" else machine


def ghz(n: int) -> ir.Block:
    return ir.Gate("h").on(0, of=n) >> ir.Ladder(n, "time")


def random_ansatz(rng: np.random.Generator, n: int, order: str, scale: float = 1.0, layers: int = 2) -> ir.Ansatz:
    values = scale * rng.uniform(-np.pi, np.pi, (layers, n, 3))
    return ir.Ansatz(n, layers, values, product_order=order)


STATES: dict[str, Callable[[np.random.Generator, int], ir.Block]] = {
    "angle encoding": lambda r, n: ir.AngleEncoding(angles(r, n)),
    "basis encoding": lambda r, n: ir.BasisEncoding(int(r.integers(2**62)), n),
    "uniform": lambda r, n: ir.UniformSuperposition(2**n),
    "ghz": lambda r, n: ghz(n),
    "ansatz": lambda r, n: random_ansatz(r, n, "matrix"),
    "ansatz in time": lambda r, n: ir.AngleEncoding(angles(r, n)) >> random_ansatz(r, n, "time"),
    "inverse ansatz": lambda r, n: ghz(n) >> random_ansatz(r, n, "time").adjoint(),
    "phase layer": lambda r, n: ghz(n) >> ir.PhaseLayer(n, 2, angles(r, 2)),
    "router": lambda r, n: ghz(n) >> ir.Router(n, 2, angles(r, 2, n)),
    "shared router": lambda r, n: ir.AngleEncoding(angles(r, n)) >> ir.Router(n, 3, angles(r, 3)),
    "rotary": lambda r, n: ghz(n) >> ir.parallel(*(ir.RotaryRotation(float(a)) for a in r.normal(size=n))),
    "merged rotary": lambda r, n: ghz(n) >> ir.parallel(*[ir.RotaryRotation(0.7, is_merged=True)] * n),
    "rotation layer": lambda r, n: ghz(n) >> ir.RotationLayer(n, ("z", "x"), angles(r, n, 2)) >> ir.Ladder(n),
}


@pytest.mark.parametrize(("machine", "n"), [("line", 68), ("ibm_boston", 108)])
@pytest.mark.parametrize("name", STATES)
def test_states(name: str, machine: str, n: int) -> None:
    block = STATES[name](np.random.default_rng(n), n)
    built = qc.compile(synthesize(block), target=target_of(machine, n))
    found = compiled(built)
    assert mps_distance(found, reference(block, found.n_qubits)) < ATOL


class Tensors:
    """A state given by its tensors alone."""

    def __init__(self, tensors: list[np.ndarray]) -> None:
        self.tensors, self.phase = tensors, 0.0


def first_states(size: int, n: int) -> Tensors:
    """Return the uniform state over 0 to size - 1: the bond says whether all bits so far are those of size - 1."""
    top, tensors = size - 1, []
    for q in range(n):
        bit = top >> (n - 1 - q) & 1
        tensor = np.zeros((2, 2, 2), dtype=np.complex128)
        tensor[0, :, 0] = 1
        tensor[1, bit, 1] = 1
        if bit:
            tensor[1, 0, 0] = 1
        # One factor a site, so that no norm grows beyond the range of floats.
        tensors.append(tensor * size ** (-0.5 / n))
    tensors[0], tensors[-1] = tensors[0][1:], tensors[-1].sum(axis=2, keepdims=True)
    return Tensors(tensors)


@pytest.mark.parametrize(("n", "size"), [(68, 2**67 + 2**40 + 5), (68, 3 * 2**60), (108, 2**107 + 2**55 + 2**54)])
def test_uniform_over_any_number(n: int, size: int) -> None:
    built = qc.compile(synthesize(ir.UniformSuperposition(size, n)), target=f"line({n})")
    assert mps_distance(compiled(built), first_states(size, n)) < ATOL


@pytest.mark.parametrize("n", [68, 108])
def test_padded_data(n: int) -> None:
    data = np.random.default_rng(n).normal(size=32)
    built = qc.compile(synthesize(ir.AmplitudeEncoding(data, n)), target=f"line({n})")
    found = compiled(built)
    bits = [[0] * (n - 5) + [x >> (4 - k) & 1 for k in range(5)] for x in range(32)]
    np.testing.assert_allclose([found.amplitude(b) for b in bits], data / np.linalg.norm(data), atol=ATOL)
    assert found.norm() == pytest.approx(1, abs=ATOL)


def near(rng: np.random.Generator, n: int, order: str, layers: int = 2) -> tuple[ir.Block, ir.Block, ir.Block]:
    """Return two states and a circuit whose overlap is neither near 0 nor near 1."""
    one, two = (ir.AngleEncoding(ir.Angles.of(0.2 * rng.normal(size=n))) for _ in range(2))
    return one, random_ansatz(rng, n, order, 0.03, layers), two


def overlap_of(parts: tuple[ir.Block, ir.Block, ir.Block], n: int) -> complex:
    one, middle, two = parts
    return reference(two, n).overlap(reference(one >> middle, n))


@pytest.mark.parametrize(
    ("n", "layers", "order", "part"),
    [(68, 1, "matrix", "imag"), pytest.param(108, 2, "time", "real", marks=pytest.mark.slow)],
)
def test_hadamard_tests(n: int, layers: int, order: str, part: str) -> None:
    parts = near(np.random.default_rng(n), n - 1, order, layers)
    block = ir.HadamardTest(*parts, part=part, control="rotations")
    built = qc.compile(synthesize(block), target=f"line({n})")
    inner = overlap_of(parts, n - 1)
    assert 0.01 < abs(inner) < 0.99
    value = inner.real if part == "real" else inner.imag
    np.testing.assert_allclose(compiled(built).marginal([0]), [(1 + value) / 2, (1 - value) / 2], atol=ATOL)


@pytest.mark.parametrize("n", [68, 108])
def test_compute_uncompute(n: int) -> None:
    parts = near(np.random.default_rng(n), n, "matrix")
    built = qc.compile(synthesize(ir.ComputeUncompute(*parts)), target=f"line({n})")
    assert abs(compiled(built).amplitude([0] * n) - overlap_of(parts, n)) < ATOL


@pytest.mark.parametrize("n", [68, 108])
def test_bell_measurements(n: int) -> None:
    """The mean of (-1)^(sum a b) is that of CZ on all pairs; pairs sit side by side."""
    half = n // 2
    parts = near(np.random.default_rng(n), half, "time")
    built = qc.compile(synthesize(ir.BellMeasurement(*parts)), target=f"line({n})")
    line = [2 * q for q in range(half)] + [2 * q + 1 for q in range(half)]
    found, signed = compiled(built, line), compiled(built, line)
    signed.apply(DenseGates(n, tuple(((2 * q, 2 * q + 1), GATES["cz"]) for q in range(half)), 0.0))
    wanted = abs(overlap_of(parts, half)) ** 2
    assert 0.01 < wanted < 0.99
    assert abs(found.overlap(signed) - wanted) < ATOL
