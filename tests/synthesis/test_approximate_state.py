"""Laws of approximate preparation: the stated fidelity is the circuit's, and allowing error never costs gates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.ir.truncation import truncated
from qcompile.synthesis.approximate_state import prepare_approximate
from qcompile.synthesis.state_preparation import prepare_state
from qcompile.tape import tape_state


@given(st.integers(1, 5), st.sampled_from([0.0, 1e-3, 0.05, 0.3]), st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_the_stated_fidelity_is_reached(n: int, infidelity: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    v = rng.normal(size=1 << n) + 1j * rng.normal(size=1 << n)
    v *= np.exp(-rng.uniform(0, 0.3) * np.arange(1 << n))
    found = prepare_approximate(v, infidelity)
    fidelity = abs(np.vdot(tape_state(found.tape), v)) ** 2 / np.vdot(v, v).real
    assert abs(fidelity - found.fidelity) < 1e-10
    assert found.fidelity >= 1 - infidelity
    assert found.tape.is_two_qubit.sum() <= prepare_state(v).is_two_qubit.sum()


def test_smooth_data_are_cheap() -> None:
    x = np.linspace(-3, 3, 256)
    exact, close, rough = (prepare_approximate(np.exp(-(x**2)), eps) for eps in (0, 1e-4, 1e-2))
    counts = [int(found.tape.is_two_qubit.sum()) for found in (exact, close, rough)]
    assert counts == sorted(counts, reverse=True)
    assert counts[2] <= 7
    assert rough.bond == 2


def test_nothing_is_cut_from_what_fits() -> None:
    ghz = np.zeros(16, complex)
    ghz[[0, 15]] = 1j / np.sqrt(2)
    near, bond = truncated(ghz, 1e-3)
    assert np.abs(near - ghz).max() < 1e-14
    assert bond == 2


def test_bad_infidelity() -> None:
    with pytest.raises(InputError, match="from 0 to below 1"):
        prepare_approximate([1, 2], 1.0)
