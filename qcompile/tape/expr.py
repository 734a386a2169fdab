"""Angles with symbols: affine where possible, else a short postfix program over a fixed list of functions.

Nothing here evaluates text: `parse_expr` reads a formula token by token into the postfix form.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Union

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

if TYPE_CHECKING:
    import sympy

__all__ = ["Angle", "Expr", "evaluate_exprs"]

Floats = NDArray[np.float64]
Token = tuple[str, float | str | None]

UNARY: dict[str, Callable[[Any], Any]] = {
    "neg": np.negative,
    "abs": np.abs,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.power,
    "atan2": np.arctan2,
}


@frozen(eq=True)
class Expr:
    """A real expression: `const + sum(coefficient * parameter)`, or a postfix `program`.

    Attributes:
        const: Constant part of the affine form.
        terms: (parameter, coefficient) pairs, sorted by name, no zero coefficient.
        program: Postfix tokens, when the expression is not affine; `const` and `terms` are then empty.

    >>> str(2 * Expr.symbol("t") + 1)
    '1 + 2*t'
    """

    const: float = field(default=0.0, converter=float)
    terms: tuple[tuple[str, float], ...] = ()
    program: tuple[Token, ...] = ()

    @staticmethod
    def symbol(name: str) -> Expr:
        """Return the expression that is one parameter."""
        return Expr(0.0, ((name, 1.0),))

    @staticmethod
    def of(value: Angle) -> Expr:
        """Return `value` as an expression."""
        return value if isinstance(value, Expr) else Expr(float(value))

    @staticmethod
    def total(values: Iterable[Angle]) -> Expr:
        """Return the sum of many expressions in one pass."""
        const, terms, rest = 0.0, dict[str, float](), list[Expr]()
        for value in values:
            if not isinstance(value, Expr):
                const += float(value)
            elif value.program:
                rest.append(value)
            else:
                const += value.const
                for name, factor in value.terms:
                    terms[name] = terms.get(name, 0.0) + factor
        out = Expr(const, _clean(terms))
        for value in rest:
            out = out + value
        return out

    @property
    def is_number(self) -> bool:
        """Whether no parameter is left."""
        return not self.terms and not self.program

    @property
    def is_affine(self) -> bool:
        """Whether the expression is affine in its parameters."""
        return not self.program

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Parameters in order of first appearance."""
        if self.program:
            return tuple(dict.fromkeys(str(value) for kind, value in self.program if kind == "par"))
        return tuple(name for name, _ in self.terms)

    def evaluate(self, values: Mapping[str, float]) -> float:
        """Return the number at `values`.

        Raises:
            KeyError: A parameter has no value.
        """
        if not self.program:
            return self.const + math.fsum(factor * float(values[name]) for name, factor in self.terms)
        return float(_run(self.program, {name: np.float64(values[name]) for name in self.names}))

    def substitute(self, values: Mapping[str, Angle]) -> Expr:
        """Return the expression with some parameters replaced."""
        if not self.program:
            return Expr.total(
                [self.const, *(Expr.of(values[n]) * f if n in values else Expr(0.0, ((n, f),)) for n, f in self.terms)]
            )
        tokens: list[Token] = []
        for kind, value in self.program:
            if kind == "par" and value in values:
                tokens += Expr.of(values[str(value)]).tokens()
            else:
                tokens.append((kind, value))
        out = Expr(program=tuple(tokens))
        return out if out.names else Expr(float(_run(out.program, {})))

    def tokens(self) -> tuple[Token, ...]:
        """Return the postfix form."""
        if self.program:
            return self.program
        out: list[Token] = [("num", self.const)] if self.const or not self.terms else []
        for name, factor in self.terms:
            first = not out
            out.append(("par", name))
            if factor != 1.0:
                out += [("num", factor), ("*", None)]
            if not first:
                out.append(("+", None))
        return tuple(out)

    def apply(self, function: str) -> Expr:
        """Return a function of the whitelist applied to this expression."""
        if function == "neg":
            return self * -1.0
        if self.is_number:
            return Expr(float(UNARY[function](np.float64(self.const))))
        return Expr(program=(*self.tokens(), (function, None)))

    def combine(self, other: Angle, operator: str) -> Expr:
        """Return a two-argument operation of the whitelist."""
        right = Expr.of(other)
        if self.is_number and right.is_number:
            return Expr(float(BINARY[operator](np.float64(self.const), np.float64(right.const))))
        return Expr(program=(*self.tokens(), *right.tokens(), (operator, None)))

    def __add__(self, other: Angle) -> Expr:
        right = Expr.of(other)
        if self.program or right.program:
            if right.is_number and right.const == 0.0:
                return self
            return right if self.is_number and self.const == 0.0 else self.combine(right, "+")
        terms = dict(self.terms)
        for name, factor in right.terms:
            terms[name] = terms.get(name, 0.0) + factor
        return Expr(self.const + right.const, _clean(terms))

    __radd__ = __add__

    def __mul__(self, other: Angle) -> Expr:
        right = Expr.of(other)
        if right.is_number and not self.program:
            f = right.const
            return Expr(self.const * f + 0.0, _clean({name: factor * f for name, factor in self.terms}))
        if self.is_number and not right.program:
            return right * self.const
        if right.is_number and right.const in (0.0, 1.0):
            return self if right.const else Expr()
        if self.is_number and self.const in (0.0, 1.0):
            return right if self.const else Expr()
        return self.combine(right, "*")

    __rmul__ = __mul__

    def __neg__(self) -> Expr:
        return self * -1.0

    def __sub__(self, other: Angle) -> Expr:
        return self + (-Expr.of(other))

    def __rsub__(self, other: Angle) -> Expr:
        return Expr.of(other) + (-self)

    def __truediv__(self, other: Angle) -> Expr:
        right = Expr.of(other)
        if self.is_number or not right.is_number or not right.const:
            return self.combine(right, "/")  # of two numbers: one rounding, not two
        return self * (1.0 / right.const)

    def __rtruediv__(self, other: Angle) -> Expr:
        return Expr.of(other).combine(self, "/")

    def __pow__(self, other: Angle) -> Expr:
        return self.combine(other, "**")

    def __float__(self) -> float:
        if not self.is_number:
            raise TypeError(f"{self} still holds the parameters {', '.join(self.names)}")
        return self.const

    def __str__(self) -> str:
        return str(self.const) if self.is_number else infix(self.tokens())

    def to_sympy(self) -> sympy.Expr:
        """Return the same expression for sympy."""
        import sympy

        return to_sympy(self, sympy)

    @staticmethod
    def from_sympy(value: Any) -> Expr:
        """Return the same expression from a sympy one.

        Raises:
            InputError: It uses a function outside the whitelist.
        """
        from qcompile.tape.expr_text import from_sympy

        return from_sympy(value)


