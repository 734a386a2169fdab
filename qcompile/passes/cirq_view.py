"""Passes as Cirq transformers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from attrs import evolve

from qcompile.errors import InputError
from qcompile.passes.base import Pass
from qcompile.tape import Call, LayoutWitness, Tape

if TYPE_CHECKING:
    import cirq

    from qcompile.target import Target

__all__ = ["as_cirq_transformer"]


class CirqTransformer(Protocol):
    """A Cirq transformer."""

    def __call__(
        self, circuit: cirq.AbstractCircuit, *, context: cirq.TransformerContext | None = None
    ) -> cirq.AbstractCircuit:
        """Return the circuit rewritten."""


def as_cirq_transformer(pass_: Pass, target: Target | None = None) -> CirqTransformer:
    """Return a pass as a `cirq.transformer`.

    Operations with a tag of the context's `tags_to_ignore` are left alone. With `deep`, circuits inside of circuit
    operations are rewritten, too. The global phase is kept as an operation.

    Args:
        pass_: The pass; its options stay as they are.
        target: Machine for passes that need one.

    Raises:
        InputError: On use, when the pass moves qubits (a circuit alone cannot say where they are at the end).

    >>> import cirq
    >>> from qcompile.passes import DropIdentities
    >>> q = cirq.LineQubit(0)
    >>> print(as_cirq_transformer(DropIdentities())(cirq.Circuit(cirq.X(q), cirq.I(q), cirq.H(q))))
    0: ───X───H───
    """
    import cirq

    def transform(
        circuit: cirq.AbstractCircuit, *, context: cirq.TransformerContext | None = None
    ) -> cirq.AbstractCircuit:
        options = context or cirq.TransformerContext()
        mine = evolve(pass_, no_touch=(*pass_.no_touch, *options.tags_to_ignore))
        qubits = sorted(circuit.all_qubits())
        return _rewritten(mine, Tape.from_cirq(circuit), target, deep=options.deep).to_cirq(qubits=qubits)

    transform.__name__ = transform.__qualname__ = pass_.name
    transform.__doc__ = type(pass_).__doc__
    out: CirqTransformer = cirq.transformer(transform)
    return out


def _rewritten(one: Pass, tape: Tape, target: Target | None, *, deep: bool) -> Tape:
    if deep and tape.calls:
        calls = []
        for k, call in enumerate(tape.calls):
            tags = {t for row in (tape.payload == k).nonzero()[0] for t in _tags(tape, int(row))}
            kept = bool(tags & set(one.no_touch))
            body = call.tape if kept else _rewritten(one, call.tape, target, deep=True)
            calls.append(Call(body, call.repetitions, call.bindings))
        tape = tape.replace(calls=tuple(calls))
    done = one.rewrite(tape, target)
    if isinstance(done.witness, LayoutWitness):
        raise InputError(f"{one.name} moves qubits", where="as_cirq_transformer", hint="run it on a tape")
    return done.tape


def _tags(tape: Tape, row: int) -> tuple[object, ...]:
    from qcompile.tape import Op

    if tape.opcode[row] != Op.CALL or tape.tag[row] < 0:
        return ()
    return tuple(tape.tags[tape.tag[row]])
