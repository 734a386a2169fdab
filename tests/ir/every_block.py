"""One maker of random blocks for every public kind of block, at any width; a kind without one fails a test."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from qcompile import ir

Rng = np.random.Generator
Maker = Callable[[Rng, int], ir.Block]


def angles(rng: Rng, *shape: int) -> ir.Angles:
    return ir.Angles.of(rng.uniform(-np.pi, np.pi, size=shape))


def pick(rng: Rng, *values: str) -> str:
    return values[rng.integers(len(values))]


def ansatz(rng: Rng, n: int) -> ir.Ansatz:
    layers = int(rng.integers(1, 3))
    orders = {"product_order": pick(rng, "matrix", "time"), "cnot_ladder": pick(rng, "matrix", "time")}
    return ir.Ansatz(n, layers, angles(rng, layers, n, 3), ladder_form=pick(rng, "staircase", "log"), **orders)


def vector(rng: Rng, n: int, *, is_real: bool) -> ir.Vector:
    size = int(rng.integers(2 ** (n - 1) + 1, 2**n + 1)) if n > 1 else 2
    return ir.Vector.of(rng.normal(size=size) + (0 if is_real else 1j * rng.normal(size=size)))


def encoding(rng: Rng, n: int, method: str = "auto") -> ir.AmplitudeEncoding:
    return ir.AmplitudeEncoding(vector(rng, n, is_real=bool(rng.integers(2))), n, method=method)


def some_encoding(rng: Rng, n: int) -> ir.AmplitudeEncoding:
    return encoding(rng, n, pick(rng, "auto", "tree"))


def phase_encoding(rng: Rng, n: int) -> ir.PhaseEncoding:
    data = vector(rng, n, is_real=True)
    return ir.PhaseEncoding(data, angles(rng, int(data.length)) if rng.integers(2) else None)


def on(rng: Rng, n: int) -> ir.Block:
    inner = int(rng.integers(1, n + 1))
    return ansatz(rng, inner).on(*rng.permutation(n)[:inner].tolist(), of=n)


def parallel(rng: Rng, n: int) -> ir.Block:
    left = int(rng.integers(1, n)) if n > 1 else 1
    return ansatz(rng, left) @ ir.Router(n - left, 2, angles(rng, 2)) if n > left else ir.Gate("t")


def grover(rng: Rng, n: int) -> ir.GroverOperator:
    good = {int(q): int(rng.integers(2)) for q in rng.permutation(n)[: int(rng.integers(1, min(n, 3) + 1))]}
    return ir.GroverOperator(ansatz(rng, n) if n > 6 else encoding(rng, n), good)


def exploration(rng: Rng, n: int) -> ir.PhaseExploration:
    if rng.integers(2) and n <= 5:
        q, _ = np.linalg.qr(rng.normal(size=(2**n, 2)) + 1j * rng.normal(size=(2**n, 2)))
        return ir.PhaseExploration(n, angles(rng, 2), list(q.T))
    return ir.PhaseExploration(n, angles(rng, n))


def gate(rng: Rng, n: int) -> ir.Block:
    names = sorted(name for name, (width, _) in ir.FIXED_GATES.items() if width <= n)
    found = ir.Gate(names[rng.integers(len(names))])
    return found if found.n_qubits == n else found.on(*rng.permutation(n)[: found.n_qubits].tolist(), of=n)


def phase_layer(rng: Rng, n: int) -> ir.PhaseLayer:
    if rng.integers(2) and n > 1:
        one, two = rng.permutation(n)[:2].tolist()
        return ir.PhaseLayer(n, 3, angles(rng, 3), lift="named", named=(one, two))
    return ir.PhaseLayer(n, 3, angles(rng, 3))


def router(rng: Rng, n: int) -> ir.Router:
    return ir.Router(n, 2, angles(rng, 2, n) if rng.integers(2) else angles(rng, 2))


def qft(rng: Rng, n: int) -> ir.QFT:
    options = {"form": pick(rng, "textbook", "line"), "is_inverse": bool(rng.integers(2))}
    return ir.QFT(n, cutoff=int(rng.integers(0, n)), **options)


def in_place(block: ir.Block, rng: Rng, n: int) -> ir.Block:
    """Return a block of fixed width among n qubits."""
    width = block.width
    return block if n == width else block.on(*rng.permutation(n)[:width].tolist(), of=n)


def swap_test(rng: Rng, n: int) -> ir.Block:
    k = max(1, (n - 1) // 2)
    return ir.SwapTest(ansatz(rng, k), ansatz(rng, k), ansatz(rng, k))


def bell(rng: Rng, n: int) -> ir.Block:
    k = max(1, n // 2)
    return ir.BellMeasurement(ansatz(rng, k), ansatz(rng, k), ansatz(rng, k))


def hadamard(rng: Rng, n: int) -> ir.Block:
    k = max(1, n - 1)
    return ir.HadamardTest(ansatz(rng, k), ansatz(rng, k), ansatz(rng, k), part=pick(rng, "real", "imag"))


# Blocks whose whole unitary is meant, or with `zero_inputs` its columns that start there. Overlap circuits prepare by
# unitaries here, so that every column has a meaning.
CASES: dict[type[ir.Block], Maker] = {
    ir.Adjoint: lambda r, n: ir.Adjoint(ansatz(r, n)),
    ir.AmplitudeEncoding: some_encoding,
    ir.AngleEncoding: lambda r, n: ir.AngleEncoding(angles(r, n), pick(r, "x", "y", "z")),
    ir.Ansatz: ansatz,
    ir.BasisEncoding: lambda r, n: ir.BasisEncoding(int(r.integers(2**n)), n),
    ir.BasisPhase: lambda r, n: ir.BasisPhase(n, int(r.integers(2**n)), float(r.choice([np.pi, r.uniform(-3, 3)]))),
    ir.BellMeasurement: bell,
    ir.ComputeUncompute: lambda r, n: ir.ComputeUncompute(ansatz(r, n), ansatz(r, n), ansatz(r, n)),
    ir.Controlled: lambda r, n: ir.Controlled(ansatz(r, n - 1)) if n > 1 else ir.Gate("z"),
    ir.EulerRotation: lambda r, n: in_place(ir.EulerRotation(angles(r, 3)), r, n),
    ir.Gate: gate,
    ir.GlobalPhase: lambda r, n: ir.GlobalPhase(n, float(r.uniform(-3, 3))),
    ir.GroverOperator: grover,
    ir.HadamardTest: hadamard,
    ir.Ladder: lambda r, n: ir.Ladder(n, pick(r, "matrix", "time"), form=pick(r, "staircase", "log")),
    ir.LadderFree: lambda r, n: ir.LadderFree(ansatz(r, max(1, n - 1))),
    ir.On: on,
    ir.Parallel: parallel,
    ir.PhaseEncoding: phase_encoding,
    ir.PhaseExploration: exploration,
    ir.PhaseLayer: phase_layer,
    ir.QFT: qft,
    ir.QuantumExpert: lambda r, n: ir.QuantumExpert(ansatz(r, n), ansatz(r, n)),
    ir.Repeat: lambda r, n: ir.Repeat(ansatz(r, n), int(r.integers(0, 4))),
    ir.RotaryRotation: lambda r, n: in_place(
        ir.RotaryRotation(float(r.uniform(-9, 9)), is_merged=bool(r.integers(2))), r, n
    ),
    ir.Rotation: lambda r, n: in_place(ir.Rotation(pick(r, "x", "y", "z"), float(r.uniform(-9, 9))), r, n),
    ir.RotationLayer: lambda r, n: ir.RotationLayer(n, ("z", "x"), angles(r, n, 2)),
    ir.Router: router,
    ir.Sequence: lambda r, n: ansatz(r, n) >> router(r, n) >> ansatz(r, n).adjoint(),
    ir.SwapTest: swap_test,
    ir.UniformSuperposition: lambda r, n: ir.UniformSuperposition(int(r.integers(1, 2**n + 1)), n),
}

#: Kinds of which only the distribution of the first qubits, from all zeros, is meant: (maker, how many qubits).
OUTCOMES: dict[type[ir.Block], tuple[Maker, Callable[[int], int]]] = {
    ir.AmplitudeEstimation: (
        lambda r, n: ir.AmplitudeEstimation(
            encoding(r, min(3, n - 1)), {0: 1}, n - min(3, n - 1), control=pick(r, "all", "reflections")
        ),
        lambda n: n - min(3, n - 1),
    ),
    ir.PhaseEstimation: (lambda r, n: ir.PhaseEstimation(n - 1, float(r.uniform(0, 3))), lambda n: n - 1),
}

#: Kinds whose law is a test of its own.
CHANNELS: tuple[type[ir.Block], ...] = (ir.Dephasing,)
