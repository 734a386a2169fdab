"""A machine's gates for `cirq.optimize_for_target_gateset`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qcompile.errors import InputError
from qcompile.target import Target
from qcompile.target.views import gateset

if TYPE_CHECKING:
    import cirq

__all__ = ["TargetGateset"]


def TargetGateset(target: Target | str) -> cirq.CompilationTargetGateset:
    """Return a `cirq.CompilationTargetGateset` that decomposes with this compiler's synthesis, symbols kept.

    Args:
        target: The machine, or its name. Couplings are not looked at: Cirq's transformer only translates.
    """
    import cirq

    from qcompile.api.front import as_target
    from qcompile.api.pipeline import translate
    from qcompile.tape.cirq_in import from_cirq
    from qcompile.tape.cirq_out import to_cirq

    machine = as_target(target)
    allowed = gateset(machine)

    class _Gateset(cirq.CompilationTargetGateset):
        def __init__(self) -> None:
            super().__init__(*allowed.gates, name=f"qcompile:{machine.name}")

        @property
        def num_qubits(self) -> int:
            return 2

        def decompose_to_target_gateset(self, op: cirq.Operation, moment_idx: int) -> Any:
            if cirq.num_qubits(op) > 3 or cirq.is_measurement(op):
                return NotImplemented
            qubits = list(op.qubits)
            try:
                tape = translate(from_cirq(cirq.Circuit(op), qubit_order=qubits), machine)
            except InputError:
                return NotImplemented
            return to_cirq(tape, qubits=qubits).all_operations()

    return _Gateset()
