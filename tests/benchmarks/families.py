"""Benchmark circuits made on the spot: the paper's blocks and general families, OpenQASM 2, a seed for every choice."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

__all__ = ["FAMILIES", "circuit"]

Rng = np.random.Generator


class _Qasm:
    """OpenQASM 2 lines of a circuit on one register."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.lines: list[str] = []

    def add(self, gate: str, *qubits: int, angles: tuple[float, ...] = ()) -> None:
        args = "(" + ",".join(f"{a:.12f}" for a in angles) + ")" if angles else ""
        self.lines.append(f"{gate}{args} " + ",".join(f"q[{q}]" for q in qubits) + ";")

    def text(self) -> str:
        head = ["OPENQASM 2.0;", 'include "qelib1.inc";', f"qreg q[{self.n}];"]
        return "\n".join([*head, *self.lines]) + "\n"


def _angle(rng: Rng) -> float:
    return float(rng.uniform(-np.pi, np.pi))


def hea(rng: Rng, n: int, layers: int) -> _Qasm:
    """Ansatz of eq. 18 in time order: rotations, then a CNOT ladder."""
    c = _Qasm(n)
    for _ in range(layers):
        for q in range(n):
            for gate in ("rx", "ry", "rz"):
                c.add(gate, q, angles=(_angle(rng),))
        for q in range(n - 1):
            c.add("cx", q, q + 1)
    return c


def hrzh(rng: Rng, n: int, layers: int) -> _Qasm:
    """Router of eq. 36, its layers written out."""
    c = _Qasm(n)
    for _ in range(layers):
        for q in range(n):
            c.add("h", q)
            c.add("rz", q, angles=(_angle(rng),))
            c.add("h", q)
    return c


def htest(rng: Rng, n: int, layers: int) -> _Qasm:
    """Hadamard test of the ansatz, everything controlled."""
    c = _Qasm(n + 1)
    c.add("h", 0)
    for _ in range(layers):
        for q in range(1, n + 1):
            for gate in ("crx", "cry", "crz"):
                c.add(gate, 0, q, angles=(_angle(rng),))
        for q in range(1, n):
            c.add("ccx", 0, q, q + 1)
    c.add("h", 0)
    return c


def swaptest(rng: Rng, n: int, _: int) -> _Qasm:
    """Swap test of two product states."""
    c = _Qasm(2 * n + 1)
    for q in range(1, 2 * n + 1):
        c.add("ry", q, angles=(_angle(rng),))
        c.add("rz", q, angles=(_angle(rng),))
    c.add("h", 0)
    for q in range(n):
        c.add("cswap", 0, 1 + q, 1 + n + q)
    c.add("h", 0)
    return c


def qft(_: Rng, n: int, __: int) -> _Qasm:
    """Quantum Fourier transform without its final swaps."""
    c = _Qasm(n)
    for k in range(n - 1, -1, -1):
        c.add("h", k)
        for j in range(k - 1, -1, -1):
            c.add("cu1", j, k, angles=(np.pi / 2 ** (k - j),))
    return c


def _tree(c: _Qasm, rng: Rng, n: int, axis: str) -> None:
    """Uniformly controlled rotations of one axis on each qubit in turn, Gray code order."""
    for k in range(n):
        for step in range(2**k):
            c.add(axis, k, angles=(_angle(rng),))
            if k:
                control = 0 if step == 2**k - 1 else k - 1 - ((step + 1) & -(step + 1)).bit_length() + 1
                c.add("cx", control, k)


def stateprep(rng: Rng, n: int, is_complex: int) -> _Qasm:
    """State preparation by the tree of uniformly controlled rotations, with phases when `is_complex`."""
    c = _Qasm(n)
    _tree(c, rng, n, "ry")
    if is_complex:
        _tree(c, rng, n, "rz")
    return c


