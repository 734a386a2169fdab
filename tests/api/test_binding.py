"""Binding a compiled circuit: equal to compiling the bound one, whatever the angles, without searching again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qcompile as qc
from qcompile.errors import InputError
from qcompile.tape import Expr, Tape, TapeBuilder, tape_of

_TARGETS = {
    native: qc.Target.from_couplings(4, [(0, 1), (1, 2), (2, 3)], native=native)
    for native in ("cz", "ecr", "sqrtiswap", "rzz")
}
_CLOSING = {"bind_blocks", "merge_one_qubit", "translate_one_qubit"}


def _layers(n: int, depth: int, *, pairs: bool) -> Tape:
    """Return layers of symbolic rotations with CX, or with symbolic ZZ and XX rotations, between neighbours."""
    builder = TapeBuilder(n)
    count = 0

    def symbol() -> list[Expr]:
        nonlocal count
        count += 1
        return [Expr.symbol(f"p{count}")]

    for _ in range(depth):
        for q in range(n):
            builder.add("ry", q, angles=symbol())
            builder.add("rz", q, angles=symbol())
        for q in range(n - 1):
            if pairs:
                builder.add("rzz", q, q + 1, angles=symbol())
                builder.add("rxx", q, q + 1, angles=symbol())
            else:
                builder.add("cx", q, q + 1)
    return builder.build()


_ANGLES = st.sampled_from([0.0, np.pi / 2, np.pi, -np.pi, 2 * np.pi, 0.3, -1.7, 1e-14])


@given(st.data())
@settings(max_examples=15)
@pytest.mark.parametrize("native", _TARGETS)
def test_bound_circuits_are_certified_at_any_angles(native: str, data: st.DataObject) -> None:
    text = "ry(a) 0; rzz(b) 0 1; rxx(2*a+1) 0 1; cx 1 2; rx(c) 2; cp(b) 1 2; cx 1 2; rz(sin(a)) 2; u3(a,b,c) 3; cx 2 3"
    built = qc.compile(tape_of(text), target=_TARGETS[native])
    bound = built.bind({name: data.draw(_ANGLES) for name in built.parameters})
    assert not bound.parameters
    certificate = qc.certify(bound)
    assert certificate.ok
    assert certificate.distance < 1e-9
    assert bound.metrics["n2"] <= built.metrics["n2"]


@pytest.mark.parametrize("native", _TARGETS)
@pytest.mark.parametrize("pairs", [False, True])
def test_as_many_gates_as_when_the_bound_circuit_is_compiled(native: str, pairs: bool) -> None:
    tape = _layers(4, 3, pairs=pairs)
    built = qc.compile(tape, target=_TARGETS[native])
    angles = np.random.default_rng(5).uniform(-3, 3, (3, len(tape.parameters)))
    for row in angles:
        values = dict(zip(tape.parameters, row.tolist(), strict=True))
        bound, again = built.bind(values), qc.compile(tape.bind(values), target=_TARGETS[native])
        assert bound.metrics["n2"] == again.metrics["n2"]
        assert {entry.name for entry in bound.ledger[len(built.ledger) :]} <= _CLOSING
        assert qc.certify(bound).ok


def test_in_two_steps_or_in_one() -> None:
    tape = _layers(3, 2, pairs=True)
    built = qc.compile(tape, target=_TARGETS["cz"])
    values = {name: 0.1 + 0.2 * k for k, name in enumerate(tape.parameters)}
    first = dict(list(values.items())[:5])
    half = built.bind(first)
    assert set(half.parameters) == set(values) - set(first)
    whole = half.bind({k: v for k, v in values.items() if k not in first})
    assert qc.certify(whole).ok
    assert whole.metrics["n2"] == built.bind(values).metrics["n2"]
    assert len(list(whole.steps)) == len(whole.steps)
    assert all(not step.after.parameters for step in whole.steps[-2:])


@given(st.lists(st.floats(-10, 10), min_size=3, max_size=3))
def test_numbers_at_once_or_one_by_one(numbers: list[float]) -> None:
    tape = tape_of("rx(a) 0; rz(2*a - b + 1) 0; ry(cos(c) * a) 1; p(c) 1; rzz(a + b) 0 1")
    values = dict(zip("abc", numbers, strict=True))
    once = tape.bind(values)
    steps = tape
    for name, value in values.items():
        steps = steps.bind({name: value})
    np.testing.assert_allclose(once.angle, steps.angle, rtol=0, atol=1e-12)
    assert not once.parameters
    assert not steps.parameters


@pytest.mark.parametrize("value", ["x", None, float("nan"), float("inf")])
def test_only_finite_numbers_and_expressions(value: object) -> None:
    built = qc.compile(tape_of("rx(a) 0; cx 0 1"), target=_TARGETS["cz"])
    with pytest.raises(InputError, match="number"):
        built.bind({"a": value})  # type: ignore[dict-item] # no number, on purpose
    with pytest.raises(InputError, match="no parameter"):
        built.bind({"b": 1.0})
