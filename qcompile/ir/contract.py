"""What a compile must keep: the whole unitary, its action on known inputs, a channel, or a distribution of outcomes."""

from __future__ import annotations

from enum import StrEnum

from attrs import field, frozen

__all__ = ["Contract", "ContractKind"]


class ContractKind(StrEnum):
    """How two circuits are compared, from strictest to weakest."""

    UNITARY = "unitary"
    ISOMETRY = "isometry"
    CHANNEL = "channel"
    OUTCOMES = "outcomes"


@frozen
class Contract:
    """What must stay the same.

    Attributes:
        kind: `unitary`: Frobenius distance of eq. 85, global phase included. `isometry`: the same on the columns where
            `zero_inputs` start in 0. `channel`: diamond-type distance of Choi matrices. `outcomes`: total variation of
            the distribution of the measured bits after the readout's classical map, with `zero_inputs` in 0.
        zero_inputs: Qubits promised to start in 0.
        ancillas: Qubits that start and must end in 0.
    """

    kind: ContractKind = field(default=ContractKind.UNITARY, converter=ContractKind)
    zero_inputs: tuple[int, ...] = ()
    ancillas: tuple[int, ...] = ()

    def __str__(self) -> str:
        zero = f", {len(self.zero_inputs)} qubits start in 0" if self.zero_inputs else ""
        back = f", {len(self.ancillas)} ancillas return to 0" if self.ancillas else ""
        return f"{self.kind.value}{zero}{back}"
