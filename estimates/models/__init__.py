"""Physical cost models: from logical counts and a budget to a design, its qubits and its time."""

from estimates.models.beverland import beverland
from estimates.models.design import Design
from estimates.models.gidney_fowler import gidney_fowler

__all__ = ["Design", "beverland", "gidney_fowler"]