Angle = Union[float, int, Expr]  # noqa: UP007 - Expr names itself inside this alias


def _clean(terms: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted((name, factor) for name, factor in terms.items() if factor != 0.0))


def _run(program: Sequence[Token], values: Mapping[str, Any]) -> Any:
    stack: list[Any] = []
    for kind, value in program:
        if kind == "num":
            stack.append(np.float64(value))
        elif kind == "par":
            stack.append(values[str(value)])
        elif kind in UNARY:
            stack.append(UNARY[kind](stack.pop()))
        else:
            right, left = stack.pop(), stack.pop()
            stack.append(BINARY[kind](left, right))
    return stack[0]


@frozen(eq=False)
class _AffineTable:
    """The affine ones of many expressions as columns, terms in their order.

    Attributes:
        const: float64[k].
        rows, columns: int[m], expression and parameter of each term.
        factors: float64[m].
        programs: Indices of the others.
    """

    const: Floats
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    factors: Floats
    programs: tuple[int, ...]

    @staticmethod
    def of(exprs: Sequence[Expr], names: Sequence[str]) -> _AffineTable:
        """Return the table of `exprs` over the parameters `names`."""
        column = {name: k for k, name in enumerate(names)}
        terms = [(k, column[name], factor) for k, expr in enumerate(exprs) for name, factor in expr.terms]
        return _AffineTable(
            np.array([expr.const for expr in exprs]),
            np.array([k for k, _, _ in terms], dtype=np.intp),
            np.array([c for _, c, _ in terms], dtype=np.intp),
            np.array([f for _, _, f in terms]),
            tuple(k for k, expr in enumerate(exprs) if expr.program),
        )


