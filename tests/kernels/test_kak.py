"""Laws of the batched KAK: it rebuilds its input, stays in the chamber, and sees only the local class."""

from __future__ import annotations

import cirq
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.kernels.kak import kak_vectors, weyl_coordinates
from qcompile.kernels.weyl import mirrored, n_cz, n_iswap, n_rzz, n_sqrt_iswap, n_syc
from qcompile.kernels.xx_chain import chain_inner, interaction, sandwich

Matrix = npt.NDArray[np.complex128]
QUARTER = np.pi / 4
CORNERS = [
    (0, 0, 0), (QUARTER, 0, 0), (QUARTER, QUARTER, 0), (QUARTER, QUARTER, QUARTER), (QUARTER / 2, QUARTER / 2, 0),
    (QUARTER, QUARTER, np.pi / 24), (0.3, 0.3, 0.3), (0.3, 0.3, -0.3), (0.3, 0, 0), (0.3, 0.3, 0), (0.3, 0.1, 0),
    (QUARTER, QUARTER / 2, QUARTER / 2), (0.5, 0.3, 0.2), (0.5, 0.3, -0.2), (QUARTER, 0.3, 0.3),
]  # fmt: skip


def canonical(v: npt.ArrayLike) -> Matrix:
    out = np.zeros((4, 4), np.complex128)
    a, b, c = np.asarray(v, dtype=float)
    interaction(a, b, c, out)
    return out


def local(rng: np.random.Generator) -> Matrix:
    a, b = (cirq.testing.random_unitary(2, random_state=int(rng.integers(2**31))) for _ in range(2))
    return np.kron(a, b)


def hard_cases() -> Matrix:
    """The corners and walls of the chamber and points close to them, plain and dressed with random local gates."""
    rng = np.random.default_rng(5)
    out = []
    for corner in CORNERS:
        for eps in (0, 1e-15, 1e-12, 1e-10, 1e-9, 1e-7, 1e-4):
            bare = canonical(np.array(corner) + eps * rng.normal(size=3))
            out += [bare, local(rng) @ bare @ local(rng) * np.exp(1j * rng.normal())]
    named = (cirq.CZ, cirq.CNOT, cirq.SWAP, cirq.ISWAP, cirq.SQRT_ISWAP, cirq.IdentityGate(2), cirq.CZ**0.3)
    return np.array(out + [cirq.unitary(g) for g in named])


def rebuilt(u: Matrix) -> tuple[Matrix, npt.NDArray[np.float64]]:
    coords, left, right, phase = kak_vectors(u)
    parts = [
        np.exp(1j * p) * np.kron(*a) @ canonical(v) @ np.kron(*b)
        for v, a, b, p in zip(coords, left, right, phase, strict=True)
    ]
    return np.array(parts), coords


def assert_in_chamber(coords: npt.NDArray[np.float64]) -> None:
    a, b, c = coords.T
    assert np.all((a <= QUARTER + 1e-12) & (a >= b - 1e-13) & (b >= np.abs(c) - 1e-13))
    assert np.all(c[a > QUARTER - 1e-13] >= 0)


def test_hard_cases_are_rebuilt() -> None:
    u = hard_cases()
    product, coords = rebuilt(u)
    assert np.abs(product - u).max() < 1e-13
    assert_in_chamber(coords)
    assert np.abs(weyl_coordinates(u) - coords).max() < 1e-13


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_random_unitaries_are_rebuilt_and_agree_with_cirq(seed: int) -> None:
    u = cirq.testing.random_unitary(4, random_state=seed)
    product, coords = rebuilt(u[None])
    assert np.abs(product - u).max() < 1e-13
    assert_in_chamber(coords)
    assert np.abs(coords[0] - cirq.kak_decomposition(u).interaction_coefficients).max() < 1e-12


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_coordinates_see_only_the_class(seed: int) -> None:
    rng = np.random.default_rng(seed)
    u = cirq.testing.random_unitary(4, random_state=seed)
    dressed = local(rng) @ u @ local(rng)
    assert np.abs(np.diff(weyl_coordinates(np.array([u, dressed])), axis=0)).max() < 1e-12


def test_mirror_is_the_class_after_a_swap() -> None:
    u = hard_cases()
    after = weyl_coordinates(np.ascontiguousarray(cirq.unitary(cirq.SWAP) @ u))
    moved = mirrored(weyl_coordinates(u))
    # On the wall a = pi/4 the two sides are the same class, so compare by the nearer image.
    reflected = np.stack([np.pi / 2 - moved[:, 0], moved[:, 1], -moved[:, 2]], axis=1)
    gap = np.minimum(np.abs(after - moved).max(axis=1), np.abs(after - reflected).max(axis=1))
    assert gap.max() < 1e-11


COUNTS = {
    # class of: identity, CNOT, iSWAP, SWAP, sqrt-iSWAP, SYC, CZ**0.3, a generic weak gate, a generic strong gate
    "cz": [0, 1, 2, 3, 2, 3, 2, 3, 3],
    "iswap": [0, 2, 1, 3, 2, 3, 2, 3, 3],
    "sqrtiswap": [0, 2, 2, 3, 1, 3, 2, 2, 2],
    "syc": [0, 2, 3, 3, 2, 1, 2, 4, 3],
    "rzz": [0, 1, 2, 3, 2, 3, 1, 3, 3],
}


@pytest.mark.parametrize("native", COUNTS)
def test_counts_of_named_classes(native: str) -> None:
    coords = np.array([
        (0, 0, 0), (QUARTER, 0, 0), (QUARTER, QUARTER, 0), (QUARTER,) * 3, (QUARTER / 2, QUARTER / 2, 0),
        (QUARTER, QUARTER, np.pi / 24), (0.15 * QUARTER, 0, 0), (0.1, 0.06, 0.02), (0.6, 0.3, 0.2),
    ])  # fmt: skip
    count = {"cz": n_cz, "iswap": n_iswap, "sqrtiswap": n_sqrt_iswap, "syc": n_syc, "rzz": n_rzz}[native]
    assert count(coords).tolist() == COUNTS[native]


@pytest.mark.parametrize("strength", [QUARTER, 5 * np.pi / 24])
@given(st.lists(st.floats(-0.8, 0.8), min_size=3, max_size=3), st.integers(2, 4))
@settings(max_examples=40, deadline=None)
def test_a_chain_has_the_class_it_was_built_for(strength: float, v: list[float], n: int) -> None:
    if n == 2:
        v[2] = 0.0
    goal = weyl_coordinates(canonical(v)[None])[0]
    if n == 2 and goal[0] + goal[1] > 2 * strength:
        return
    inner = np.zeros((3, 2, 2, 2), np.complex128)
    if n == 4 and np.abs(goal).sum() > np.pi / 8:
        return
    reached = chain_inner(goal, n, strength, inner)
    # Three interactions of strength t miss only what is within 3 (pi/4 - t) of SWAP.
    assert reached == (n != 3 or np.abs(mirrored(goal[None])).sum() >= 3 * (QUARTER - strength) - 1e-9)
    if reached:
        gate = canonical((strength, 0, 0))
        chain = gate
        for k in range(n - 1):
            chain = sandwich(gate, inner[k], chain)
        found = weyl_coordinates(chain[None])[0]
        reflected = np.array([np.pi / 2 - found[0], found[1], -found[2]])
        assert min(np.abs(found - goal).max(), np.abs(reflected - goal).max()) < 1e-11
