"""A target as a `cirq.Device`: any qubits, couplings and directions, unlike a `GridDevice`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cirq
import networkx as nx

from qcompile.target.cirq_gates import is_one_qubit_native, matches
from qcompile.target.target import Target
from qcompile.target.views import cirq_qubits

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["TargetDevice"]


class TargetDevice(cirq.Device):
    """Validates operations and circuits against a target; `metadata` holds its coupling graph for Cirq's routers."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.qubits = cirq_qubits(target)
        self._index = {qubit: q for q, qubit in enumerate(self.qubits)}

    @property
    def metadata(self) -> cirq.DeviceMetadata:
        """Usable qubits and couplings."""
        graph = nx.Graph()
        graph.add_nodes_from(self.qubits[q] for q in range(self.target.n_qubits) if self.target.enabled[q])
        graph.add_edges_from((self.qubits[a], self.qubits[b]) for a, b in self.target.edges)
        return cirq.DeviceMetadata(list(graph.nodes), graph)

    def index_of(self, qubit: cirq.Qid) -> int:
        """Return the index of a Cirq qubit.

        Raises:
            ValueError: The machine has no such qubit, or it cannot be used.
        """
        q = self._index.get(qubit)
        if q is None:
            raise ValueError(f"{self.target.name} has no qubit {qubit!r}")
        if not self.target.enabled[q]:
            raise ValueError(f"qubit {qubit} of {self.target.name} cannot be used")
        return q

    def validate_operation(self, operation: cirq.Operation) -> None:
        """Check one operation.

        Raises:
            ValueError: A qubit, coupling, direction, gate or angle is not there.
        """
        operation = operation.untagged.without_classical_controls().untagged
        if isinstance(operation, cirq.CircuitOperation):
            self.validate_circuit(operation.mapped_circuit())
            return
        qubits = [self.index_of(qubit) for qubit in operation.qubits]
        gate = operation.gate
        if gate is None:
            raise ValueError(f"{self.target.name} cannot play {operation!r}")
        free = cirq.MeasurementGate | cirq.ResetChannel | cirq.GlobalPhaseGate | cirq.WaitGate | cirq.IdentityGate
        if isinstance(gate, free):
            return
        if len(qubits) == 1:
            if not is_one_qubit_native(gate, self.target):
                raise ValueError(f"{gate!r} is not in the one-qubit set {self.target.one_qubit} of {self.target.name}")
        elif len(qubits) == 2:
            self._validate_pair(gate, qubits)
        else:
            raise ValueError(f"{self.target.name} plays gates of one and two qubits, not {operation!r}")

    def _validate_pair(self, gate: cirq.Gate, qubits: Sequence[int]) -> None:
        a, b = qubits
        edge = self.target.edge_index(a, b)
        if edge < 0:
            raise ValueError(f"{self.qubits[a]} and {self.qubits[b]} are not coupled on {self.target.name}")
        played = [native for native in self.target.natives if matches(gate, native)]
        if not played:
            names = ", ".join(native.name for native in self.target.natives)
            raise ValueError(f"{gate!r} is not native on {self.target.name}, which plays {names}")
        if not any(native.available[edge] for native in played):
            raise ValueError(f"{played[0].name} does not work on {self.qubits[a]}, {self.qubits[b]}")
        way = 1 if a < b else -1
        if not any(native.available[edge] and native.direction[edge] in (0, way) for native in played):
            raise ValueError(f"{played[0].name} works only from {self.qubits[b]} to {self.qubits[a]}")

    def __repr__(self) -> str:
        return f"TargetDevice({self.target!r})"
