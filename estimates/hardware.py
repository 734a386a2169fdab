"""What the estimators must know of a machine: one error rate and a few durations, each preset with its source."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any

from attrs import evolve, field, frozen, validators

from qcompile.errors import InputError, nearest

__all__ = ["FtHardware", "hardware_named", "hardware_presets"]


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
    reaction_s: float = field(default=1e-5, validator=validators.ge(0))
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


@lru_cache(maxsize=1)
def hardware_presets() -> dict[str, FtHardware]:
    """Return all presets by name; aliases (`qubit_gate_ns_e3` for `gate_ns_e3`) are not listed."""
    text = resources.files("estimates").joinpath("data/ft_hardware.json").read_text(encoding="utf-8")
    rows = json.loads(text)["profiles"]
    return {name: FtHardware(name=name, **row) for name, row in rows.items()}


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
