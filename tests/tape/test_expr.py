"""Laws of expressions: arithmetic, substitution, sympy and text agree; text is parsed and never run."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.tape import Expr, evaluate_exprs, parse_expr

VALUES = {"a": 0.37, "b": -1.2, "c": 2.5}
NUMBERS = st.floats(-3, 3, allow_nan=False).map(lambda v: round(v, 3))
LEAVES = st.one_of(NUMBERS.map(Expr), st.sampled_from(sorted(VALUES)).map(Expr.symbol))


def grow(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of(
        st.tuples(inner, inner).map(lambda p: p[0] + p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] - p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] * p[1]),
        st.tuples(inner, NUMBERS.filter(lambda v: abs(v) > 0.1)).map(lambda p: p[0] / p[1]),
        inner.map(lambda e: -e),
        st.tuples(inner, st.sampled_from(["sin", "cos", "atan", "abs"])).map(lambda p: p[0].apply(p[1])),
        st.tuples(inner, st.sampled_from([2, 3])).map(lambda p: p[0] ** p[1]),
    )


EXPRS = st.recursive(LEAVES, grow, max_leaves=8)


quick = settings(max_examples=40, deadline=None)


def close(x: float, y: float) -> bool:
    return math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-9)


@quick
@given(a=EXPRS, b=EXPRS)
def test_arithmetic_is_that_of_the_values(a: Expr, b: Expr) -> None:
    x, y = a.evaluate(VALUES), b.evaluate(VALUES)
    assert close((a + b).evaluate(VALUES), x + y)
    assert close((a - b).evaluate(VALUES), x - y)
    assert close((a * b).evaluate(VALUES), x * y)
    assert close((-a).evaluate(VALUES), -x)
    assert close((2 - a).evaluate(VALUES), 2 - x)
    assert close(Expr.total([a, 1.5, b, a]).evaluate(VALUES), 2 * x + y + 1.5)


@quick
@given(e=EXPRS)
def test_text_reads_back(e: Expr) -> None:
    assert close(parse_expr(str(e)).evaluate(VALUES), e.evaluate(VALUES))


@quick
@given(e=EXPRS)
def test_sympy_round_trip(e: Expr) -> None:
    there = e.to_sympy()
    wanted = e.evaluate(VALUES)
    assert math.isclose(float(there.subs(VALUES)), wanted, rel_tol=1e-6, abs_tol=1e-6)
    back = Expr.from_sympy(there)
    assert math.isclose(back.evaluate(VALUES), wanted, rel_tol=1e-6, abs_tol=1e-6)


@quick
@given(e=EXPRS, inner=EXPRS)
def test_substitution_is_evaluation_in_two_steps(e: Expr, inner: Expr) -> None:
    wanted = e.evaluate({**VALUES, "a": inner.evaluate(VALUES)})
    assert math.isclose(e.substitute({"a": inner}).evaluate(VALUES), wanted, rel_tol=1e-6, abs_tol=1e-6)
    assert e.substitute(VALUES).is_number


@quick
@given(es=st.lists(EXPRS, max_size=4))
def test_batches_equal_single_evaluations(es: list[Expr]) -> None:
    sets = np.array([[VALUES["a"], VALUES["b"], VALUES["c"]], [0.1, 0.2, 0.3]])
    out = evaluate_exprs(es, ("a", "b", "c"), sets)
    assert out.shape == (2, len(es))
    for k, e in enumerate(es):
        assert close(out[0, k], e.evaluate(VALUES))


def test_affine_expressions_stay_affine() -> None:
    a, b = Expr.symbol("a"), Expr.symbol("b")
    e = 2 * (a + b) - a / 2 + 1
    assert e.is_affine
    assert e.terms == (("a", 1.5), ("b", 2.0))
    assert (a - a).is_number
    assert (a * b * 0).is_number


def test_one_third_of_pi_is_rounded_once() -> None:
    assert parse_expr("pi/3").const == math.pi / 3
    assert parse_expr("2*pi/3").const == 2 * math.pi / 3


@pytest.mark.parametrize(
    ("text", "value"),
    [("-2**2", -4.0), ("2**-1", 0.5), ("2^3^2", 512.0), ("1e3", 1000.0), (".5+1.", 1.5), ("atan2(1, 1)", math.pi / 4),
     ("pow(2, 3)", 8.0), ("ln(e)", 1.0), ("arcsin(1)", math.pi / 2), ("π", math.pi), ("- -1", 1.0), ("6/3/2", 1.0)],
)  # fmt: skip
def test_formulas_mean_what_they_mean_in_mathematics(text: str, value: float) -> None:
    assert parse_expr(text).const == pytest.approx(value, abs=1e-15)


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "__import__(\"os\").system(\"x\")", "f(x)", "a.b(1)", "x; y", "lambda: 1", "[1]", "{1}", "1 2",
     "", "(", ")", "2*", "sin", "sin 1", "sin()", "atan2(1)", "1//2", "1/0", "log(0)", "sqrt(-1)", "1e999", "a*1e999",
     "(" * 5000 + "1" + ")" * 5000, "-" + "(-" * 300 + "1" + ")" * 300, "2**" * 3000 + "2", "1+" * 6000 + "1"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    if text == "sin":
        assert parse_expr(text).names == ("sin",)  # a parameter may be called so
        return
    with pytest.raises(InputError):
        parse_expr(text)


def test_errors_name_the_column() -> None:
    with pytest.raises(InputError, match=r"angle .* at column 5 of '1 \+ \$'"):
        parse_expr("1 + $", where="angle")
    with pytest.raises(InputError, match="did you mean sin"):
        parse_expr("sinn(1)")


def test_sympy_functions_outside_the_list_are_refused() -> None:
    with pytest.raises(InputError, match="uses gamma"):
        Expr.from_sympy(sympy.gamma(sympy.Symbol("x")))
    with pytest.raises(InputError, match="angles are real"):
        Expr.from_sympy(sympy.I * 2)


def test_a_symbolic_expression_is_no_float() -> None:
    with pytest.raises(TypeError, match="parameters a"):
        float(Expr.symbol("a"))