def qaoa(rng: Rng, n: int, m: int) -> _Qasm:
    """One QAOA layer on a Barabasi-Albert graph."""
    targets, repeated = list(range(m)), list(range(m))
    edges: list[tuple[int, int]] = []
    for source in range(m, n):
        edges += [(t, source) for t in targets]
        repeated += [*targets, *[source] * m]
        chosen: dict[int, None] = {}
        while len(chosen) < m:
            chosen[int(rng.choice(repeated))] = None
        targets = list(chosen)
    c = _Qasm(n)
    gamma, beta = _angle(rng), _angle(rng)
    for q in range(n):
        c.add("h", q)
    for k in rng.permutation(len(edges)):
        c.add("rzz", *edges[k], angles=(gamma,))
    for q in range(n):
        c.add("rx", q, angles=(beta,))
    return c


def heisenberg(rng: Rng, side: int, steps: int) -> _Qasm:
    """Trotter steps of a Heisenberg model on a square lattice."""
    c = _Qasm(side * side)
    bonds = [(r * side + k, r * side + k + 1) for r in range(side) for k in range(side - 1)]
    bonds += [(r * side + k, (r + 1) * side + k) for r in range(side - 1) for k in range(side)]
    for _ in range(max(1, steps)):
        for k in rng.permutation(len(bonds)):
            for gate in ("rxx", "ryy", "rzz"):
                _two_local(c, gate, *bonds[k], _angle(rng))
    return c


def _two_local(c: _Qasm, gate: str, a: int, b: int, angle: float) -> None:
    before = {"rxx": ["h"], "ryy": ["sdg", "h"], "rzz": []}[gate]
    after = {"rxx": ["h"], "ryy": ["h", "s"], "rzz": []}[gate]
    for g in before:
        c.add(g, a)
        c.add(g, b)
    c.add("cx", a, b)
    c.add("rz", b, angles=(angle,))
    c.add("cx", a, b)
    for g in after:
        c.add(g, a)
        c.add(g, b)


def pauli(rng: Rng, n: int, count: int) -> _Qasm:
    """Exponentials of random Pauli strings, each by a CNOT chain."""
    c = _Qasm(n)
    for _ in range(count):
        size = int(rng.integers(2, min(n, 5) + 1))
        support = sorted(int(q) for q in rng.choice(n, size, replace=False))
        letters = [str(rng.choice(["x", "y", "z"])) for _ in support]
        for q, letter in zip(support, letters, strict=True):
            for g in {"x": ["h"], "y": ["sdg", "h"], "z": []}[letter]:
                c.add(g, q)
        for a, b in itertools.pairwise(support):
            c.add("cx", a, b)
        c.add("rz", support[-1], angles=(_angle(rng),))
        for a, b in reversed(list(itertools.pairwise(support))):
            c.add("cx", a, b)
        for q, letter in zip(support, letters, strict=True):
            for g in {"x": ["h"], "y": ["h", "s"], "z": []}[letter]:
                c.add(g, q)
    return c


def qv(rng: Rng, n: int, depth: int) -> _Qasm:
    """Quantum-volume layers: three CNOT with random one-qubit gates on random pairs."""
    c = _Qasm(n)
    for _ in range(depth):
        order = rng.permutation(n)
        for k in range(0, n - 1, 2):
            a, b = int(order[k]), int(order[k + 1])
            for step in range(4):
                for q in (a, b):
                    c.add("u3", q, angles=(_angle(rng), _angle(rng), _angle(rng)))
                if step < 3:
                    c.add("cx", *((a, b) if step % 2 else (b, a)))
    return c


def toffoli(rng: Rng, n: int, count: int) -> _Qasm:
    """Random Toffoli and CNOT gates."""
    c = _Qasm(n)
    for _ in range(count):
        size = 3 if rng.random() < 0.8 else 2
        qubits = [int(q) for q in rng.choice(n, size, replace=False)]
        c.add("ccx" if size == 3 else "cx", *qubits)
    return c


def bv(rng: Rng, n: int, _: int) -> _Qasm:
    """Bernstein-Vazirani with every bit of the secret set."""
    c = _Qasm(n)
    c.add("x", n - 1)
    for q in range(n):
        c.add("h", q)
    for q in rng.permutation(n - 1):
        c.add("cx", int(q), n - 1)
    for q in range(n):
        c.add("h", q)
    return c


def ghz(_: Rng, n: int, __: int) -> _Qasm:
    """GHZ state by fan-out from one qubit."""
    c = _Qasm(n)
    c.add("h", 0)
    for q in range(1, n):
        c.add("cx", 0, q)
    return c


