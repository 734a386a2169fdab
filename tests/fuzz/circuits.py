"""Random circuits of several families: all gates at once, and the kinds that special ways of compiling look for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import cirq
import numpy as np

from qcompile.tape import Call, Condition, Op, Tape, TapeBuilder
from qcompile.tape.cirq_in import from_cirq
from tests.passes.random_tapes import random_angle, random_tape

__all__ = ["FAMILIES", "random_circuit"]


def _mixed(rng: np.random.Generator, n: int) -> Tape:
    """Every gate, symbols, measurements, conditions, barriers, fences and protected rows."""
    if n == 1:
        return _clifford(rng, n)
    return random_tape(
        int(rng.integers(2**31)),
        n_qubits=n,
        rows=int(rng.integers(0, 40)),
        symbols=bool(rng.random() < 0.35),
        wide=n > 2,
        classical=bool(rng.random() < 0.35) and n > 2,
    )


def _phases(rng: np.random.Generator, n: int) -> Tape:
    """Cascades: Hadamards and controlled phases, as in Fourier transforms, some links left out or turned."""
    b = TapeBuilder(n)
    for i in range(n):
        b.add("h", i)
        for j in range(i + 1, n):
            if rng.random() < 0.85:
                op = Op.CP if rng.random() < 0.8 else Op.RZZ
                b.add(op, *(int(q) for q in rng.permutation([i, j])), angles=[math.pi / 2 ** (j - i)])
    for i in range(n // 2):
        if rng.random() < 0.6:
            b.add("swap", i, n - 1 - i)
    return b.build()


def _clifford(rng: np.random.Generator, n: int) -> Tape:
    b = TapeBuilder(n)
    for _ in range(int(rng.integers(1, 50))):
        if n > 1 and rng.random() < 0.5:
            p, q = (int(v) for v in rng.permutation(n)[:2])
            b.add(str(rng.choice(["cx", "cz", "cy", "swap", "iswap", "ecr"])), p, q)
        else:
            b.add(str(rng.choice(["h", "s", "sdg", "x", "sx", "z"])), int(rng.integers(n)))
    return b.build()


def _paulis(rng: np.random.Generator, n: int) -> Tape:
    """Rotations about random Pauli strings, each written as a ladder."""
    b = TapeBuilder(n)
    symbols = bool(rng.random() < 0.4)
    for _ in range(int(rng.integers(1, 8))):
        held = [int(q) for q in rng.permutation(n)[: int(rng.integers(1, n + 1))]]
        axes = rng.integers(3, size=len(held))
        before = [("h" if a == 1 else "sx", q) for a, q in zip(axes, held, strict=True) if a]
        for op, q in before:
            b.add(op, q)
        for p, q in itertools.pairwise(held):
            b.add("cx", p, q)
        b.add("rz", held[-1], angles=[random_angle(rng, symbols)])
        for p, q in reversed(list(itertools.pairwise(held))):
            b.add("cx", p, q)
        for op, q in before:
            b.add("h" if op == "h" else "sxdg", q)
    return b.build()


def _from_zero(rng: np.random.Generator, n: int) -> Tape:
    """Few gates that spread, then controlled ones: what known inputs make cheaper; measured at the end."""
    b = TapeBuilder(n)
    b.add("h", 0)
    for k in range(1, n):
        b.add("cx", int(rng.integers(k)), k)
    for _ in range(int(rng.integers(0, 12))):
        q = [int(v) for v in rng.permutation(n)]
        kind = int(rng.integers(6)) if n > 2 else int(rng.integers(4))
        if kind == 0:
            b.add("ry", q[0], angles=[float(rng.uniform(-3, 3))])
        elif kind == 1:
            b.add("x", q[0])
        elif kind in (2, 3) and n > 1:
            b.add(("cx", "swap")[kind - 2], q[0], q[1])
        elif n > 2:
            b.add(("ccx", "cswap")[kind % 2], *q[:3])
    if rng.random() < 0.7:
        held = [int(v) for v in rng.permutation(n)[: int(rng.integers(1, n + 1))]]
        b.measure(*held, key="out")
    return b.build()


def _controls(rng: np.random.Generator, n: int) -> Tape:
    """Gates with many controls."""
    b = TapeBuilder(n)
    for _ in range(int(rng.integers(1, 4))):
        q = [int(v) for v in rng.permutation(n)[: int(rng.integers(1, n + 1))]]
        if len(q) > 3 and rng.random() < 0.5:
            b.add(Op.MCX, *q)
        elif len(q) > 2:
            b.add(Op.MCP, *q, angles=[float(rng.choice([math.pi, 0.7, math.pi / 2]))])
        else:
            b.add("h", q[0])
    return b.build()


def _repeated(rng: np.random.Generator, n: int) -> Tape:
    """Layers that are called."""
    if n == 1:
        return _clifford(rng, n)
    body = random_tape(int(rng.integers(2**31)), n_qubits=n, rows=int(rng.integers(2, 9)), wide=False)
    b = TapeBuilder(n)
    for _ in range(2):
        b.call(Call(tape=body, repetitions=int(rng.integers(1, 4))), *(int(q) for q in rng.permutation(n)))
        b.add("h", int(rng.integers(n)))
    return b.build()


def _with_channels(rng: np.random.Generator, n: int) -> Tape:
    """Channels, resets and gates under conditions, in Cirq's own words."""
    q = cirq.LineQubit.range(n)
    ops: list[cirq.Operation] = []
    for k in range(int(rng.integers(1, 12))):
        a, b = q[int(rng.integers(n))], q[int(rng.integers(n))]
        kind = int(rng.integers(6))
        if kind == 0:
            ops.append(cirq.amplitude_damp(0.3)(a))
        elif kind == 1:
            ops.append(cirq.reset(a))
        elif kind == 2 and k < 6:
            ops += [cirq.measure(a, key=f"k{k}"), (cirq.Y(b) ** 0.3).with_classical_controls(f"k{k}")]
        elif a != b:
            ops.append(cirq.CNOT(a, b) if kind < 5 else cirq.FSimGate(0.4, 0.7)(a, b))
        else:
            ops.append(cirq.H(a))
    return from_cirq(cirq.Circuit(ops), qubit_order=q)


