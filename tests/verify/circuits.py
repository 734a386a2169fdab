"""Random circuits for the tests of this room."""

from __future__ import annotations

import numpy as np

from qcompile.tape import Op, Tape, TapeBuilder

_ONE = ("h", "s", "t", "sx", "x")
_TWO = ("cx", "cz", "iswap", "ecr", "swap")


def random_tape(n: int, rows: int, seed: int, *, clifford: bool = False) -> Tape:
    """Return a random unitary tape with a random global phase."""
    rng = np.random.default_rng(seed)
    b = TapeBuilder(n)
    for _ in range(rows):
        a, c = (int(q) for q in rng.permutation(n)[:2]) if n > 1 else (0, 0)
        kind = rng.integers(0, 5 if n > 2 and not clifford else 4)
        if kind == 0 or n == 1:
            b.add(str(rng.choice([g for g in _ONE if not (clifford and g == "t")])), a)
        elif kind == 1 and not clifford:
            b.add("rx", a, angles=[rng.normal()])
            b.add("rzz", a, c, angles=[rng.normal()])
        elif kind == 4:
            b.add("ccx", *(int(q) for q in rng.permutation(n)[:3]))
        else:
            b.add(str(rng.choice(_TWO)), a, c)
    if not clifford:
        b.phase = b.phase + float(rng.normal())
    return b.build()


def routed(tape: Tape, n_physical: int, seed: int) -> tuple[Tape, list[int], list[int]]:
    """Return the tape on random physical qubits with random SWAPs between rows, and both layouts."""
    rng = np.random.default_rng(seed)
    layout = [int(q) for q in rng.permutation(n_physical)[: tape.n_qubits]]
    initial = list(layout)
    b = TapeBuilder(n_physical)
    b.phase = tape.phase
    for row in range(len(tape)):
        if n_physical > 1 and rng.random() < 0.4:
            x, y = (int(q) for q in rng.permutation(n_physical)[:2])
            b.add("swap", x, y)
            layout = [y if q == x else x if q == y else q for q in layout]
        _put(b, tape, row, layout)
    return b.build(), initial, layout


def _put(b: TapeBuilder, tape: Tape, row: int, layout: list[int]) -> None:
    where = [layout[q] for q in tape.qubits_of(row)]
    condition = tape.conditions[tape.condition[row]] if tape.condition[row] >= 0 else None
    if tape.opcode[row] == Op.MEASURE:
        m = tape.measurements[tape.payload[row]]
        b.measure(*where, key=m.key, offset=m.offset, invert=m.invert, condition=condition)
    else:
        b.add(Op(int(tape.opcode[row])), *where, angles=tape.angles_of(row), condition=condition)


def with_measurements(tape: Tape, seed: int) -> Tape:
    """Return the tape with measurements, resets and conditioned gates strewn in and one at the end."""
    rng = np.random.default_rng(seed)
    from qcompile.tape import Condition

    b = TapeBuilder(tape.n_qubits)
    b.phase = tape.phase
    keys: list[str] = []
    for row in range(len(tape)):
        draw = rng.random()
        q = int(rng.integers(0, tape.n_qubits))
        if draw < 0.15:
            keys.append(f"k{len(keys)}")
            b.measure(q, key=keys[-1], invert=(bool(rng.random() < 0.3),))
        elif draw < 0.25:
            b.add("reset", q)
        elif draw < 0.4 and keys:
            b.add("h", q, condition=Condition((keys[-1],), negate=bool(rng.random() < 0.5)))
        _put(b, tape, row, list(range(tape.n_qubits)))
    b.measure(*range(tape.n_qubits), key="end")
    return b.build()


def ladder_ansatz(n: int, layers: int, *, seed: int = 0, symbolic: bool = False) -> Tape:
    """Return eq. 18 in product order MATRIX."""
    from qcompile.tape import Expr

    rng = np.random.default_rng(seed)
    b = TapeBuilder(n)
    for layer in range(layers):
        for k in reversed(range(n - 1)):
            b.add("cx", k, k + 1)
        for q in range(n):
            for axis in ("rx", "ry", "rz"):
                angle = Expr.symbol(f"t_{layer}_{q}_{axis}") if symbolic else float(rng.normal())
                b.add(axis, q, angles=[angle])
    return b.build()
