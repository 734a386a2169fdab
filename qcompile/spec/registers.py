"""Widths of registers: eqs. 79, 81 and 83."""

from __future__ import annotations

from attrs import frozen

from qcompile.ir.sizes import ceil_log2
from qcompile.spec.model import ModelSpec

__all__ = ["Registers", "least_dev", "registers_of"]


@frozen(kw_only=True)
class Registers:
    """Numbers of qubits.

    Attributes:
        encoding: max(1, ceil log2 of the encoded width): what a token's amplitudes need.
        dev: N_dev = max(8, ceil log2 d_model), or the override.
        test: N_test = 2 N_dev + N_anc: a swap test's register.
        prod: N_prod = k N_test.
        circuit: The one that `qubits.phase` chose: the width of U_att and U_phase.
        router: Qubits of the router: at least the encoding's and at least those measured.
        experts: Measured qubits of the router, ceil log2 E unless given; 0 without experts.
        vocab: ceil log2 of the vocabulary: the sampling register.
    """

    encoding: int
    dev: int
    test: int
    prod: int
    circuit: int
    router: int
    experts: int
    vocab: int


def least_dev(spec: ModelSpec) -> int:
    """Return N_dev of eq. 79: max(8, ceil log2 d_model)."""
    return max(8, int(ceil_log2(spec.model.d_model)))


def registers_of(spec: ModelSpec) -> Registers:
    """Return the widths that a spec asks for."""
    model, qubits = spec.model, spec.qubits
    encoded = model.d_model if spec.encoding.of == "model" else model.d_key
    own = max(1, int(ceil_log2(encoded))) if spec.encoding.kind != "angle" else encoded
    dev = qubits.override or least_dev(spec)
    test = 2 * dev + qubits.ancilla
    prod = qubits.k * test
    experts = 0
    if spec.experts is not None:
        least = int(ceil_log2(spec.experts.count))
        experts = max(1, least)
        if spec.router is not None and spec.router.measured_qubits:
            experts = spec.router.measured_qubits
    return Registers(
        encoding=own,
        dev=dev,
        test=test,
        prod=prod,
        circuit={"dev": dev, "test": test, "prod": prod}[qubits.phase],
        router=max(own, experts),
        experts=experts,
        vocab=max(1, int(ceil_log2(model.vocab))),
    )