def evaluate_exprs(
    exprs: Sequence[Expr], names: Sequence[str], values: Floats, *, memo: dict[Any, Any] | None = None
) -> Floats:
    """Evaluate many expressions at many parameter sets.

    Args:
        exprs: The expressions.
        names: Parameters, one per column of `values`.
        values: Shape [n_sets, n_names].
        memo: Where the table of the same expressions over the same names is kept between calls.

    Returns:
        Shape [n_sets, len(exprs)].

    Raises:
        KeyError: An expression holds a parameter that is not in `names`.
    """
    table = None if memo is None else memo.get("affine")
    if table is None:
        table = _AffineTable.of(exprs, names)
        if memo is not None:
            memo["affine"] = table
    out = np.empty((len(values), len(exprs)))
    out[:] = table.const
    # One term after another, so that a batch equals its single rows bit by bit.
    for k in range(len(values)):
        np.add.at(out[k], table.rows, table.factors * values[k, table.columns])
    column = {name: k for k, name in enumerate(names)} if table.programs else {}
    for k in table.programs:
        out[:, k] = _run(exprs[k].program, {name: values[:, column[name]] for name in exprs[k].names})
    return out


_LEVEL = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4}


def infix(program: Sequence[Token], *, names: Mapping[str, str] | None = None, power: str = "**") -> str:
    """Return postfix tokens as a formula; `names` renames parameters."""
    stack: list[tuple[str, int]] = []
    for kind, value in program:
        if kind == "num":
            number = float(value)  # type: ignore[arg-type]
            text = repr(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
            stack.append((text, 5 if number >= 0 else 0))
        elif kind == "par":
            stack.append(((names or {}).get(str(value), str(value)), 5))
        elif kind == "neg":
            text, level = stack.pop()
            stack.append((f"-{text if level > 2 else f'({text})'}", 0))
        elif kind in UNARY:
            stack.append((f"{kind}({stack.pop()[0]})", 5))
        elif kind == "atan2":
            right, left = stack.pop(), stack.pop()
            stack.append((f"atan2({left[0]}, {right[0]})", 5))
        else:
            right, left = stack.pop(), stack.pop()
            if kind == "*" and right[0].replace(".", "", 1).isdigit():
                left, right = right, left
            level = _LEVEL[kind]
            a = left[0] if left[1] >= level + (kind == "**") else f"({left[0]})"
            strict = kind in ("-", "/", "**")
            b = right[0] if right[1] > level or (right[1] == level and not strict) else f"({right[0]})"
            spaced = f" {kind} " if level == 1 else (power if kind == "**" else kind)
            stack.append((f"{a}{spaced}{b}", level))
    return stack[0][0]


def to_sympy(expr: Expr, sympy: Any) -> Any:
    """Return `expr` built with the functions of the given sympy module."""
    functions = {
        name: getattr(sympy, name) for name in ("sin", "cos", "tan", "asin", "acos", "atan", "exp", "log", "sqrt")
    }
    stack: list[Any] = []
    for kind, value in expr.tokens():
        if kind == "num":
            number = float(value)  # type: ignore[arg-type]
            stack.append(sympy.Integer(int(number)) if number.is_integer() else sympy.Float(number, 17))
        elif kind == "par":
            stack.append(sympy.Symbol(str(value)))
        elif kind == "neg":
            stack.append(-stack.pop())
        elif kind == "abs":
            stack.append(sympy.Abs(stack.pop()))
        elif kind in functions:
            stack.append(functions[kind](stack.pop()))
        else:
            right, left = stack.pop(), stack.pop()
            stack.append(
                sympy.atan2(left, right)
                if kind == "atan2"
                else {"+": left + right, "-": left - right, "*": left * right}.get(kind)
                if kind in "+-*" and kind != "**"
                else left / right
                if kind == "/"
                else left**right
            )
    return stack[0]
