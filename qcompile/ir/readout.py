"""A circuit, what of it is measured, and how the wanted value follows from the outcomes."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import sympy
from attrs import field, frozen

from qcompile.errors import InputError
from qcompile.ir.block import Block
from qcompile.ir.contract import Contract, ContractKind
from qcompile.ir.counts import Counts
from qcompile.ir.fields import as_tuple, to_runs
from qcompile.ir.sizes import Size, as_size

__all__ = ["Post", "Readout"]


class Post(StrEnum):
    """How the value follows from the measured bits; bit 0 belongs to `measured[0]` and is the most significant."""

    ALL_ZERO = "all_zero"
    """Probability that every bit is 0: two outcomes, [not all zero, all zero] with the value their second."""
    EXPECTATION = "expectation"
    """Mean of (-1)^bit of the one measured bit: part of an overlap, or the swap test's squared modulus."""
    DISTRIBUTION = "distribution"
    """Probability of each bit string, shape [2^measured], after `relabel`."""
    BELL = "bell"
    """Mean of (-1)^(sum_q a_q b_q), a the first half of the bits, b the second."""
    Z_EXPECTATIONS = "z_expectations"
    """Mean of (-1)^bit for each bit, after `relabel`: shape [measured]."""


@frozen
class Readout:
    """One kind of circuit of a program with its measurement.

    Attributes:
        name: For example `attention.mask`.
        block: The circuit before measurement, all qubits from 0.
        measured: Qubits in order of bits.
        post: How the value follows.
        equation: Equation that defines the value.
        runs: How many different circuits of this kind one forward pass needs (each runs `shots` times).
        shots: Repetitions of each circuit, None where nothing in the spec fixes it.
        relabel: Rows of a bit matrix over GF(2), applied to the measured bits before `post`: true bit k is the parity
            of the measured bits in `relabel[k]`. Empty: as measured.
        n_labels: For DISTRIBUTION: labels from this number on are invalid (eq. 35, E no power of two); 0: all valid.
        invalid_labels: `keep`, `renormalise` or `reject`: what the classical map does with them; the leak is reported.
        min_modulus: Below this modulus a phase is not defined (eq. 32); None where it does not matter.
        consents: Weaker realisations that the spec allows, such as `bell`.
        note: Choices that reports print.
        precomputed: What was computed classically when compiling, so that no estimate may use the circuit; else empty.
    """

    name: str
    block: Block
    measured: tuple[int, ...] = field(converter=as_tuple)
    post: Post = field(converter=Post)
    equation: str = field(default="", kw_only=True)
    runs: Size = field(default=1, kw_only=True, converter=to_runs)
    shots: int | None = field(default=None, kw_only=True)
    relabel: tuple[tuple[int, ...], ...] = field(default=(), kw_only=True)
    n_labels: int = field(default=0, kw_only=True)
    invalid_labels: str = field(default="keep", kw_only=True)
    min_modulus: float | None = field(default=None, kw_only=True)
    consents: tuple[str, ...] = field(default=(), kw_only=True)
    note: str = field(default="", kw_only=True)
    precomputed: str = field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        n = self.block.n_qubits
        if not self.measured or len(set(self.measured)) != len(self.measured):
            raise InputError(f"are {list(self.measured)}", where=f"readout {self.name}: measured")
        if isinstance(n, int) and not all(0 <= q < n for q in self.measured):
            raise InputError(f"are {list(self.measured)} of {n} qubits", where=f"readout {self.name}: measured")
        if self.relabel and len(self.relabel) != len(self.measured):
            raise InputError(f"has {len(self.relabel)} rows", where=f"readout {self.name}: relabel")
        if self.invalid_labels not in ("keep", "renormalise", "reject"):
            raise InputError(
                f"is {self.invalid_labels!r}",
                where=f"readout {self.name}: invalid_labels",
                hint="use keep, renormalise or reject",
            )

    @property
    def contract(self) -> Contract:
        """The distribution of the outcomes of `post`, every qubit from 0."""
        return Contract(ContractKind.OUTCOMES, tuple(range(self.block.width)))

    @property
    def n_qubits(self) -> Size:
        """Width of the circuit."""
        return self.block.n_qubits

    @property
    def key(self) -> str:
        """Measurement key of the circuit: the name."""
        return self.name

    @property
    def parameters(self) -> tuple[str, ...]:
        """Free parameters of the circuit."""
        return self.block.parameters

    def counts(self) -> Counts:
        """Return the counts of one run, measurements included."""
        return self.block.counts().then(Counts(measurement=len(self.measured)))

    @property
    def shots_per_pass(self) -> Size | None:
        """Circuit executions in one forward pass: runs times shots, None when shots are unknown."""
        return None if self.shots is None else as_size(sympy.sympify(self.runs) * self.shots)

    def bind(self, values: Any) -> Readout:
        """Return the readout with the block's parameters replaced."""
        from attrs import evolve

        return evolve(self, block=self.block.bind(values))
