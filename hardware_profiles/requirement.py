"""Profiles against requirements: one line each, pass, fail or unknown, with what was required and what was found."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen, validators

from hardware_profiles.surface_patch import has_surface_code_patch
from qcompile.errors import InputError
from qcompile.units import format_seconds

if TYPE_CHECKING:
    from hardware_profiles.schema import HardwareProfile, Operation, RequirementLine

__all__ = ["Criterion", "FidelityReading", "check"]

FidelityReading = Literal["two_qubit", "single_qubit"]
Status = Literal["pass", "fail", "unknown"]
Found = tuple[float | str | None, str]

_COMPARE: dict[str, Callable[[float, float], bool]] = {">=": operator.ge, "<=": operator.le, "=": operator.eq}
#: A formula of a requirement: a factor times another line, such as `2 * num_qubits`. Others need inputs.
_FACTOR = re.compile(r"\s*([0-9.]+)\s*\*\s*(num_qubits)\s*")


@frozen(kw_only=True)
class Criterion:
    """One line of a comparison.

    Attributes:
        name: The requirement's name for it.
        required: What is asked for, readable.
        found: The machine's figure in SI units, or words; None when nobody says.
        status: `pass`, `fail` or `unknown`.
        note: Which figure was compared.
    """

    name: str
    required: str
    found: float | str | None
    status: Status = field(validator=validators.in_(("pass", "fail", "unknown")))
    note: str = ""


def check(
    profile: HardwareProfile, requirement: HardwareProfile | str, *, fidelity_reading: FidelityReading = "two_qubit"
) -> tuple[Criterion, ...]:
    """Compare a machine with a requirement, line by line.

    Medians over what can be used. A gate fidelity is the average one, 1 - r; that of the usual two-qubit gate, or with
    `single_qubit` that of the physical one-qubit gate. A measurement fidelity is 1 - (p10 + p01) / 2. T2 is a measured
    one where there is one, and an effective one otherwise.

    Raises:
        InputError: The requirement is unknown, or a profile of another kind.
    """
    from hardware_profiles.library import load_profile

    asked = load_profile(requirement) if isinstance(requirement, str) else requirement
    if asked.kind != "requirement":
        raise InputError(f"is of kind {asked.kind}", where=f"profile {asked.id}", hint="use one of kind requirement")
    if profile.topology is None:
        raise InputError(
            f"is of kind {profile.kind}", where=f"profile {profile.id}", hint="compare a device or a model"
        )
    if fidelity_reading not in ("two_qubit", "single_qubit"):
        raise InputError(f"is {fidelity_reading!r}", where="fidelity_reading", hint="use two_qubit or single_qubit")
    return tuple(_criterion(profile, name, line, fidelity_reading) for name, line in asked.requirements.items())


def _criterion(profile: HardwareProfile, name: str, line: RequirementLine, reading: FidelityReading) -> Criterion:
    if line.operator == "any_of":
        choices = line.value if isinstance(line.value, tuple) else ()
        shape, answer, remark = _connectivity(profile, choices)
        return Criterion(name=name, required=" or ".join(choices), found=shape, status=answer, note=remark)
    bound = _bound(profile, line)
    figure, note = _found(profile, name, reading)
    required = f"{line.operator} {line.expression or _readable(bound, line.unit)}"
    if line.expression and bound is not None:
        required += f" = {_readable(bound, line.unit)}"
    status: Status = "unknown"
    if isinstance(figure, int | float) and bound is not None:
        status = "pass" if _COMPARE[line.operator](float(figure), bound) else "fail"
    return Criterion(name=name, required=required, found=figure, status=status, note=note)


def _readable(bound: float | None, unit: str | None) -> str:
    if bound is None:
        return "a formula that needs inputs"
    if unit == "s":
        return format_seconds(bound)
    return f"{bound:g}" + ("" if unit in (None, "1", "count") else f" {unit}")


def _bound(profile: HardwareProfile, line: RequirementLine) -> float | None:
    if line.expression is None:
        return float(line.value) if isinstance(line.value, int | float) else None
    match = _FACTOR.fullmatch(line.expression)
    return None if match is None else float(match[1]) * _usable_qubits(profile)


def _found(profile: HardwareProfile, name: str, reading: FidelityReading) -> Found:
    if name == "num_qubits":
        return _usable_qubits(profile), "usable qubits"
    if name == "t2":
        return _t2(profile)
    if name == "gate_fidelity":
        return _gate_fidelity(profile, reading)
    if name == "measurement_fidelity":
        return _measurement_fidelity(profile)
    keys = {
        "dac_adc_bits": ("dac_bits", "adc_bits"),
        "sampling_rate": ("dac_sample_rate", "adc_sample_rate"),
        "control_latency": ("latency",),
        "control_channels": ("dac_channels",),
    }.get(name, ())
    known = [float(profile.control[key].value) for key in keys if key in profile.control]
    if not keys or len(known) < len(keys):
        return None, "not published"
    return min(known), "the smaller of " + " and ".join(keys) if len(keys) > 1 else keys[0]


def _usable_qubits(profile: HardwareProfile) -> int:
    topology = profile.topology
    assert topology is not None  # checked on entry
    one_qubit = profile.one_qubit_operation()
    disabled = {*topology.disabled_qubits, *(one_qubit.disabled if one_qubit is not None else ())}
    usable = topology.n_qubits - len(disabled)
    return usable if topology.working_qubits is None else min(usable, topology.working_qubits)


def _median(profile: HardwareProfile, name: str, per: Literal["qubit", "edge"], skip: tuple[int, ...]) -> float | None:
    _, cells = profile.lookup(name, per=per)
    used = cells if len(cells) == 1 else [cell for k, cell in enumerate(cells) if k not in skip]
    known = [cell for cell in used if cell is not None]
    return median(known) if known else None


def _t2(profile: HardwareProfile) -> Found:
    figures = profile.qubit_figures
    reported = figures.t2_reported is not None
    name = figures.t2_reported if reported else figures.t2
    kind = figures.t2_reported_kind if reported else figures.t2_kind
    if name is None:
        return None, "not published"
    head, _ = profile.lookup(name, per="qubit")
    statistic = "median" if head.statistic == "per_element" else head.statistic
    return _median(profile, name, "qubit", ()), " ".join(filter(None, (statistic, kind, "T2")))


def _gate_fidelity(profile: HardwareProfile, reading: FidelityReading) -> Found:
    op: Operation | None = profile.one_qubit_operation()
    if reading == "two_qubit":
        op = next((found for found in profile.two_qubit_operations() if found.error is not None), None)
    if op is None or op.error is None:
        return None, "not published"
    per: Literal["qubit", "edge"] = "edge" if reading == "two_qubit" else "qubit"
    head, _ = profile.lookup(op.error, per=per)
    value = _median(profile, op.error, per, op.disabled)
    average = None if head.error is None or value is None else head.error.rate(value).average
    statistic = "median" if head.statistic == "per_element" else head.statistic
    note = f"{statistic} average fidelity of {op.gate}"
    if op.cycle_one_qubit_gates:
        note += ", one-qubit gates of the cycle inside"
    return (None if average is None else 1 - average), note


def _measurement_fidelity(profile: HardwareProfile) -> Found:
    figures = profile.qubit_figures
    if figures.p10 is not None and figures.p01 is not None:
        _, p10 = profile.lookup(figures.p10, per="qubit")
        _, p01 = profile.lookup(figures.p01, per="qubit")
        known = [(a + b) / 2 for a, b in zip(p10, p01, strict=True) if a is not None and b is not None]
        return (1 - median(known), "1 - (p10 + p01) / 2, median") if known else (None, "not published")
    if figures.readout_error is None:
        return None, "not published"
    head, _ = profile.lookup(figures.readout_error, per="qubit")
    value = _median(profile, figures.readout_error, "qubit", ())
    if value is None:
        return None, "not published"
    note = f"{'median' if head.statistic == 'per_element' else head.statistic}"
    return (value if figures.readout_is_fidelity else 1 - value), note


def _connectivity(profile: HardwareProfile, choices: tuple[str, ...]) -> tuple[str, Status, str]:
    topology = profile.topology
    assert topology is not None  # checked on entry
    if topology.all_to_all:
        found = "all-to-all" if topology.kind != "zoned" else "all-to-all after transport"
        return found, ("pass" if "all-to-all" in choices else "fail"), ""
    shape = topology.kind.replace("_", "-")
    if "surface-code-compatible" not in choices:
        return shape, "fail", ""
    two_qubit = profile.two_qubit_operations()
    dead = set(two_qubit[0].disabled) if two_qubit else set()
    edges = [
        pair for k, pair in enumerate(topology.edges) if k not in dead and not {*pair} & {*topology.disabled_qubits}
    ]
    if has_surface_code_patch(topology.n_qubits, edges):
        return f"{shape}, surface-code-compatible", "pass", "holds a rotated surface-code patch of distance 3"
    return shape, "fail", "holds no rotated surface-code patch without embedding"
