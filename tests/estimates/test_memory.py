"""Exact logical error rates of small surface codes without circuit noise."""

from __future__ import annotations

import itertools

import pytest

from estimates.memory import checks_of_rotated_code, code_capacity_error
from qcompile.errors import InputError


@pytest.mark.parametrize("distance", [3, 5])
def test_checks_detect_every_error_below_the_distance(distance: int) -> None:
    """No flips of fewer than d qubits pass all checks and change the logical class; some of d do."""
    checks = checks_of_rotated_code(distance)
    assert len(checks) == (distance**2 - 1) // 2
    masks = [
        sum(2 ** (k + 1) for k, check in enumerate(checks) if q in check) + (q % distance == 0)
        for q in range(distance**2)
    ]
    for weight in range(1, distance + 1):
        found = False
        for chosen in itertools.combinations(masks, weight):
            total = 0
            for mask in chosen:
                total ^= mask
            found = found or total == 1
        assert found == (weight == distance)


@pytest.mark.parametrize("distance", [3, 5])
def test_error_rate_falls_with_p_and_is_a_half_for_coins(distance: int) -> None:
    rates = [code_capacity_error(distance, p) for p in (0.0, 0.01, 0.05, 0.2, 0.5)]
    assert rates[0] == 0
    assert rates == sorted(rates)
    assert rates[-1] == pytest.approx(0.5)


def test_slope_is_half_the_distance_rounded_up() -> None:
    for distance in (3, 5):
        ratio = code_capacity_error(distance, 2e-4) / code_capacity_error(distance, 1e-4)
        assert ratio == pytest.approx(2 ** ((distance + 1) / 2), rel=0.02)


@pytest.mark.parametrize(("distance", "p"), [(4, 0.1), (7, 0.1), (1, 0.1), (3, 0.6), (3, -0.1)])
def test_out_of_range(distance: int, p: float) -> None:
    with pytest.raises(InputError):
        code_capacity_error(distance, p)
