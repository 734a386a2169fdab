"""Profiles from `cirq.Device` and `cirq_google.GridDevice`: couplings, gates and durations. Devices hold no errors."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from hardware_profiles.checks import LONGEST_SUPERCONDUCTING_READOUT_S
from qcompile.errors import InputError

if TYPE_CHECKING:
    import cirq

    from hardware_profiles.schema import HardwareProfile

__all__ = ["profile_from_cirq_device"]

#: Preference where a device has several two-qubit gates; those without a duration come after the others.
_ORDER = ("cz", "syc", "sqrt_iswap", "iswap", "ecr", "cx")


def profile_from_cirq_device(
    device: cirq.Device,
    *,
    name: str = "cirq_device",
    native: str | None = None,
    technology: str = "superconducting",
    readout_s: float | None = None,
    vendor: str = "unknown",
) -> HardwareProfile:
    """Return a profile of kind device with the device's qubits, couplings, gates and durations; errors stay unknown.

    Args:
        device: A device with metadata.
        name: Identity of the profile.
        native: Two-qubit gate, for devices whose metadata has no gateset.
        technology: What the machine is made of.
        readout_s: Length of a measurement that replaces the device's own.
        vendor: Who made it.

    Raises:
        InputError: The device has no metadata or no two-qubit gate, or states an impossible measurement: cirq_google
            1.7 says 4 ms for two processors where 4 us is meant.
    """
    metadata = device.metadata
    if metadata is None:
        raise InputError(
            "has no metadata", where=f"device {name}", hint="use a device that lists its qubits and couplings"
        )
    import cirq

    qubits = sorted(metadata.qubit_set)
    index = {qubit: k for k, qubit in enumerate(qubits)}
    edges = sorted({_pair(index[a], index[b]) for a, b in metadata.nx_graph.edges if a != b})
    origin = {"status": "datasheet", "statistic": "exact", "source": "device", "date": "undated"}
    lengths = _gate_lengths(metadata)
    if native is not None and not any(gate in lengths for gate in _ORDER):
        lengths[native] = None
    if readout_s is not None:
        lengths["measure"] = readout_s
    readout = lengths.get("measure")
    if technology == "superconducting" and readout is not None and readout > LONGEST_SUPERCONDUCTING_READOUT_S:
        hint = "pass readout_s; a superconducting readout takes less than 100 us"
        raise InputError(f"takes {readout:g} s", where=f"device {name}: measurement", hint=hint)
    two_qubit = sorted(
        (gate for gate in lengths if gate in _ORDER), key=lambda g: (lengths[g] is None, _ORDER.index(g))
    )
    if not two_qubit:
        raise InputError(
            "has no two-qubit gate that is known here", where=f"device {name}", hint="pass native, such as 'cz'"
        )
    figures = {
        f"{gate}_duration": {**origin, "unit": "s", "value": length}
        for gate, length in lengths.items()
        if length is not None
    }
    one_qubit = [gate for gate in ("phased_xz", "physical_z") if gate in lengths]
    grid = all(isinstance(qubit, cirq.GridQubit) for qubit in qubits)
    data: dict[str, Any] = {
        "id": name,
        "display_name": f"{name} (imported)",
        "vendor": vendor,
        "technology": technology,
        "kind": "device",
        "snapshot": "undated",
        "sources": {
            "device": {
                "title": type(device).__name__,
                "ref": type(device).__module__,
                "date": "undated",
                "kind": "device specification",
                "read": "metadata",
            }
        },
        "topology": {
            "kind": "grid" if grid else "graph",
            "n_qubits": len(qubits),
            "labels": [f"{q.row}_{q.col}" if isinstance(q, cirq.GridQubit) else str(q) for q in qubits],
            "edges": edges,
            "coordinates": [(q.row, q.col) for q in qubits if isinstance(q, cirq.GridQubit)] if grid else None,
        },
        "gates": [
            *({"name": gate, "arity": 2} for gate in two_qubit),
            *({"name": gate, "arity": 1} for gate in one_qubit or ["phased_xz"]),
            *([{"name": "virtual_z", "arity": 1, "virtual": True}] if "virtual_z" in lengths or not one_qubit else []),
        ],
        "operations": [
            {"gate": gate, "duration": f"{gate}_duration" if lengths.get(gate) is not None else None}
            for gate in [*(one_qubit or ["phased_xz"]), *two_qubit]
        ],
        "qubit_figures": {
            "readout_duration": "measure_duration" if lengths.get("measure") is not None else None,
            "reset_duration": "reset_duration" if lengths.get("reset") is not None else None,
        },
        "figures": figures,
        "not_found": ["errors, T1, T2: a Cirq device holds none"],
    }
    from hardware_profiles.schema import HardwareProfile

    return HardwareProfile.model_validate_json(json.dumps(data))


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _gate_lengths(metadata: cirq.DeviceMetadata) -> dict[str, float | None]:
    """Return the gates of a gateset by our names, and their lengths in seconds; None where the device does not say."""
    families = getattr(metadata, "gateset", None)
    durations = getattr(metadata, "gate_durations", None) or {}
    lengths: dict[str, float | None] = {}
    for family in () if families is None else families.gates:
        gate = _name(family)
        if gate is None:
            continue
        seconds = durations[family].total_nanos() * 1e-9 if family in durations else None
        # Only software gates take no time; a length of 0 for another one means that nobody filled it in.
        length = None if seconds is None or (seconds == 0 and gate != "virtual_z") else round(float(seconds), 15)
        known = lengths.get(gate)
        lengths[gate] = known if length is None else length if known is None else max(known, length)
    return lengths


def _name(family: cirq.GateFamily) -> str | None:
    import cirq

    gate = family.gate
    if isinstance(gate, type):
        if issubclass(gate, cirq.ZPowGate):
            # One type, two gates: in software without a tag, a flux pulse with cirq_google's PhysicalZTag.
            physical = any(type(tag).__name__ == "PhysicalZTag" for tag in family.tags_to_accept)
            return "physical_z" if physical else "virtual_z"
        names = {cirq.PhasedXZGate: "phased_xz", cirq.MeasurementGate: "measure", cirq.ResetChannel: "reset"}
        return next((known for kind, known in names.items() if issubclass(gate, kind)), None)
    two_qubit = {
        "cz": cirq.CZ,
        "cx": cirq.CNOT,
        "iswap": cirq.ISWAP,
        "sqrt_iswap": cirq.SQRT_ISWAP,
        "syc": cirq.FSimGate(math.pi / 2, math.pi / 6),
    }
    if cirq.num_qubits(gate) != 2 or not cirq.has_unitary(gate):
        return None
    matrix = cirq.unitary(gate)
    same = (n for n, known in two_qubit.items() if cirq.allclose_up_to_global_phase(matrix, cirq.unitary(known)))
    return next(same, None)
