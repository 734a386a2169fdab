"""What a structural rule is, and the trace that a run of rules leaves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from attrs import frozen

from qcompile.ir.block import Block
from qcompile.ir.contract import ContractKind
from qcompile.ir.cost import CostModel
from qcompile.ir.counts import Counts
from qcompile.ir.program import ClosedForm
from qcompile.ir.readout import Readout
from qcompile.ir.sizes import Size

__all__ = ["BlockRule", "ReadoutRule", "Rule", "Step", "Trace"]


class Rule(ABC):
    """One small rewrite. The docstring holds the proof.

    Class attributes:
        id: As in the theory notes: S1 to S15, or P and a number for rules found since.
        name: Kebab-case name, for `--no-simplify`.
        keeps: The contract that the rewrite keeps.
        when: Condition in one sentence.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    keeps: ClassVar[ContractKind]
    when: ClassVar[str]


class BlockRule(Rule):
    """A rewrite of a block wherever it stands."""

    @abstractmethod
    def rewrite(self, block: Block, cost_model: CostModel) -> Block | None:
        """Return the replacement, None where the rule does not apply."""


class ReadoutRule(Rule):
    """A rewrite that must know the start or what is measured."""

    @abstractmethod
    def rewrite(self, readout: Readout, cost_model: CostModel) -> Readout | ClosedForm | None:
        """Return the replacement, None where the rule does not apply."""


@frozen
class Step:
    """One application of a rule.

    Attributes:
        rule: Its name.
        id: Its id.
        where: Readout, or kind of block.
        keeps: Contract kept.
        before, after: Counts by formula; upper bounds where the block says so.
        note: What happened.
    """

    rule: str
    id: str
    where: str
    keeps: ContractKind
    before: Counts
    after: Counts
    note: str = ""

    def saved(self) -> Mapping[str, Size]:
        """Return what went away by kind of gate; negative where it grew."""
        out: dict[str, Size] = {}
        for key in Counts.ADDED:
            difference = self.before[key] - self.after[key]  # type: ignore[operator]
            if difference != 0:
                out[key] = difference
        return out

    def __str__(self) -> str:
        saved = ", ".join(f"{value} {key}" for key, value in self.saved().items()) or "nothing counted"
        return f"{self.id} {self.rule} on {self.where}: saved {saved} (keeps {self.keeps.value})" + (
            f"; {self.note}" if self.note else ""
        )


@frozen
class Trace:
    """What a run of rules did, in order."""

    steps: tuple[Step, ...] = ()

    def of(self, where: str) -> tuple[Step, ...]:
        """Return the steps on one readout."""
        return tuple(s for s in self.steps if s.where == where)

    @property
    def rules(self) -> tuple[str, ...]:
        """Names of the rules that fired, each once."""
        return tuple(dict.fromkeys(s.rule for s in self.steps))

    def __str__(self) -> str:
        return "\n".join(str(s) for s in self.steps) or "no rule applied"
