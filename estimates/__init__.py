"""What it costs to run a circuit with error correction: logical counts, error budget, physical models, and the bill.

Nothing here imports cirq or qualtran, except `estimates.qualtran_view` when it is called.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from estimates.bill import estimate
    from estimates.block_counts import counts_of_block
    from estimates.budget import ErrorBudget
    from estimates.counts import LogicalCounts
    from estimates.figures import Quality
    from estimates.hardware import FtHardware, hardware_presets
    from estimates.models.design import Design
    from estimates.program import ProgramEstimate, ReadoutCounts
    from estimates.result import Estimate
    from estimates.rotations import t_per_rotation
    from estimates.tape_counts import counts_of_tape

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
__all__ = [
    "Design",
    "ErrorBudget",
    "Estimate",
    "FtHardware",
    "LogicalCounts",
    "ProgramEstimate",
    "Quality",
    "ReadoutCounts",
    "counts_of_block",
    "counts_of_tape",
    "estimate",
    "hardware_presets",
    "t_per_rotation",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'estimates' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
