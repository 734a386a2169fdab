"""A time limit ends searches with what they have; without one no clock is looked at."""

from __future__ import annotations

import time

import numpy as np
import pytest

import qcompile as qc
from qcompile.deadline import deadline, has_deadline, out_of_time, was_cut_short
from qcompile.errors import InputError
from qcompile.tape import Tape, TapeBuilder


def _random(n: int, gates: int) -> Tape:
    rng = np.random.default_rng(3)
    builder = TapeBuilder(n)
    for _ in range(gates):
        a, b = rng.choice(n, 2, replace=False).tolist()
        builder.add("ry", a, angles=[float(rng.uniform(-3, 3))])
        builder.add("cx", a, b)
    return builder.build()


def test_a_search_is_cut_short_and_says_so() -> None:
    tape = _random(9, 60)
    whole = qc.compile(tape, target="grid(3,3)")
    short = qc.compile(tape, target="grid(3,3)", time_limit=1e-9)
    assert short.cut_short
    assert not whole.cut_short
    assert short.metrics["n2"] >= whole.metrics["n2"]
    assert qc.certify(short).ok


def test_a_limit_that_is_not_met_is_not_recorded() -> None:
    assert not qc.compile(_random(4, 6), target="line(4)", time_limit=1e6).cut_short


def test_routing_alone_takes_a_limit() -> None:
    assert qc.route(_random(9, 60), "grid(3,3)", time_limit=1e-9).cut_short


def test_one_limit_for_a_list() -> None:
    built = qc.compile([_random(9, 60), _random(6, 20)], target="grid(3,3)", time_limit=1e-9)
    assert all(one.cut_short for one in built)


def test_no_clock_without_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> float:
        raise AssertionError("a search looked at the clock")

    monkeypatch.setattr("qcompile.deadline.time.monotonic", refuse)
    assert not out_of_time()
    qc.compile(_random(6, 20), target="grid(2,3)")


def test_limits_nest_and_end() -> None:
    assert not has_deadline()
    with deadline(1e6):
        assert has_deadline()
        assert not out_of_time()
        with deadline(None):
            assert has_deadline()
        with deadline(1e-9):
            time.sleep(1e-6)
            assert out_of_time()
            assert was_cut_short()
        assert not was_cut_short()
    assert not has_deadline()


@pytest.mark.parametrize("limit", [0, -1, float("nan"), float("inf"), "1", True])
def test_only_seconds_above_zero(limit: object) -> None:
    with pytest.raises(InputError, match=r"time limit is .*seconds above 0"):
        qc.compile(_random(2, 1), target="line(2)", time_limit=limit)