def ae(rng: Rng, m: int, state: int) -> _Qasm:
    """Textbook amplitude estimation: m evaluation qubits, powers of a controlled Grover operator, inverse QFT."""
    n = m + state
    c = _Qasm(n)
    work = list(range(m, n))
    prep = [(g, q, _angle(rng)) for q in work for g in ("rx", "ry", "rz")]

    def prepare(inverse: bool, control: int | None) -> None:
        ladder = list(itertools.pairwise(work))
        steps: list[tuple[str, tuple[int, ...], float | None]] = [(g, (q,), a) for g, q, a in prep]
        steps += [("cx", pair, None) for pair in ladder]
        for gate, qubits, angle in reversed(steps) if inverse else steps:
            name = gate if control is None else f"c{gate}"
            where = qubits if control is None else (control, *qubits)
            c.add(name, *where, angles=() if angle is None else ((-angle if inverse else angle),))

    prepare(False, None)
    for k in range(m):
        c.add("h", k)
    for k in range(m):
        for _ in range(2**k):
            c.add("cz", k, work[-1])
            prepare(True, k)
            for q in work:
                c.add("x", q)
            c.add("h", work[-1])
            _many_controlled_x(c, [k, *work[:-1]], work[-1])
            c.add("h", work[-1])
            for q in work:
                c.add("x", q)
            prepare(False, k)
    for k in range(m):
        for j in range(k):
            c.add("cu1", j, k, angles=(-np.pi / 2 ** (k - j),))
        c.add("h", k)
    return c


def _many_controlled_x(c: _Qasm, controls: list[int], target: int) -> None:
    """X with up to three controls; three by the square-root construction, without a spare qubit."""
    if len(controls) <= 2:
        c.add("ccx" if len(controls) == 2 else "cx", *controls, target)
        return
    a, b, d = controls
    quarter = np.pi / 4
    c.add("h", target)
    for pair, sign in (((a,), 1), ((a, b), -1), ((b,), 1), ((b, d), -1), ((a, b, d), 1), ((d,), 1), ((a, d), -1)):
        for q in pair[:-1]:
            c.add("cx", q, pair[-1])
        c.add("cu1", pair[-1], target, angles=(sign * quarter,))
        for q in reversed(pair[:-1]):
            c.add("cx", q, pair[-1])
    c.add("h", target)


#: Family: (maker, sizes in the quick run, sizes in the full run); a size is (n, second argument).
FAMILIES: dict[str, tuple[Callable[[Rng, int, int], _Qasm], list[tuple[int, int]], list[tuple[int, int]]]] = {
    "hea": (hea, [(16, 4)], [(8, 4), (16, 1), (32, 4), (64, 4), (100, 4)]),
    "hrzh": (hrzh, [(16, 12)], [(16, 40), (64, 40)]),
    "htest": (htest, [(4, 2), (12, 1)], [(4, 1), (4, 4), (12, 1), (12, 4)]),
    "swaptest": (swaptest, [(4, 0)], [(4, 0), (16, 0)]),
    "stateprep": (stateprep, [(6, 1)], [(6, 0), (8, 0), (4, 1), (8, 1)]),
    "qft": (qft, [(8, 0)], [(8, 0), (32, 0)]),
    "qaoa": (qaoa, [(24, 2)], [(24, 2), (40, 3)]),
    "heis": (heisenberg, [(4, 1)], [(4, 2), (6, 1)]),
    "pauli": (pauli, [(8, 30)], [(8, 60), (10, 40)]),
    "qv": (qv, [(8, 8)], [(8, 8), (16, 16)]),
    "toffoli": (toffoli, [(8, 40)], [(8, 40), (12, 60)]),
    "bv": (bv, [(30, 0)], [(30, 0)]),
    "ghz": (ghz, [(32, 0)], [(32, 0), (100, 0)]),
    "ae": (ae, [(3, 3)], [(4, 3), (6, 3)]),
}


def circuit(family: str, n: int, second: int, seed: int) -> str:
    """Return one circuit as OpenQASM 2 text."""
    return FAMILIES[family][0](np.random.default_rng([seed, n, second]), n, second).text()
