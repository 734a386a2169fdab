"""Pauli normal forms against dense matrices: equal circuits are proved equal with their phase, unequal ones never."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from qcompile.tape import Op, RegionWitness, Tape, TapeBuilder, tape_of, tape_unitary
from qcompile.tape.matrices import gate_matrix
from qcompile.verify.pauli_terms import pauli_terms
from qcompile.verify.validate import validate
from qcompile.verify.validate_pauli import compare_pauli

_PAULI = [gate_matrix(op) for op in (Op.I, Op.X, Op.Y, Op.Z)]
_FIXED = ("x", "y", "z", "h", "s", "sdg", "sx", "sxdg", "cx", "cy", "cz", "swap", "iswap", "iswapdg", "ecr")
_TURNS = ("rx", "ry", "rz", "p", "rxx", "ryy", "rzz", "crx", "cry", "crz", "cp")
_MORE = ("t", "tdg", "sqiswap", "sqiswapdg", "ch")


def gadget(b: TapeBuilder, codes: list[int], angle: float) -> None:
    """Append exp(-i angle P / 2) as basis changes, a chain and a rotation."""
    used = [q for q, c in enumerate(codes) if c]
    back: list[tuple[str, int]] = []
    for q in used:
        for name in {1: ("h",), 2: ("sdg", "h"), 3: ()}[codes[q]]:
            b.add(name, q)
        back += [(name, q) for name in {1: ("h",), 2: ("h", "s"), 3: ()}[codes[q]]]
    for a, c in pairwise(used):
        b.add("cx", a, c)
    b.add("rz", used[-1], angles=[angle])
    for a, c in reversed(list(pairwise(used))):
        b.add("cx", a, c)
    for name, q in back:
        b.add(name, q)


def random_program(rng: np.random.Generator, n: int, rows: int, kinds: tuple[str, ...] = _FIXED + _TURNS) -> Tape:
    b = TapeBuilder(n)
    b.phase = b.phase + float(rng.normal())
    for _ in range(rows):
        op = str(rng.choice(kinds))
        where = [int(q) for q in rng.choice(n, size=2, replace=False)]
        single = op in ("x", "y", "z", "h", "s", "sdg", "sx", "sxdg", "rx", "ry", "rz", "p", "t", "tdg")
        angle = float(rng.choice([math.pi / 2, math.pi, -math.pi / 4, 0.3, rng.normal()]))
        b.add(op, *where[: 1 if single else 2], angles=[angle] if op in _TURNS else [])
    return b.build()


def dense_phase(old: Tape, new: Tape) -> float | None:
    a, b = tape_unitary(old), tape_unitary(new)
    overlap = np.trace(b.conj().T @ a) / len(a)
    return float(np.angle(overlap)) if abs(abs(overlap) - 1) < 1e-9 else None


@pytest.mark.parametrize("seed", range(40))
def test_terms_multiply_to_the_tape(seed: int) -> None:
    rng = np.random.default_rng(seed)
    kinds = _FIXED + _TURNS + _MORE[:4]
    tape = random_program(rng, 2 + seed % 3, 12, kinds)
    terms = pauli_terms(tape)
    assert terms is not None
    assert terms.error < 1e-8
    n = tape.n_qubits
    product = np.exp(1j * terms.phase) * np.eye(2**n)
    for a, b, axes, angle in zip(terms.first, terms.second, terms.axes, terms.angles, strict=True):
        pauli: NDArray[np.complexfloating] = np.eye(1, dtype=np.complex128)
        for q in range(n):
            code = axes[0] if q == a else axes[1] if q == b else 0
            pauli = np.kron(pauli, _PAULI[code])
        product = (math.cos(angle / 2) * np.eye(2**n) - 1j * math.sin(angle / 2) * pauli) @ product
    assert np.abs(product - tape_unitary(tape)).max() < 1e-12


@pytest.mark.parametrize("seed", range(60))
def test_a_circuit_times_its_inverse_is_nothing_with_the_right_phase(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 2 + seed % 4
    tape, other = (random_program(rng, n, 25) for _ in range(2))
    nothing = Tape.concat([other, tape, tape.adjoint()]).with_phase(0.4)
    found = compare_pauli(nothing, other)
    assert found is not None
    assert found[1] < 1e-8
    wanted = dense_phase(nothing, other)
    assert wanted is not None
    assert abs(np.exp(1j * found[0]) - np.exp(1j * wanted)) < 1e-9


@pytest.mark.parametrize("seed", range(60))
def test_random_cliffords_agree_in_phase_with_matrices(seed: int) -> None:
    rng = np.random.default_rng(500 + seed)
    n = 2 + seed % 2
    tape = random_program(rng, n, 30, _FIXED)
    power, old = 0, Tape.concat([tape])
    while dense_phase(old, TapeBuilder(n).build()) is None and power < 30:  # some power of a Clifford is a phase
        old, power = Tape.concat([old, tape]), power + 1
    if power == 30:
        old = Tape.concat([tape, tape.adjoint()])
    found, wanted = compare_pauli(old, TapeBuilder(n).build()), dense_phase(old, TapeBuilder(n).build())
    assert found is not None
    assert wanted is not None
    assert abs(np.exp(1j * found[0]) - np.exp(1j * wanted)) < 1e-9


@pytest.mark.parametrize("seed", range(200))
def test_whatever_is_called_equal_is(seed: int) -> None:
    rng = np.random.default_rng(900 + seed)
    n = 2 + seed % 3
    old = random_program(rng, n, 14)
    row = int(rng.integers(len(old)))
    keep = np.arange(len(old))
    kind = seed % 4
    if kind == 0:
        new = old.take(keep != row)
    elif kind == 1:
        keep[[row, (row + 1) % len(old)]] = keep[[(row + 1) % len(old), row]]
        new = old.take(keep)
    elif kind == 2:
        angle = old.angle.copy()
        angle[row, 0] += float(rng.choice([1e-6, math.pi / 2, math.pi, 2 * math.pi, 4 * math.pi]))
        new = old.replace(angle=angle)
    else:
        new = old.replace(opcode=np.where((keep == row) & (old.opcode == Op.CX), Op.CZ, old.opcode))
    found, wanted = compare_pauli(old, new), dense_phase(old, new)
    if found is not None:
        assert wanted is not None
        assert abs(np.exp(1j * found[0]) - np.exp(1j * wanted)) < 1e-9


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rz(0.3) 0; rx(0.2) 1; cx 0 1", "cx 0 1; rx(0.2) 1; rz(0.3) 0"),
        ("h 0; t 0; t 0; h 0", "sx 0"),
        ("swap 0 1; rz(0.3) 0", "rz(0.3) 1; cx 0 1; cx 1 0; cx 0 1"),
        ("rz(0.4) 0; h 0; rz(pi) 0; h 0; rz(0.4) 0", "rx(pi) 0"),
        ("rxx(0.3) 0 1; ryy(0.4) 0 1; rzz(0.5) 0 1", "rzz(0.5) 0 1; rxx(0.3) 0 1; ryy(0.4) 0 1"),
        ("cx 0 1; rz(0.7) 1; cx 0 1", "rzz(0.7) 0 1"),
        ("cp(0.6) 0 1", "p(0.3) 0; p(0.3) 1; rzz(-0.3) 0 1"),
    ],
)
def test_known_identities(old: str, new: str) -> None:
    a, b = tape_of(old, n_qubits=2), tape_of(new, n_qubits=2)
    found, wanted = compare_pauli(a, b), dense_phase(a, b)
    assert found is not None
    assert wanted is not None
    assert abs(np.exp(1j * found[0]) - np.exp(1j * wanted)) < 1e-9


@pytest.mark.parametrize("n", [20, 70])
def test_wide_regions_are_proved_and_damage_is_seen(n: int) -> None:
    rng = np.random.default_rng(n)
    commuting = [[int(c) for c in rng.integers(0, 4, size=n)] for _ in range(2)]
    odd = sum(a * b > 0 and a != b for a, b in zip(*commuting, strict=True)) % 2
    a, b = TapeBuilder(n), TapeBuilder(n)
    for builder, sequence in ((a, (0, 1)), (b, (1, 0))):
        for k in sequence:
            gadget(builder, commuting[k], 0.3 + k)
    old, new = a.build(), b.build()
    witness = RegionWitness(old=np.zeros(len(old)), new=np.zeros(len(new)))
    verdict = validate(old, new, witness)
    assert verdict.ok is (odd == 0)
    same = validate(old, old.with_phase(0.0).take(np.arange(len(old))), RegionWitness(old=witness.old, new=witness.old))
    assert same.ok
    longer = Tape.concat([old, tape_of("h 0; h 0; sdg 1; s 1", n_qubits=n)])
    whole = RegionWitness(old=np.zeros(len(old)), new=np.zeros(len(longer)))
    assert validate(old, longer, whole).ok
    assert validate(old, longer, whole).evidence == "exact"
    assert not validate(old, longer.with_phase(math.pi), whole).ok
    for row in range(0, len(longer), max(1, len(longer) // 25)):
        kept = longer.take(np.arange(len(longer)) != row)
        assert not validate(old, kept, RegionWitness(old=whole.old, new=whole.new[:-1])).ok
