"""What is certified, and what the outcome says."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen, validators
from numpy.typing import ArrayLike, NDArray

from qcompile.errors import InputError
from qcompile.ir.contract import Contract, ContractKind
from qcompile.tape import Tape, Witness

__all__ = ["Certificate", "Effort", "Finding", "Replay", "Step", "Subject"]

Ints = NDArray[np.int32]


def _ints(value: ArrayLike) -> Ints:
    out = np.array(value, dtype=np.int32)
    out.setflags(write=False)
    return out


@frozen(kw_only=True, eq=False)
class Step:
    """One rewrite with its witness, to be replayed by `verify.validate`."""

    name: str
    before: Tape
    after: Tape
    witness: Witness


@frozen(kw_only=True, eq=False)
class Subject:
    """A compile to be checked.

    Attributes:
        logical: The tape that was given.
        physical: The tape that was made; its other qubits start in 0 and must end there.
        initial_layout: int32[>= n], physical qubit of logical qubit k at the start; entries beyond n are passed over.
        final_layout: int32[>= n], the same at the end.
        contract: What must stay the same.
        dropped_bound: Operator-norm bound on everything that passes dropped on purpose.
        steps: Rewrites from first to last with their witnesses; empty when none were kept.
    """

    logical: Tape
    physical: Tape
    initial_layout: Ints = field(converter=_ints)
    final_layout: Ints = field(converter=_ints)
    contract: Contract = field(factory=Contract)
    dropped_bound: float = 0.0
    steps: tuple[Step, ...] = ()

    def __attrs_post_init__(self) -> None:
        n = self.logical.n_qubits
        for name in ("initial_layout", "final_layout"):
            layout = getattr(self, name)[:n]
            distinct = len(set(layout.tolist())) == n
            if not distinct or (n and (layout.min() < 0 or layout.max() >= self.physical.n_qubits)):
                raise InputError(
                    f"does not give {n} different qubits of {self.physical.n_qubits}",
                    where=name,
                    hint="use a bijection",
                )
            object.__setattr__(self, name, layout)
        extra = set(self.physical.parameters) - set(self.logical.parameters)
        if extra:
            raise InputError(f"has the parameter {min(extra)!r} that the logical one lacks", where="physical circuit")

    @staticmethod
    def of(logical: Tape, physical: Tape, **options: Any) -> Subject:
        """Return a subject whose layouts are the identity."""
        same = range(logical.n_qubits)
        return Subject(logical=logical, physical=physical, initial_layout=same, final_layout=same, **options)


@frozen(kw_only=True)
class Effort:
    """How much work a check may do; counts, not seconds.

    Attributes:
        exact_qubits: Most active qubits for a check of every column.
        state_qubits: Most active qubits for state vectors.
        work: Most amplitude updates (columns x amplitudes x gates).
        max_bond: Largest bond of a matrix-product state.
        max_steps: Most updates of neighbours in one matrix-product state.
        states: Random states, or product states, that a sampled check uses.
        points: Random parameter points for a symbolic circuit.
    """

    exact_qubits: int = 12
    state_qubits: int = 22
    work: float = 6e9
    max_bond: int = 64
    max_steps: int = 20_000
    states: int = 3
    points: int = 2


@frozen(kw_only=True)
class Finding:
    """One comparison of two numeric tapes.

    Attributes:
        method: How they were compared.
        distance: The contract's distance, or None when no method reached the width.
        proof: Whether the comparison leaves no input out (up to rounding), as opposed to sampled evidence.
        cannot_see: What would escape it.
        n_active: Physical qubits that took part.
        details: Named further numbers, such as the three forms of eq. 85.
    """

    method: str
    distance: float | None
    proof: bool
    cannot_see: tuple[str, ...] = ()
    n_active: int = 0
    details: tuple[tuple[str, float], ...] = ()


@frozen(kw_only=True)
class Replay:
    """Outcome of replaying witnesses.

    Attributes:
        n_steps: Rewrites that were replayed.
        ok: Whether each of them held; None when there was none to replay.
        message: The first failure, what the chain leaves out, or empty.
        covers: Whether the chain leads from the given tape to the made one, its layouts included.
        exact: Whether every step was proved up to rounding; False when a symbolic region was tried at points only.
        error_bound: Sum of the steps' bounds on the operator-norm distance.
    """

    n_steps: int = 0
    ok: bool | None = None
    message: str = ""
    covers: bool = False
    exact: bool = False
    error_bound: float = 0.0


@frozen(kw_only=True)
class Certificate:
    """Outcome of a check.

    Attributes:
        contract: What had to stay the same.
        method: How it was checked.
        distance: In the contract's measure; None when only witnesses were replayed.
        tolerance: What the distance was held against.
        ok: Whether the distance is within the tolerance and no witness failed. Without a distance: whether every
            witness held and they cover the whole way.
        proof: Whether nothing was sampled: neither inputs nor parameters.
        cannot_see: What would escape this check.
        n_active: Physical qubits that took part.
        dropped_bound: Operator-norm bound on what passes dropped on purpose; part of the tolerance.
        replay: Replayed witnesses.
        points: Parameter points that were tried, 0 for a numeric circuit.
        seed: Of random states and points.
        details: Further numbers by name.
    """

    contract: Contract
    method: str
    distance: float | None
    tolerance: float = field(validator=validators.ge(0))
    ok: bool
    proof: bool
    cannot_see: tuple[str, ...] = ()
    n_active: int = 0
    dropped_bound: float = 0.0
    replay: Replay = Replay()
    points: int = 0
    seed: int = 0
    details: tuple[tuple[str, float], ...] = ()

    def detail(self, name: str) -> float:
        """Return one of the further numbers.

        Raises:
            KeyError: There is none of that name.
        """
        return dict(self.details)[name]

    def __str__(self) -> str:
        found = "no distance" if self.distance is None else f"distance {self.distance:.2e}"
        kind = "proved up to rounding" if self.proof else "numerical evidence"
        if self.distance is None:
            kind = f"{self.replay.n_steps} replayed{', exact' if self.replay.exact else ''}"
        verdict = "ok" if self.ok else "FAILED"
        return f"{verdict}: {self.contract}, {found} (limit {self.tolerance:.0e}), {self.method}, {kind}"


def measure_name(contract: Contract) -> str:
    """Return what the distance of a contract is called in print."""
    return {
        ContractKind.UNITARY: "Frobenius distance, global phase included (eq. 85)",
        ContractKind.ISOMETRY: "largest column norm of the difference, global phase included",
        ContractKind.CHANNEL: "trace distance of Choi states",
        ContractKind.OUTCOMES: "total variation distance of measured bits",
    }[contract.kind]
