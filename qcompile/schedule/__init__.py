"""In time: start times of a physical tape, idle windows, the critical path."""

from qcompile.schedule.costs import RowCosts, row_costs
from qcompile.schedule.idle import IdleWindow, Occupation
from qcompile.schedule.schedule import Schedule, schedule
from qcompile.schedule.wires import Dependencies, dependencies_of

__all__ = [
    "Dependencies",
    "IdleWindow",
    "Occupation",
    "RowCosts",
    "Schedule",
    "dependencies_of",
    "row_costs",
    "schedule",
]
