import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcompile.errors import InputError, nearest
from qcompile.units import format_count, format_seconds, parse_seconds


@given(st.floats(min_value=1e-12, max_value=1e9))
def test_seconds_survive_the_way_through_text(value: float) -> None:
    nanos = value / 1e-9
    assert parse_seconds(f"{nanos!r} ns") == pytest.approx(value, rel=1e-12)
    assert parse_seconds(value) == value


@pytest.mark.parametrize("text", ["", "ns", "35", "35 parsec", "-1 ns", "1.2.3 ns", float("nan"), -1.0, float("inf")])
def test_a_wrong_duration_is_one_clear_error(text: str | float) -> None:
    with pytest.raises(InputError, match=r"gate\.duration is"):
        parse_seconds(text, where="gate.duration")


def test_unknown_durations_are_called_unknown() -> None:
    assert format_seconds(None) == format_seconds(math.nan) == "unknown"
    assert format_seconds(0.0) == "0 s"
    assert format_seconds(83 * 365.25 * 86400) == "83 years"
    assert format_count(None) == "unknown"


def test_errors_name_place_and_remedy_and_can_be_pickled() -> None:
    error = InputError("is -3", where="ansatz.layers", hint="use an integer from 1").inside("model.yaml")
    assert str(error) == "model.yaml: ansatz.layers is -3; use an integer from 1"
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), type(copy)) == (str(error), InputError)


def test_the_nearest_name_is_suggested() -> None:
    assert nearest("google_wilow_105", ["google_willow_105", "ibm_boston"]) == "did you mean google_willow_105?"
    assert "ibm_boston" in nearest("zzz", ["ibm_boston"])
