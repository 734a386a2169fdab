"""Cirq gates without a decomposition: wide unitaries and state preparations become gates, other ones are named."""

from __future__ import annotations

import cirq
import numpy as np
import pytest

import qcompile as qc
from qcompile.api.front import as_tape
from qcompile.errors import InputError
from qcompile.tape import Op, tape_unitary
from qcompile.tape.cirq_in import from_cirq


class OnlyAMatrix(cirq.Gate):
    """A gate that knows its unitary and nothing else."""

    def _num_qubits_(self) -> int:
        return 4

    def _unitary_(self) -> np.ndarray:
        return cirq.testing.random_unitary(16, random_state=5)


@pytest.mark.parametrize("n", [4, 5])
def test_wide_matrices(n: int) -> None:
    matrix = cirq.testing.random_unitary(2**n, random_state=n)
    qubits = cirq.LineQubit.range(n)
    circuit = cirq.Circuit(cirq.H(qubits[1]), cirq.MatrixGate(matrix).on(*reversed(qubits)), cirq.T(qubits[0]))
    assert np.abs(tape_unitary(as_tape(circuit)) - circuit.unitary(qubit_order=qubits)).max() < 1e-9
    built = qc.compile(circuit, target=f"line({n})")
    assert qc.certify(built).ok


def test_a_gate_that_knows_only_its_unitary() -> None:
    qubits = cirq.LineQubit.range(4)
    circuit = cirq.Circuit(OnlyAMatrix().on(*qubits), cirq.CX(*qubits[:2]), OnlyAMatrix().on(*qubits))
    assert np.abs(tape_unitary(as_tape(circuit)) - circuit.unitary()).max() < 1e-9


def test_under_a_condition() -> None:
    a, *rest = cirq.LineQubit.range(5)
    circuit = cirq.Circuit(
        cirq.H(a), cirq.measure(a, key="m"), OnlyAMatrix().on(*rest).with_classical_controls("m"),
        cirq.measure(*rest, key="out"),
    )  # fmt: skip
    tape = as_tape(circuit)
    assert not tape.holds(Op.OPAQUE)
    assert qc.certify(qc.compile(circuit, target="line(5)")).ok


def test_state_preparation() -> None:
    state = np.array([0.5, 0.1j, -0.3, 0.2, 0.4, 0.0, 0.3, 0.6])
    state = state / np.linalg.norm(state)
    qubits = cirq.LineQubit.range(3)
    circuit = cirq.Circuit(cirq.X(qubits[1]), cirq.StatePreparationChannel(state).on(*qubits))
    built = qc.compile(circuit, target="line(3)")
    assert qc.certify(built).ok
    final = cirq.Simulator(dtype=np.complex128, seed=1).simulate(built.circuit).final_state_vector
    placed = final.reshape(2, 2, 2).transpose(built.final_layout[:3]).reshape(8)
    assert abs(np.vdot(placed, state)) == pytest.approx(1.0, abs=1e-9)


def test_what_is_too_wide_is_named_in_one_line() -> None:
    matrix = np.diag(np.exp(1j * np.arange(2**9)))
    circuit = cirq.Circuit(cirq.MatrixGate(matrix).on(*cirq.LineQubit.range(9)))
    with pytest.raises(InputError, match="MatrixGate on 9 qubits cannot be synthesized") as caught:
        qc.compile(circuit, target="line(9)")
    assert "\n" not in str(caught.value)


def test_gates_inside_fences_stay_closed() -> None:
    tape = from_cirq(cirq.Circuit(OnlyAMatrix().on(*cirq.LineQubit.range(4))))
    assert as_tape(tape).counts[Op.OPAQUE] == 0
    fenced = tape.replace(fence=np.ones(len(tape), dtype=np.int32))
    assert as_tape(fenced) is fenced


def test_other_tapes_are_the_same_value() -> None:
    tape = qc.tape_of("h 0; cx 0 1")
    assert as_tape(tape) is tape