def _conditions(rng: np.random.Generator, n: int) -> Tape:
    """Two-qubit gates and swaps under conditions, measured again."""
    b = TapeBuilder(n)
    for k in range(int(rng.integers(1, 4))):
        q = [int(v) for v in rng.permutation(n)]
        b.add("h", q[0])
        b.measure(q[0], key=str(rng.choice(["k", "m"])) if rng.random() < 0.4 else f"k{k}")
        written = b.build().measurements[-1].key
        then = Condition((written,))
        if n > 1:
            b.add(str(rng.choice(["cx", "swap", "iswap", "ch"])), q[0], q[1], condition=then)
            b.add("cp", q[1], q[0], angles=[0.4], condition=then)
        b.add("u3", q[0], angles=[0.3, 0.2, 0.1], condition=then)
        if n > 1:
            b.extend(random_tape(int(rng.integers(2**31)), n_qubits=n, rows=6, wide=n > 2))
    return b.build()


FAMILIES: dict[str, tuple[float, Callable[[np.random.Generator, int], Tape]]] = {
    "mixed": (0.45, _mixed),
    "phases": (0.08, _phases),
    "clifford": (0.08, _clifford),
    "paulis": (0.1, _paulis),
    "from_zero": (0.1, _from_zero),
    "controls": (0.05, _controls),
    "repeated": (0.04, _repeated),
    "channels": (0.05, _with_channels),
    "conditions": (0.05, _conditions),
}


def random_circuit(rng: np.random.Generator, n: int) -> tuple[str, Tape]:
    """Return a family's name and a tape of `n` qubits of it."""
    names = list(FAMILIES)
    weights = np.array([FAMILIES[name][0] for name in names])
    name = names[int(rng.choice(len(names), p=weights / weights.sum()))]
    return name, FAMILIES[name][1](rng, n)
