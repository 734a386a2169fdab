"""Targets from hardware profiles: references resolved, errors turned into e_F, impossible T2 clipped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hardware_profiles.figures import Column
from hardware_profiles.schema import HardwareProfile, Operation, Topology
from qcompile.errors import InputError
from qcompile.target.couplings import all_pairs
from qcompile.target.native import PARAMETRIC, SYMMETRIC, NativeGate
from qcompile.target.target import Target
from qcompile.target.thermal import thermal_error

__all__ = ["target_from_profile"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]

#: Gate names in profiles -> native gates of targets. The others stay in the profile (see `Target.notes`).
_NATIVE = {
    "cx": "cx",
    "cz": "cz",
    "ecr": "ecr",
    "fsim": "fsim",
    "iswap": "iswap",
    "ms": "rxx",
    "rxx": "rxx",
    "rzz": "rzz",
    "sqrt_iswap": "sqrtiswap",
    "sqrtiswap": "sqrtiswap",
    "syc": "syc",
    "zz": "rzz",
}
#: Physical one-qubit gates in profiles -> one-qubit gate sets of targets.
_ONE_QUBIT = {
    "gpi": "gpi",
    "gpi2": "gpi",
    "rx_pi": "zsx",
    "rx_pi_2": "zsx",
    "sx": "zsx",
}


def target_from_profile(profile: HardwareProfile) -> Target:
    """Return the machine that a profile describes. See `Target.from_profile`."""
    where = f"profile {profile.id}"
    topology = profile.topology
    if profile.kind not in ("device", "model") or topology is None:
        hint = "use a profile of kind device or model"
        raise InputError(f"is of kind {profile.kind} and describes no machine", where=where, hint=hint)
    notes: list[str] = []
    n = topology.n_qubits
    enabled = np.ones(n, np.bool_)
    enabled[list(topology.disabled_qubits)] = False
    one_qubit = profile.one_qubit_operation()
    if one_qubit is not None:
        enabled[list(one_qubit.disabled)] = False
    if not enabled.all():
        notes.append(f"qubits that cannot be used: {_listed(np.flatnonzero(~enabled))}")
    if topology.working_qubits is not None and topology.working_qubits < int(enabled.sum()):
        notes.append(f"{topology.working_qubits} of {n} qubits worked; the sources do not say which, all are kept")

    t1 = _qubit_numbers(profile, profile.qubit_figures.t1)
    t2 = _clipped(t1, _qubit_numbers(profile, profile.qubit_figures.t2), notes)
    if profile.qubit_figures.t2 is not None and profile.qubit_figures.t2_kind is not None:
        notes.append(f"T2 is of kind {profile.qubit_figures.t2_kind}")
    duration_1q, error_1q = np.full(n, math.nan), np.full(n, math.nan)
    if one_qubit is not None:
        duration_1q = _qubit_numbers(profile, one_qubit.duration)
        error_1q = _qubit_error(profile, one_qubit, duration_1q, t1, t2)

    rows = all_pairs(n) if topology.all_to_all else np.array(topology.edges, np.int32).reshape(-1, 2)
    natives = [
        _native(profile, op, rows, error_1q, t1, t2, enabled, notes)
        for op in profile.two_qubit_operations()
        if op.gate in _NATIVE
    ]
    if not natives:
        raise InputError("has no native two-qubit gate", where=where, hint="list one under gates and operations")
    calibrated = {op.gate for op in profile.two_qubit_operations()}
    left_out = [gate.name for gate in profile.gates if gate.arity == 2 and gate.name not in calibrated & set(_NATIVE)]
    if left_out:
        notes.append(f"left out, without figures here or of another kind: {', '.join(left_out)}")
    edges, natives = _usable(rows, natives)
    p10, p01 = _readout(profile, notes)
    limit = None if profile.constraints is None else profile.constraints.parallel_two_qubit_gates
    return Target(
        name=profile.id,
        n_qubits=n,
        qubit_names=topology.names,
        grid=None if topology.coordinates is None else np.array(topology.coordinates),
        edges=edges,
        all_to_all=topology.all_to_all,
        enabled=enabled,
        natives=tuple(natives),
        one_qubit="phxz" if one_qubit is None else _ONE_QUBIT.get(one_qubit.gate, "phxz"),
        virtual_z=any(gate.virtual for gate in profile.gates),
        duration_1q_s=duration_1q,
        error_1q=error_1q,
        t1_s=t1,
        t2_s=t2,
        readout_p10=p10,
        readout_p01=p01,
        duration_readout_s=_qubit_numbers(profile, profile.qubit_figures.readout_duration),
        duration_reset_s=_qubit_numbers(profile, profile.qubit_figures.reset_duration),
        max_parallel_2q=None if limit is None else int(limit.value),
        idle_error_per_layer=_memory_error(profile),
        capabilities=_capabilities(profile),
        profile_id=profile.id,
        sources=tuple(f"{key}: {source.title} ({source.date})" for key, source in sorted(profile.sources.items())),
        notes=tuple(notes),
    )


def _listed(values: Sequence[int] | NDArray[np.int64], most: int = 8) -> str:
    shown = ", ".join(str(int(value)) for value in values[:most])
    return shown if len(values) <= most else f"{shown}, ..."


def _numbers(
    profile: HardwareProfile, name: str | None, per: Literal["qubit", "edge"], size: int, *, error: bool = False
) -> FloatArray:
    """Return a column as it is, or a figure repeated; nan where unknown; as e_F when `error`."""
    if name is None:
        return np.full(size, math.nan)
    head, cells = profile.lookup(name, per=per)
    values = [None if cell is None else head.error.pauli(cell) if error and head.error else cell for cell in cells]
    numbers = np.array([math.nan if value is None else value for value in values], np.float64)
    return numbers if isinstance(head, Column) else np.full(size, numbers[0])


def _qubit_numbers(profile: HardwareProfile, name: str | None) -> FloatArray:
    return _numbers(profile, name, "qubit", _topology(profile).n_qubits)


def _topology(profile: HardwareProfile) -> Topology:
    assert profile.topology is not None  # checked on entry
    return profile.topology


def _clipped(t1: FloatArray, t2: FloatArray, notes: list[str]) -> FloatArray:
    above = np.flatnonzero(t2 > 2 * t1)
    if above.size:
        notes.append(f"T2 is stated above 2 T1, and clipped to it, on qubits {_listed(above)}")
    return np.where(t2 > 2 * t1, 2 * t1, t2)


def _with_decoherence(error: FloatArray, *thermal: FloatArray) -> FloatArray:
    survival = 1 - error
    for part in thermal:
        survival = survival * (1 - part)
    return np.asarray(1 - survival, np.float64)


def _qubit_error(
    profile: HardwareProfile, op: Operation, duration: FloatArray, t1: FloatArray, t2: FloatArray
) -> FloatArray:
    error = _numbers(profile, op.error, "qubit", t1.size, error=True)
    if op.error is not None:
        kind = profile.lookup(op.error, per="qubit")[0].error
        if kind is not None and not kind.includes_decoherence:
            error = _with_decoherence(error, thermal_error(duration, t1, t2))
    return error


def _native(
    profile: HardwareProfile,
    op: Operation,
    rows: IntArray,
    error_1q: FloatArray,
    t1: FloatArray,
    t2: FloatArray,
    enabled: NDArray[np.bool_],
    notes: list[str],
) -> NativeGate:
    """Return the gate on `rows`, whose pairs are still in the order and direction of the profile."""
    name, m = _NATIVE[op.gate], rows.shape[0]
    gate = profile.gate(op.gate)
    duration = _numbers(profile, op.duration, "edge", m)
    error = _numbers(profile, op.error, "edge", m, error=True)
    kind = None if op.error is None else profile.lookup(op.error, per="edge")[0].error
    a, b = rows[:, 0], rows[:, 1]
    if kind is not None and not kind.includes_decoherence:
        error = _with_decoherence(error, thermal_error(duration, t1[a], t2[a]), thermal_error(duration, t1[b], t2[b]))
    if op.cycle_one_qubit_gates:
        # Arute et al. 2019: e2c = e2 + 2 e1; exactly, survivals multiply. One-qubit gates of unknown error stay inside.
        inside = ((1 - np.nan_to_num(error_1q[a])) * (1 - np.nan_to_num(error_1q[b]))) ** op.cycle_one_qubit_gates
        gate_error = 1 - (1 - error) / inside
        # Cycle and one-qubit errors come from different runs; no gate is better than its qubits' decoherence.
        floor = _with_decoherence(np.zeros(m), *(np.nan_to_num(thermal_error(duration, t1[q], t2[q])) for q in (a, b)))
        below = np.flatnonzero(gate_error < floor)
        notes.append(f"{name}: one-qubit gates divided out of the cycle error")
        if below.size:
            notes.append(
                f"{name}: couplings where less than decoherence is left of it, set to decoherence: {below.size}"
            )
        error = np.maximum(gate_error, floor)
    available = enabled[a] & enabled[b]
    available[list(op.disabled)] = False
    if op.disabled:
        notes.append(f"{name}: couplings that cannot be used: {len(op.disabled)} ({op.note or 'listed as disabled'})")
    directed = _topology(profile).directed and name not in SYMMETRIC
    return NativeGate(
        name=name,
        parametric=name in PARAMETRIC,
        angle_range=None if gate is None else gate.angle_range,
        available=available,
        direction=np.where(a < b, 1, -1) if directed else np.zeros(m),
        error=error,
        duration_s=duration,
    )


def _usable(rows: IntArray, natives: list[NativeGate]) -> tuple[IntArray, list[NativeGate]]:
    """Return the edges on which some gate works, as sorted pairs a < b, and the gates aligned with them."""
    works = np.any([gate.available for gate in natives], axis=0)
    pairs = np.sort(rows, axis=1)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    order = order[works[order]]
    kept = [
        NativeGate(
            name=gate.name,
            parametric=gate.parametric,
            angle_range=gate.angle_range,
            **{label: values[order] for label, values in gate.columns()},
        )
        for gate in natives
    ]
    return pairs[order], kept


def _readout(profile: HardwareProfile, notes: list[str]) -> tuple[FloatArray, FloatArray]:
    figures = profile.qubit_figures
    p10, p01 = _qubit_numbers(profile, figures.p10), _qubit_numbers(profile, figures.p01)
    mean = _qubit_numbers(profile, figures.readout_error)
    mean = np.round(1 - mean, 12) if figures.readout_is_fidelity else mean
    alone = (np.isnan(p10) | np.isnan(p01)) & ~np.isnan(mean)
    if alone.any():
        notes.append("readout: only the mean of p10 and p01 is known, taken for both")
    return np.where(alone, mean, p10), np.where(alone, mean, p01)


def _memory_error(profile: HardwareProfile) -> float | None:
    name = profile.qubit_figures.memory_error_per_layer
    if name is None:
        return None
    head, cells = profile.lookup(name, per="qubit")
    known = [cell for cell in cells if cell is not None]
    return head.error.pauli(float(np.median(known))) if head.error is not None and known else None


def _capabilities(profile: HardwareProfile) -> frozenset[str] | None:
    said = profile.capabilities
    if said is None:
        return None
    names = ("mid_circuit_measurement", "feed_forward", "reset", "fractional_gates")
    if all(getattr(said, name) is None for name in names):
        return None
    return frozenset(name for name in names if getattr(said, name))
