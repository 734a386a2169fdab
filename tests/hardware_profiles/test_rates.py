"""Error rates: the conversion table, its inverses, and what Cirq's channels say."""

from __future__ import annotations

import math

import cirq
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware_profiles.rates import ErrorKind, ErrorRate, Metric, largest_value, pauli_error
from qcompile.errors import InputError

METRICS: tuple[Metric, ...] = ("average_gate_infidelity", "pauli_error", "depolarizing_lambda")


@pytest.mark.parametrize(
    ("metric", "n", "pauli", "average", "depolarizing"),
    [
        ("pauli_error", 1, 1, 2 / 3, 4 / 3),
        ("pauli_error", 2, 1, 4 / 5, 16 / 15),
        ("average_gate_infidelity", 1, 3 / 2, 1, 2),
        ("average_gate_infidelity", 2, 5 / 4, 1, 4 / 3),
        ("depolarizing_lambda", 1, 3 / 4, 1 / 2, 1),
        ("depolarizing_lambda", 2, 15 / 16, 3 / 4, 1),
    ],
)
def test_conversion_table(metric: Metric, n: int, pauli: float, average: float, depolarizing: float) -> None:
    rate = ErrorRate(value=0.01, metric=metric, num_qubits=n)
    assert rate.pauli == pytest.approx(0.01 * pauli, rel=1e-14)
    assert rate.average == pytest.approx(0.01 * average, rel=1e-14)
    assert rate.depolarizing == pytest.approx(0.01 * depolarizing, rel=1e-14)


@given(x=st.floats(0, 0.5), metric=st.sampled_from(METRICS), n=st.integers(1, 3))
def test_conversions_go_back_and_forth(x: float, metric: Metric, n: int) -> None:
    rate = ErrorRate(value=x, metric=metric, num_qubits=n)
    values: dict[Metric, float | None] = {
        "pauli_error": rate.pauli,
        "average_gate_infidelity": rate.average,
        "depolarizing_lambda": rate.depolarizing,
    }
    for other, value in values.items():
        assert value is not None
        back = ErrorRate(value=value, metric=other, num_qubits=n)
        assert back.pauli == pytest.approx(rate.pauli, rel=1e-12, abs=1e-300)


@given(metric=st.sampled_from(METRICS), n=st.integers(1, 3))
def test_the_largest_value_is_a_pauli_error_of_one(metric: Metric, n: int) -> None:
    assert pauli_error(largest_value(metric, n), metric, n) == pytest.approx(1)


@pytest.mark.parametrize(("n", "average"), [(1, 0.006666666666666667), (2, 0.008)])
def test_the_parameter_of_cirq_depolarize_is_the_pauli_error(n: int, average: float) -> None:
    # F_e = <Phi| (E x 1)(Phi) |Phi> = sum |tr K|^2 / d^2.
    kraus = cirq.kraus(cirq.depolarize(0.01, n_qubits=n))
    d = 2**n
    e_f = 1 - sum(abs(np.trace(k)) ** 2 for k in kraus) / d**2
    rate = ErrorRate(value=0.01, metric="pauli_error", num_qubits=n)
    assert e_f == pytest.approx(rate.pauli)
    assert rate.average == pytest.approx(average)


def test_what_aer_calls_a_depolarizing_error_of_one_percent() -> None:
    one = ErrorRate(value=0.01, metric="depolarizing_lambda", num_qubits=1)
    two = ErrorRate(value=0.01, metric="depolarizing_lambda", num_qubits=2)
    assert one.average == pytest.approx(0.005)
    assert two.average == pytest.approx(0.0075)
    assert one.pauli == pytest.approx(0.0075)
    assert two.pauli == pytest.approx(0.009375)


def test_a_diamond_distance_fixes_no_infidelity() -> None:
    rate = ErrorRate(value=0.01, metric="diamond_distance", num_qubits=2)
    assert rate.pauli is None
    assert rate.average is None
    assert rate.depolarizing is None


@pytest.mark.parametrize("value", [-1e-9, 0.81, 1.0, 17.0])
def test_impossible_values_are_refused(value: float) -> None:
    with pytest.raises(InputError, match=r"error rate is .*; use a number from 0 to 0.8"):
        ErrorRate(value=value, metric="average_gate_infidelity", num_qubits=2)


def test_nan_is_no_error_rate() -> None:
    with pytest.raises(ValueError, match="finite"):
        ErrorRate(value=math.nan, metric="pauli_error", num_qubits=1)


def test_a_fidelity_is_the_complement_of_an_error() -> None:
    kind = ErrorKind(metric="average_gate_infidelity", num_qubits=2, complement=True)
    assert kind.rate(0.9872).average == 0.0128
    assert kind.pauli(0.9872) == pytest.approx(0.016, rel=1e-14)
