"""A program: named readouts, how often each runs in a forward pass, and the choices it was made with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sympy
from attrs import evolve, field, frozen

from qcompile.errors import InputError, nearest
from qcompile.ir.block import Block
from qcompile.ir.fields import as_tuple, to_expr, to_pairs
from qcompile.ir.readout import Readout
from qcompile.ir.sizes import Size, as_size, substitute_size
from qcompile.tape.expr import Expr

__all__ = ["ClosedForm", "Program"]


@frozen
class ClosedForm:
    """A readout whose value is known without a circuit.

    Attributes:
        name: Of the readout.
        value: The value as an expression over the program's parameters.
        reason: Why.
        equation: Equation that defines the value.
        runs: How many such values one forward pass needs.
    """

    name: str
    value: Expr = field(converter=to_expr)
    reason: str = field(default="", kw_only=True)
    equation: str = field(default="", kw_only=True)
    runs: Size = field(default=1, kw_only=True)


@frozen(eq=False)
class Program(Mapping[str, Readout]):
    """What a model spec means: a mapping from names to readouts.

    Attributes:
        readouts: In order.
        name: Of the model.
        n_overlaps: Overlaps of one forward pass as a formula over `sizes`.
        sizes: Values of the sizes in formulas (`layers`, `heads`, `seq`, ...).
        conventions: Choices C1 to C7 and others, printed in every report: (id, choice).
        closed_forms: Readouts that a rule found to need no circuit, with their values.
        notes: Remarks for reports.
        seed: From the spec.
    """

    readouts: tuple[Readout, ...] = field(converter=as_tuple)
    name: str = field(default="", kw_only=True)
    n_overlaps: Size = field(default=0, kw_only=True)
    sizes: tuple[tuple[str, int], ...] = field(default=(), kw_only=True, converter=to_pairs)
    conventions: tuple[tuple[str, str], ...] = field(default=(), kw_only=True, converter=to_pairs)
    closed_forms: tuple[ClosedForm, ...] = field(default=(), kw_only=True, converter=as_tuple)
    notes: tuple[str, ...] = field(default=(), kw_only=True, converter=as_tuple)
    seed: int = field(default=0, kw_only=True)

    def __attrs_post_init__(self) -> None:
        names = [r.name for r in self.readouts]
        for name in names:
            if names.count(name) > 1:
                raise InputError(f"{name!r} is there twice", where="program: readout", hint="use distinct names")

    def __getitem__(self, name: str) -> Readout:
        for readout in self.readouts:
            if readout.name == name:
                return readout
        raise KeyError(f"{name}; {nearest(name, [r.name for r in self.readouts])}")

    def __iter__(self) -> Iterator[str]:
        return iter(r.name for r in self.readouts)

    def __len__(self) -> int:
        return len(self.readouts)

    def __eq__(self, other: object) -> bool:
        keys = ("readouts", "name", "n_overlaps", "sizes", "conventions", "closed_forms", "notes", "seed")
        return isinstance(other, Program) and all(getattr(self, k) == getattr(other, k) for k in keys)

    def __hash__(self) -> int:
        return hash((self.readouts, self.name, self.sizes))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Free parameters in order of first appearance."""
        return tuple(dict.fromkeys(name for r in self.readouts for name in r.parameters))

    def value_of(self, formula: Size) -> Size:
        """Return a formula with the program's sizes put in."""
        return substitute_size(formula, dict(self.sizes))

    @property
    def n_overlaps_value(self) -> Size:
        """`n_overlaps` as a number: 61*128*4096^2 = 1.31e11 for a model of V3's size."""
        return self.value_of(self.n_overlaps)

    def runs(self, name: str) -> Size:
        """Return how many circuits of one kind a forward pass needs."""
        return self.value_of(self[name].runs)

    def executions(self, name: str) -> Size | None:
        """Return runs times shots, None while the shots are unknown."""
        shots = self[name].shots
        return None if shots is None else as_size(sympy.sympify(self.runs(name)) * shots)

    def bind(self, values: Mapping[str, Any]) -> Program:
        """Return the program with parameters replaced in every readout that has them."""
        new = []
        for r in self.readouts:
            used = {k: v for k, v in values.items() if any(p == k or p.startswith(f"{k}_") for p in r.parameters)}
            new.append(r.bind(used) if used else r)
        return self.with_readouts(new)

    def with_readouts(self, readouts: list[Readout] | tuple[Readout, ...]) -> Program:
        """Return the program with other readouts."""
        return evolve(self, readouts=tuple(readouts))

    def with_block(self, name: str, block: Block) -> Program:
        """Return the program with one circuit replaced."""
        return self.with_readouts([evolve(r, block=block) if r.name == name else r for r in self.readouts])

    def tree(self) -> str:
        """Return the program as an indented text with formulas."""
        lines = [f"program {self.name}: overlaps per forward pass {self.n_overlaps} = {_show(self.n_overlaps_value)}"]
        lines += [f"  {key}: {choice}" for key, choice in self.conventions]
        for r in self.readouts:
            shots = "unknown" if r.shots is None else f"{r.shots:,}"
            head = f"  {r.name} [eq. {r.equation}]: {r.post.value} of {len(r.measured)} bits"
            lines.append(f"{head}, runs {r.runs} = {_show(self.value_of(r.runs))}, shots {shots}, {r.contract}")
            lines += [f"    precomputed: {r.precomputed}"] if r.precomputed else []
            lines += [f"    {line}" for line in r.block.tree().splitlines()]
        for c in self.closed_forms:
            lines.append(f"  {c.name} [eq. {c.equation}]: {c.value}, no circuit: {c.reason}")
        return "\n".join([*lines, *(f"  note: {n}" for n in self.notes)])


def _show(value: Size) -> str:
    if isinstance(value, int):
        return f"{value:,}" if value < 10**9 else f"{value:.4g}"
    return str(value)
