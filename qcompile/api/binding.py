"""Numbers for the parameters of a compiled circuit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import overload

from attrs import evolve

from qcompile.api.compiled import Compiled
from qcompile.errors import InputError
from qcompile.passes import Pipeline, Step
from qcompile.passes.presets import post_routing
from qcompile.tape import Angle, Expr, Tape

__all__ = ["bind"]


def bind(built: Compiled, values: Mapping[str, Angle]) -> Compiled:
    """Return a compiled circuit with parameters bound.

    With numbers for all parameters the slots of the circuit are filled in; else the closing passes run again.

    Raises:
        InputError: A name is no parameter of the circuit, or a value is no finite number or expression.
    """
    for name, value in values.items():
        if not isinstance(value, Expr):
            try:
                float(value)
            except (TypeError, ValueError):
                raise InputError(f"is {value!r}", where=f"parameter {name}", hint="bind a number") from None
    bound = built.tape.bind(values)
    closing = built.slots if not bound.parameters else Pipeline(post_routing(built.options.effort))
    again = closing.run(bound, built.target)
    return evolve(
        built,
        source=_present(built.source, values),
        tape=again.tape,
        steps=_BoundSteps(built.steps, values, again.steps),
        ledger=(*built.ledger, *again.ledger),
    )


def _present(tape: Tape, values: Mapping[str, Angle]) -> Tape:
    """Return the tape with those parameters bound that it has."""
    there = set(tape.parameters)
    return tape.bind({k: v for k, v in values.items() if k in there})


class _BoundSteps(Sequence[Step]):
    """The steps of a circuit with parameters bound, then further ones; tapes are bound when a step is looked at."""

    def __init__(self, steps: Sequence[Step], values: Mapping[str, Angle], more: Sequence[Step]) -> None:
        self._steps, self._values, self._more = steps, dict(values), more

    def __len__(self) -> int:
        return len(self._steps) + len(self._more)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, index: int | slice) -> Step | tuple[Step, ...]:
        if isinstance(index, slice):
            return tuple(self[k] for k in range(len(self))[index])
        k = range(len(self))[index]
        if k >= len(self._steps):
            return self._more[k - len(self._steps)]
        step = self._steps[k]
        return Step(_present(step.before, self._values), _present(step.after, self._values), step.witness)

    def __iter__(self) -> Iterator[Step]:
        return (self[k] for k in range(len(self)))
