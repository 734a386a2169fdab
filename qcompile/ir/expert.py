"""A quantum expert of eq. 68: an ansatz on a token, read by Z expectations, then a linear map."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from qcompile.errors import InputError
from qcompile.ir.ansatz import Ansatz
from qcompile.ir.block import Block
from qcompile.ir.combinators import Sequence
from qcompile.ir.contract import Contract, ContractKind
from qcompile.ir.counts import Counts
from qcompile.ir.readout import Post, Readout
from qcompile.ir.sizes import Size, same_size

__all__ = ["QuantumExpert"]

Floats = NDArray[np.float64]


def _rows(value: Any) -> tuple[tuple[float, ...], ...]:
    array = np.asarray(value, dtype=np.float64)
    if array.size and (array.ndim != 2 or not np.isfinite(array).all()):
        raise InputError(f"has shape {array.shape}", where="expert: weight", hint="use finite numbers, shape [d, n]")
    return tuple(tuple(row) for row in array.tolist()) if array.size else ()


def _row(value: Any) -> tuple[float, ...]:
    array = np.asarray(value, dtype=np.float64)
    if array.ndim != 1 or not np.isfinite(array).all():
        raise InputError(f"has shape {array.shape}", where="expert: bias", hint="use finite numbers, shape [d]")
    return tuple(array.tolist())


@frozen
class QuantumExpert(Block):
    """E_q^(e)(x) = W z + b, with z_q the expectation of Z on qubit q after the ansatz on the token's state.

    Attributes:
        token: Preparation of x.
        ansatz: Of the expert, as wide as the token.
        weight: W, shape [d, n]; empty: the identity, d = n.
        bias: b, shape [d]; empty: zero.
    """

    equation: ClassVar[str] = "68"
    token: Block
    ansatz: Ansatz
    weight: tuple[tuple[float, ...], ...] = field(default=(), converter=_rows, kw_only=True, repr=False)
    bias: tuple[float, ...] = field(default=(), converter=_row, kw_only=True, repr=False)

    def __attrs_post_init__(self) -> None:
        if not same_size(self.token.n_qubits, self.ansatz.n_qubits):
            raise InputError(
                f"has {self.token.n_qubits} qubits, the ansatz {self.ansatz.n_qubits}", where="expert: token"
            )
        n = self.n_qubits
        if self.weight and isinstance(n, int) and len(self.weight[0]) != n:
            raise InputError(f"has {len(self.weight[0])} columns", where="expert: weight", hint=f"use {n}, one a qubit")
        rows = len(self.weight) if self.weight else n
        if self.bias and isinstance(rows, int) and len(self.bias) != rows:
            raise InputError(f"has {len(self.bias)} entries", where="expert: bias", hint=f"use {rows}")

    @property
    def n_qubits(self) -> Size:
        """Width of the ansatz."""
        return self.ansatz.n_qubits

    @property
    def contract(self) -> Contract:
        """Judged by the outcomes of its readout; all qubits start in 0."""
        return Contract(ContractKind.OUTCOMES, tuple(range(self.width)))

    def expand(self) -> Sequence:
        """Return the circuit: token, then ansatz."""
        return Sequence((self.token, self.ansatz), n_qubits=self.n_qubits)

    def formula(self) -> Counts:
        """Return the token's and the ansatz's."""
        return self.expand().formula()

    def readout(self, name: str, *, runs: Size = 1, shots: int | None = None, note: str = "") -> Readout:
        """Return the readout of z: every qubit measured, one circuit a token and chosen expert."""
        return Readout(
            name, self, range(self.width), Post.Z_EXPECTATIONS, equation="68", runs=runs, shots=shots, note=note
        )

    def output(self, expectations: ArrayLike) -> Floats:
        """Return W z + b.

        Args:
            expectations: z, shape [..., n].

        Raises:
            InputError: The last axis is not one value a qubit.
        """
        z = np.asarray(expectations, dtype=np.float64)
        if z.shape[-1:] != (self.width,):
            raise InputError(f"have shape {z.shape}", where="expert: expectations", hint=f"give [..., {self.width}]")
        mapped: Floats = z @ np.array(self.weight).T if self.weight else z
        return mapped + np.array(self.bias) if self.bias else mapped
