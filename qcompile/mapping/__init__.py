"""On the machine: where qubits sit, and how they meet."""

from __future__ import annotations

from qcompile.mapping.costs import BlockCosts, block_costs, unit_costs
from qcompile.mapping.layout import Layout
from qcompile.mapping.route import Objective, Routed, place, route

__all__ = ["BlockCosts", "Layout", "Objective", "Routed", "block_costs", "place", "route", "unit_costs"]
