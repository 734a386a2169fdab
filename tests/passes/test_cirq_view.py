"""Passes as Cirq transformers."""

from __future__ import annotations

import cirq
import numpy as np
import pytest

from qcompile.errors import InputError
from qcompile.passes import PASSES, ElideSwaps, MergeOneQubit, as_cirq_transformer


@pytest.mark.parametrize("name", sorted(PASSES))
def test_transformers_keep_the_unitary_and_the_qubits(name: str) -> None:
    transform = as_cirq_transformer(PASSES[name]())
    for seed in range(3):
        circuit = cirq.testing.random_circuit(4, 15, 0.7, random_state=seed)
        qubits = sorted(circuit.all_qubits())
        new = transform(circuit).unitary(qubit_order=qubits, qubits_that_should_be_present=qubits)
        assert np.abs(new - cirq.unitary(circuit)).max() < 1e-7


def test_tags_to_ignore_are_respected() -> None:
    a, b = cirq.GridQubit(0, 3), cirq.NamedQubit("b")
    circuit = cirq.Circuit(cirq.H(a), cirq.H(a).with_tags("mine"), cirq.H(b), cirq.H(b))
    transform = as_cirq_transformer(MergeOneQubit())
    new = transform(circuit, context=cirq.TransformerContext(tags_to_ignore=("mine",)))
    ops = [op for op in new.all_operations() if op.qubits]
    assert len(ops) == 2
    assert ops[1].tags == ("mine",)
    assert not [op for op in transform(circuit).all_operations() if op.qubits]


def test_a_pass_that_moves_qubits_is_refused() -> None:
    a, b = cirq.LineQubit.range(2)
    with pytest.raises(InputError, match="moves qubits"):
        as_cirq_transformer(ElideSwaps())(cirq.Circuit(cirq.SWAP(a, b), cirq.H(a)))
