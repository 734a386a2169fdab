"""Tapes for the tests of this room: every gate, and random ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qcompile.tape import SPECS, Expr, Op, Tape, TapeBuilder

MATRIX_OPS = (Op.MAT1, Op.MAT2, Op.MAT3)
UNITARY_OPS = tuple(op for op, spec in SPECS.items() if spec.unitary)
NAMED_OPS = tuple(op for op in UNITARY_OPS if op not in MATRIX_OPS)


def arity_of(op: Op, rng: np.random.Generator, n_qubits: int = 4) -> int:
    """Return a number of qubits that the gate may have."""
    return SPECS[op].arity or int(rng.integers(1, n_qubits + 1))


def unitary(d: int, rng: np.random.Generator) -> NDArray[np.complex128]:
    """Return a random unitary matrix."""
    q, _ = np.linalg.qr(rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d)))
    return np.asarray(q, dtype=np.complex128)


def add_random(builder: TapeBuilder, op: Op, rng: np.random.Generator, *, angles: Sequence[float | Expr] = ()) -> None:
    """Append one gate on random qubits."""
    where = [int(q) for q in rng.permutation(builder.n_qubits)[: arity_of(op, rng, builder.n_qubits)]]
    if op in MATRIX_OPS:
        builder.add_matrix(unitary(2 ** len(where), rng), *where)
    else:
        builder.add(op, *where, angles=angles or [float(v) for v in rng.normal(size=SPECS[op].n_angles)])


def random_tape(
    seed: int, *, n_qubits: int = 4, n_rows: int = 12, ops: Sequence[Op] = UNITARY_OPS, symbols: Sequence[str] = ()
) -> Tape:
    """Return random gates with a random global phase; half of the angles are affine in `symbols`, if any."""
    rng = np.random.default_rng(seed)
    builder = TapeBuilder(n_qubits)
    for _ in range(n_rows):
        op = ops[int(rng.integers(len(ops)))]
        angles: list[float | Expr] = []
        for _ in range(SPECS[op].n_angles):
            angle: float | Expr = float(rng.normal())
            if symbols and rng.random() < 0.5:
                angle = angle * Expr.symbol(symbols[int(rng.integers(len(symbols)))]) + float(rng.normal())
            angles.append(angle)
        add_random(builder, op, rng, angles=angles)
    builder.phase = Expr(float(rng.normal()))
    return builder.build()


def every_gate(seed: int = 0, *, n_qubits: int = 4, ops: Sequence[Op] = UNITARY_OPS) -> Tape:
    """Return each gate once, those of any width at every width."""
    rng = np.random.default_rng(seed)
    builder = TapeBuilder(n_qubits)
    for op in ops:
        for _ in range(n_qubits if not SPECS[op].arity else 1):
            add_random(builder, op, rng)
    builder.phase = Expr(0.4)
    return builder.build()


def bindings(tape: Tape, seed: int = 0) -> dict[str, float]:
    """Return a value for each parameter."""
    rng = np.random.default_rng(seed)
    return {name: float(rng.normal()) for name in tape.parameters}
