"""Structural rules with the machine's own costs where a rule asks for them."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from qcompile.errors import InputError
from qcompile.ir import Block, Program
from qcompile.ir.cost import CostModel, DepthCost, GateCost
from qcompile.ir.rules import RULES, Trace
from qcompile.ir.rules import simplify as apply_rules
from qcompile.target import Target

__all__ = ["MachineCost", "simplify"]

_FAST = ("depth", "makespan")
_FOR_DEPTH = ("fan-out-control",)  # takes qubits to save layers, which a count of gates does not price
_WIDEST = 24  # candidates wider than this are compared by formula: mapping them twice would cost more than it saves


@frozen(eq=False)
class MachineCost:
    """Native two-qubit gates of a block, synthesized and mapped onto a machine; two-qubit depth where that is wanted.

    Attributes:
        objective: As in `compile`; `depth` and `makespan` compare depths and break ties by gates.
    """

    target: Target
    objective: str = "two_qubit_gates"
    _known: dict[Block, float | None] = field(factory=dict, init=False)

    def cost(self, block: Block) -> float | None:
        """Return the count, or the formula's where the block is wide, symbolic in size or does not fit."""
        if block not in self._known:
            self._known[block] = self._mapped(block)
        return self._known[block]

    def _mapped(self, block: Block) -> float | None:
        from qcompile.api.options import make_options
        from qcompile.api.pipeline import compile_tape
        from qcompile.synthesis.blocks import synthesize

        is_depth = self.objective in _FAST
        formula: CostModel = DepthCost() if is_depth else GateCost()
        if block.sizes or not isinstance(block.n_qubits, int) or block.n_qubits > _WIDEST:
            return formula.cost(block)
        try:
            tape = synthesize(block, seed=0)
            options = make_options(
                n_logical=tape.n_qubits,
                n_physical=self.target.n_qubits,
                seed=0,
                effort=0,
                objective="depth" if is_depth else "two_qubit_gates",
            )
            found = compile_tape(tape, self.target, options).metrics
            gates, depth = float(found["n2"]), float(found["d2"])
            return depth + 1e-6 * gates if is_depth else gates
        except InputError:  # no rule for the block, or it does not fit: the formula still ranks candidates
            return formula.cost(block)


def simplify(
    program: Program,
    *,
    target: Target | None = None,
    without: Iterable[str] = (),
    objective: str = "two_qubit_gates",
) -> tuple[Program, Trace]:
    """Return an equal program for fewer gates, and what was done.

    Args:
        program: As lowered from a spec.
        target: The machine whose costs decide where a rule pays only on some; None counts gates by formula.
        without: Rules to leave out, by name or id; `all` leaves out every rule.
        objective: As in `compile`: what the machine's costs measure.

    Raises:
        InputError: A name in `without` is no rule.
    """
    names = [without] if isinstance(without, str) else list(without)
    rules = () if "all" in names else tuple(r for r in RULES if objective in _FAST or r.name not in _FOR_DEPTH)
    cost_model = MachineCost(target, objective) if target is not None else None
    return apply_rules(program, rules=rules, without=[n for n in names if n != "all"], cost_model=cost_model)
