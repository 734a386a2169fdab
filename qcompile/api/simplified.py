"""Structural rules with the machine's own costs where a rule asks for them."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from qcompile.errors import InputError
from qcompile.ir import Block, Program, Readout
from qcompile.ir.cost import CostModel, DepthCost, GateCost, Trial
from qcompile.ir.rules import RULES, Trace
from qcompile.ir.rules import simplify as apply_rules
from qcompile.target import Target

if TYPE_CHECKING:
    from qcompile.api.compiled import Compiled

__all__ = ["MachineCost", "readout_options", "simplify"]

_FAST = ("depth", "makespan")
#: Candidates wider or longer than this are compared by formula: mapping them twice would cost more than it saves.
_WIDEST, _LONGEST = 24, 4000
#: Stand-ins where a machine states no errors: log10 of a two-qubit gate's survival and of a qubit's over one layer, as
#: typical for superconducting machines (0.5 % a gate, 0.1 % a layer of waiting). Used to compare, reported nowhere.
_GATE_LOG10, _LAYER_LOG10 = math.log10(0.995), math.log10(0.999)


def readout_options(given: Mapping[str, Any], name: str, seed: int) -> dict[str, Any]:
    """Return the options with which a readout is compiled.

    Each readout has its own stream of choices, so that adding one leaves the others as they are.
    """
    own = (seed + zlib.crc32(name.encode())) % 2**32
    return {"inputs": "zero", "outputs": "measured", **given, "seed": own}


@frozen(eq=False)
class MachineCost:
    """Native two-qubit gates of a block, synthesized and mapped onto a machine; its depth or time where that is wanted.

    Attributes:
        objective: As in `compile`; `depth` and `makespan` (where the machine states its durations) break ties by gates.
        given: Other options of the compile, for trials of whole readouts.
        seed: Of the program.
    """

    target: Target
    objective: str = "two_qubit_gates"
    given: Mapping[str, Any] = field(factory=dict)
    seed: int = 0
    _known: dict[Block, float | None] = field(factory=dict, init=False)

    def cost(self, block: Block) -> float | None:
        """Return the count, or the formula's where the block is wide, symbolic in size or does not fit."""
        if block not in self._known:
            self._known[block] = self._mapped(block)
        return self._known[block]

    def trial(self, readout: Readout) -> Trial | None:
        """Return the readout's figures, compiled as it will be; None where it is too large or does not fit."""
        from qcompile.api.options import make_options
        from qcompile.api.pipeline import compile_tape
        from qcompile.synthesis.blocks import synthesize_readout

        if not _is_small(readout.block):
            return None
        try:
            tape = synthesize_readout(readout)
            wanted = readout_options({**self.given, "objective": self.objective}, readout.name, self.seed)
            options = make_options(n_logical=tape.n_qubits, n_physical=self.target.n_qubits, **wanted)
            built = compile_tape(tape, self.target, options, readout=readout, contract=readout.contract)
        except InputError:  # generic data, or more qubits than there are
            return None
        return Trial(self._score(built), 2 * _log10_success(built) - math.log10(built.n_qubits))

    def _score(self, built: Compiled) -> tuple[float, ...]:
        found = built.metrics
        n2, d2 = float(found["n2"]), float(found["d2"])
        if self.objective == "makespan":
            return (float(built.schedule.makespan_s or d2), d2, n2)
        if self.objective == "depth":
            return (d2, n2)
        if self.objective == "esp" and found["log10esp"] is not None:
            return (-float(found["log10esp"]), n2, d2)
        return (n2, d2)

    def _mapped(self, block: Block) -> float | None:
        from qcompile.api.options import make_options
        from qcompile.api.pipeline import compile_tape
        from qcompile.synthesis.blocks import synthesize

        is_depth = self.objective in _FAST
        formula: CostModel = DepthCost() if is_depth else GateCost()
        if not _is_small(block):
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
            built = compile_tape(tape, self.target, options)
            gates, depth = float(built.metrics["n2"]), float(built.metrics["d2"])
            if self.objective == "makespan" and built.schedule.makespan_s is not None:
                return built.schedule.makespan_s * 1e9 + 1e-6 * gates
            return depth + 1e-6 * gates if is_depth else gates
        except InputError:  # no rule for the block, or it does not fit: the formula still ranks candidates
            return formula.cost(block)


def _is_small(block: Block) -> bool:
    if block.sizes or not isinstance(block.n_qubits, int) or block.n_qubits > _WIDEST:
        return False
    gates = block.formula().cnot
    return isinstance(gates, int) and gates <= _LONGEST


def _log10_success(built: Compiled) -> float:
    found = built.metrics
    if found["log10esp"] is not None:
        return float(found["log10esp"])
    n2, d2 = float(found["n2"]), float(found["d2"])
    waiting = max(0.0, built.n_qubits * d2 - 2 * n2)
    return n2 * _GATE_LOG10 + waiting * _LAYER_LOG10


def simplify(
    program: Program,
    *,
    target: Target | None = None,
    without: Iterable[str] = (),
    objective: str = "two_qubit_gates",
    options: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> tuple[Program, Trace]:
    """Return an equal program for fewer gates, and what was done.

    Args:
        program: As lowered from a spec.
        target: The machine whose costs decide where a rule pays only on some; None counts gates by formula.
        without: Rules to leave out, by name or id; `all` leaves out every rule.
        objective: As in `compile`: what the machine's costs measure.
        options: Other options of the compile, with which rules try out whole readouts.
        seed: Of the compile.

    Raises:
        InputError: A name in `without` is no rule.
    """
    names = [without] if isinstance(without, str) else list(without)
    rules = () if "all" in names else RULES
    cost_model = MachineCost(target, objective, dict(options or {}), seed) if target is not None else None
    return apply_rules(program, rules=rules, without=[n for n in names if n != "all"], cost_model=cost_model)
