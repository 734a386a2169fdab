"""What the estimators must know of a machine: one error rate and a few durations, each preset with its source."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from attrs import evolve, field, frozen, validators

from qcompile.errors import InputError, nearest

__all__ = ["FtHardware", "hardware_named", "hardware_presets"]

REACTION_S = 1e-5
"""Reaction time where a profile gives none: 10 us, Gidney, Ekera, arXiv:1905.09749."""


@frozen(kw_only=True)
class FtHardware:
    """A machine as the fault-tolerant models see it.

    Attributes:
        p: Physical error rate per operation, the worst of gates, idling and readout (uniform depolarizing parameter).
        cycle_s: One round of syndrome measurement.
        t_error: Error of a T state before distillation.
        t_gate_s: Length of a physical T gate (first round of distillation on physical qubits).
        reaction_s: Measure, decode and act on the outcome; sets the floor of a chain of T gates.
        code: The code of `codes.CODES` that the durations belong to.
    """

    name: str
    p: float = field(validator=[validators.gt(0), validators.lt(1)])
    cycle_s: float = field(validator=validators.gt(0))
    t_error: float = field(validator=[validators.gt(0), validators.lt(1)])
    t_gate_s: float = field(validator=validators.gt(0))
    reaction_s: float = field(default=REACTION_S, validator=validators.ge(0))
    code: str = "beverland"
    source: str = ""

    def with_error(self, p: float) -> FtHardware:
        """Return the same machine with another physical error rate (T states included)."""
        return evolve(self, name=f"{self.name} at p={p:g}", p=p, t_error=p)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return {
            "name": self.name,
            "p": self.p,
            "cycle_s": self.cycle_s,
            "t_error": self.t_error,
            "t_gate_s": self.t_gate_s,
            "reaction_s": self.reaction_s,
            "code": self.code,
            "source": self.source,
        }


_PROFILE = "surface_code_assumptions"
# The profile's codes under the names of `codes.CODES`, and seconds per cycle of each from the machine's durations.
_GATE_BASED, _MEASURED, _FLOQUET = "beverland", "beverland_measurement", "floquet"


@lru_cache(maxsize=1)
def hardware_presets() -> dict[str, FtHardware]:
    """Return all presets by name, read from the profile `surface_code_assumptions`.

    The profile's `qubit_` is left out of names (`gate_ns_e3`) and accepted by `hardware_named`. Majorana machines come
    twice: with the floquet code, and as `..._surface` with the measurement-based surface code.
    """
    from hardware_profiles import load_profile

    profile = load_profile(_PROFILE)
    found: dict[str, FtHardware] = {}
    for name, given in profile.assumptions.items():
        values = {key: float(figure.value) for key, figure in given.figures.items() if figure.value is not None}
        cited = {figure.source for figure in given.figures.values() if figure.source}
        source = "; ".join(f"{profile.sources[key].title}, {profile.sources[key].ref}" for key in sorted(cited))
        short = name.removeprefix("qubit_")
        if given.instruction_set == "gate_based":
            cycle = 4 * values["two_qubit_gate_time"] + 2 * values["one_qubit_measurement_time"]
            found[short] = _preset(short, values, cycle, _GATE_BASED, source)
        elif given.instruction_set == "measurement_based":
            measured = values["one_qubit_measurement_time"]
            found[short] = _preset(short, values, 3 * measured, _FLOQUET, source)
            found[f"{short}_surface"] = _preset(f"{short}_surface", values, 20 * measured, _MEASURED, source)
        elif "physical_error" in values:
            found[short] = _preset(short, values, values["cycle_time"], "gidney_fowler", source)
    return found


def _preset(name: str, values: dict[str, float], cycle_s: float, code: str, source: str) -> FtHardware:
    # The estimator of Beverland et al. takes the worst Clifford or readout error; its T error is a figure of its own.
    p = max(value for key, value in values.items() if key.endswith("_error") and key != "t_gate_error")
    return FtHardware(
        name=name,
        p=p,
        cycle_s=float(f"{cycle_s:.12g}"),  # 4 * 50 ns + 2 * 100 ns is 400 ns, without the rounding of the sum
        t_error=values.get("t_gate_error", p),
        t_gate_s=values.get("t_gate_time", cycle_s),
        reaction_s=values.get("reaction_time", REACTION_S),
        code=code,
        source=source,
    )


def hardware_named(name: str | FtHardware) -> FtHardware:
    """Return a preset by name, or the value itself.

    Raises:
        InputError: There is no such preset.
    """
    if isinstance(name, FtHardware):
        return name
    presets = hardware_presets()
    key = name.removeprefix("qubit_")
    if key not in presets:
        raise InputError(f"is {name!r}", where="hardware", hint=nearest(key, presets))
    return presets[key]
