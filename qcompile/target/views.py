"""A target as Cirq objects. Cirq is imported when a view is asked for, not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qcompile.target.target import Target

if TYPE_CHECKING:
    import cirq

    from qcompile.target.cirq_device import TargetDevice
    from qcompile.target.cirq_noise import TargetNoise

__all__ = ["cirq_qubits", "gateset", "noise_model", "to_cirq_device"]


def cirq_qubits(target: Target) -> tuple[cirq.Qid, ...]:
    """Return the Cirq qubit of each qubit: `GridQubit` where the target has a grid, `LineQubit` otherwise."""
    import cirq

    if target.grid is None:
        return tuple(cirq.LineQubit.range(target.n_qubits))
    return tuple(cirq.GridQubit(int(row), int(column)) for row, column in target.grid)


def gateset(target: Target) -> cirq.Gateset:
    """Return the native gates, measurement and reset as a Cirq gateset (gates only: couplings are the device's)."""
    from qcompile.target.cirq_gates import native_gateset

    return native_gateset(target)


def to_cirq_device(target: Target) -> TargetDevice:
    """Return a `cirq.Device` that validates qubits, couplings, directions, gates and angles."""
    from qcompile.target.cirq_device import TargetDevice

    return TargetDevice(target)


def noise_model(target: Target) -> TargetNoise:
    """Return a `cirq.NoiseModel`: relaxation and dephasing in time, residual gate errors, readout errors."""
    from qcompile.target.cirq_noise import TargetNoise

    return TargetNoise(target)
