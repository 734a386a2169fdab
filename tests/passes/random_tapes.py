"""Random tapes for law tests: every gate, symbols, measurements, conditions, barriers, fences, tags."""

from __future__ import annotations

import numpy as np

from qcompile.tape import Condition, Expr, Op, Tape, TapeBuilder
from qcompile.tape.opcodes import SPECS

ONE = [op for op, spec in SPECS.items() if spec.arity == 1 and spec.unitary and op is not Op.MAT1]
TWO = [op for op, spec in SPECS.items() if spec.arity == 2 and op is not Op.MAT2]
THREE = [Op.CCX, Op.CCZ, Op.CSWAP]
#: Angles that give identities, Cliffords and T gates often.
SPECIAL = [0.0, np.pi / 4, -np.pi / 4, np.pi / 2, -np.pi / 2, np.pi, -np.pi, 2 * np.pi, 1e-14]


def random_matrix(rng: np.random.Generator, d: int) -> np.ndarray:
    """Return a random unitary."""
    z = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    q, r = np.linalg.qr(z)
    return q * (np.diag(r) / np.abs(np.diag(r)))


def random_angle(rng: np.random.Generator, symbols: bool) -> float | Expr:
    """Return a number, a special number, or an affine expression."""
    kind = rng.integers(4 if symbols else 3)
    if kind == 0:
        return float(rng.uniform(-7, 7))
    if kind < 3:
        return float(rng.choice(SPECIAL))
    factor = float(rng.choice([1.0, -1.0, 2.0, 0.5]))
    return Expr.symbol(str(rng.choice(["a", "b"]))) * factor + float(rng.choice([0.0, 0.3, np.pi / 2]))


def random_tape(
    seed: int, n_qubits: int = 4, rows: int = 40, *, symbols: bool = False, wide: bool = True, classical: bool = False
) -> Tape:
    """Return a random tape; few qubits and special angles, so that rewrites have something to do."""
    rng = np.random.default_rng(seed)
    b = TapeBuilder(n_qubits)
    b.phase = Expr(float(rng.uniform(-3, 3)))
    palette = [Op(int(c)) for c in rng.choice([int(o) for o in ONE + TWO], size=6, replace=False)]
    for _ in range(rows):
        qubits = [int(q) for q in rng.permutation(n_qubits)]
        b.fence = 0
        if classical and rng.random() < 0.06:
            kind = rng.integers(6)
            if kind == 0:
                b.measure(qubits[0], key=str(rng.choice(["k", "m"])))
            elif kind == 1:
                b.measure(*qubits[:3], key="k")
            elif kind == 2:
                b.add("reset", qubits[0])
            elif kind == 3:
                b.add("barrier", *qubits[: int(rng.integers(1, 4))])
            elif kind == 4:
                b.measure(qubits[0], key="c")
                b.add("x", qubits[1], condition=Condition(("c",)))
                b.add("rz", qubits[1], angles=[0.4], condition=Condition(("c",)))
            else:
                b.add("cx", qubits[0], qubits[1], tags=("qcompile.no_touch",))
                b.add("h", qubits[0], tags=("qcompile.no_touch",))
            continue
        if classical and rng.random() < 0.03:
            b.fence = int(rng.integers(1, 3))
            b.add("h", qubits[0])
            b.add("h", qubits[0])
            continue
        pick = rng.random()
        pool = palette if pick < 0.5 else (ONE if pick < 0.7 else TWO)
        op = pool[int(rng.integers(len(pool)))]
        if wide and n_qubits > 2 and rng.random() < 0.06:
            op = THREE[int(rng.integers(3))]
        elif rng.random() < 0.04:
            k = int(rng.integers(1, 4 if wide and n_qubits > 2 else 3))
            b.add_matrix(random_matrix(rng, 2**k), *qubits[:k])
            continue
        angles = [random_angle(rng, symbols) for _ in range(SPECS[op].n_angles)]
        b.add(op, *qubits[: SPECS[op].arity], angles=angles)
    return b.build()
