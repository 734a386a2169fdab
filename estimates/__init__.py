"""What it costs to run a circuit with error correction: logical counts, error budget, physical models, and the bill.

Nothing here imports cirq or qualtran, except `estimates.qualtran_view` when it is called.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Design": "estimates.models.design",
    "ErrorBudget": "estimates.budget",
    "Estimate": "estimates.result",
    "FtHardware": "estimates.hardware",
    "LogicalCounts": "estimates.counts",
    "ProgramEstimate": "estimates.program",
    "Quality": "estimates.figures",
    "ReadoutCounts": "estimates.program",
    "counts_of_block": "estimates.block_counts",
    "counts_of_tape": "estimates.tape_counts",
    "estimate": "estimates.bill",
    "hardware_presets": "estimates.hardware",
    "t_per_rotation": "estimates.rotations",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'estimates' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
