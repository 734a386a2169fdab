"""Formulas as text or from sympy, read into `Expr` by a small recursive-descent parser: parsed, never evaluated."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from qcompile.errors import InputError, nearest
from qcompile.tape.expr import BINARY, UNARY, Angle, Expr

__all__ = ["from_sympy", "parse_expr"]

_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([^\W\d][\w.\[\]]*)|(\*\*|[-+*/(),^]))")
_CONSTANTS: Mapping[str, float] = {"pi": math.pi, "π": math.pi, "tau": 2 * math.pi, "e": math.e, "euler": math.e}
_FUNCTIONS = {*UNARY, "atan2"} - {"neg"} | {"ln", "arcsin", "arccos", "arctan", "pow"}
_SYNONYMS = {"ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan"}
_MAX_DEPTH = 80  # five frames of Python each, well below its own limit


class _Parser:
    def __init__(self, text: str, where: str, symbol: Callable[[str], Angle], constants: Mapping[str, float]) -> None:
        self.text, self.where, self.symbol, self.constants = text, where, symbol, constants
        self.tokens: list[tuple[str, int]] = []
        at = 0
        end = len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None:
                at += len(text[at:]) - len(text[at:].lstrip())
                raise self.error(f"has an unexpected character {text[at]!r}", at)
            self.tokens.append((match[1] or match[2] or match[3], match.start(match.lastindex or 0)))
            at = match.end()
        self.at = 0
        self.depth = 0

    def error(self, what: str, at: int | None = None) -> InputError:
        column = (self.tokens[self.at][1] if self.at < len(self.tokens) else len(self.text)) if at is None else at
        return InputError(
            f"{what} at column {column + 1} of {self.text if len(self.text) <= 80 else self.text[:77] + '...'!r}",
            where=self.where,
            hint="write numbers, pi, parameter names, + - * / ** and the functions " + ", ".join(sorted(_FUNCTIONS)),
        )

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        if not token or (wanted and token != wanted):
            raise self.error(f"misses {wanted!r}" if wanted else "ends too early")
        self.at += 1
        return token

    def sum(self) -> Expr:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self.error("is nested too deeply")
        out = self.product()
        while self.peek() in ("+", "-"):
            out = out + self.product() if self.take() == "+" else out - self.product()
        self.depth -= 1
        return out

    def product(self) -> Expr:
        out = self.sign()
        while self.peek() in ("*", "/"):
            if self.take() == "*":
                out = out * self.sign()
                continue
            right = self.sign()
            if right.is_number and right.const == 0:
                raise self.error("divides by zero")
            out = out / right
        return out

    def sign(self) -> Expr:
        negative = False
        while self.peek() in ("+", "-"):
            negative ^= self.take() == "-"
        out = self.power()
        return -out if negative else out

    def power(self) -> Expr:
        base = self.atom()
        if self.peek() in ("**", "^"):
            self.take()
            self.depth += 1
            if self.depth > _MAX_DEPTH:
                raise self.error("is nested too deeply")
            exponent = self.sign()
            self.depth -= 1
            return base**exponent
        return base

    def atom(self) -> Expr:
        token = self.take()
        if token == "(":
            out = self.sum()
            self.take(")")
            return out
        if token[0].isdigit() or token[0] == ".":
            return Expr(float(token))
        if not (token[0].isalpha() or token[0] == "_"):
            self.at -= 1
            raise self.error(f"has an unexpected {token!r}")
        if self.peek() == "(":
            return self.call(token)
        if token in self.constants:
            return Expr(self.constants[token])
        return Expr.of(self.symbol(token))

    def call(self, name: str) -> Expr:
        if name not in _FUNCTIONS:
            self.at -= 1
            raise InputError(f"calls {name!r} in {self.text!r}", where=self.where, hint=nearest(name, _FUNCTIONS))
        self.take("(")
        first = self.sum()
        if name in ("atan2", "pow"):
            self.take(",")
            out = first.combine(self.sum(), "atan2" if name == "atan2" else "**")
        else:
            out = first.apply(_SYNONYMS.get(name, name))
        self.take(")")
        return out


def parse_expr(
    text: str,
    *,
    where: str = "expression",
    symbol: Callable[[str], Angle] = Expr.symbol,
    constants: Mapping[str, float] = _CONSTANTS,
) -> Expr:
    """Read a formula.

    Args:
        text: For example `2*theta - pi/4`.
        where: Place named by errors.
        symbol: Called with each name that is no constant; the default makes it a parameter.
        constants: Names with a fixed value.

    Raises:
        InputError: Anything but numbers, names, operators and the functions of the whitelist; names the column.
    """
    if len(text) > 10_000:
        raise InputError(f"has {len(text)} characters", where=where, hint="use at most 10000")
    parser = _Parser(text, where, symbol, constants)
    with np.errstate(all="ignore"):  # what is not finite is told below
        out = parser.sum()
    if parser.peek():
        raise parser.error(f"has an unexpected {parser.peek()!r}")
    numbers = [out.const, *(factor for _, factor in out.terms)]
    numbers += [value for kind, value in out.program if kind == "num" and isinstance(value, float)]
    if not all(math.isfinite(number) for number in numbers):
        raise InputError(f"is not finite: {text!r}", where=where, hint="use a finite value")
    return out


def from_sympy(value: Any) -> Expr:
    """Return a sympy expression, or any real number, as `Expr`.

    Raises:
        InputError: A function outside the whitelist, or a complex number.
    """
    if isinstance(value, Expr):
        return value
    if isinstance(value, int | float) or not hasattr(value, "args"):
        return Expr(float(value))
    if value.is_Symbol:
        return Expr.symbol(value.name)
    if value.is_number:
        if value.is_real is False:
            raise InputError(f"is {value}", where="angle", hint="angles are real")
        return Expr(float(value))
    if value.is_Add:
        return Expr.total(from_sympy(arg) for arg in value.args)
    if value.is_Mul:
        out = Expr(1.0)
        for arg in value.args:
            out = out * from_sympy(arg)
        return out
    if value.is_Pow:
        base, exponent = value.args
        if exponent == -1:
            return Expr(1.0) / from_sympy(base)
        return from_sympy(base) ** from_sympy(exponent)
    name = {"Abs": "abs"}.get(value.func.__name__, value.func.__name__)
    if name in UNARY:
        return from_sympy(value.args[0]).apply(name)
    if name in BINARY:
        return from_sympy(value.args[0]).combine(from_sympy(value.args[1]), name)
    raise InputError(f"uses {value.func.__name__} in {value}", where="angle", hint=nearest(name, _FUNCTIONS))
