"""On the machine: where qubits sit, and how they meet."""

from __future__ import annotations

from qcompile.mapping.cascade import Cascade, recognise
from qcompile.mapping.cascade_line import line_schedule
from qcompile.mapping.cascade_rewrite import cascade_route
from qcompile.mapping.cascade_wave import wave_schedule
from qcompile.mapping.choice import MOST_GATES, leanest
from qcompile.mapping.costs import BlockCosts, block_costs, unit_costs
from qcompile.mapping.layout import Layout
from qcompile.mapping.put import put
from qcompile.mapping.route import Objective, Routed, place, route

__all__ = [
    "MOST_GATES",
    "BlockCosts",
    "Cascade",
    "Layout",
    "Objective",
    "Routed",
    "block_costs",
    "cascade_route",
    "leanest",
    "line_schedule",
    "place",
    "put",
    "recognise",
    "route",
    "unit_costs",
    "wave_schedule",
]
