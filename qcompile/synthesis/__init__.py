"""Blocks and matrices to gates.

>>> from qcompile.synthesis import unitary
>>> len(unitary([[1, 0], [0, 1]]))
0

Names load on first use. Each function that is no name here has a home beside its subject, such as
`qcompile.synthesis.multi_controlled.add_mcx`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qcompile.synthesis.approximate_state import prepare_approximate
    from qcompile.synthesis.blocks import synthesize, synthesize_readout, synthesizer, tape_counts
    from qcompile.synthesis.columns import isometry
    from qcompile.synthesis.multiplexed import diagonal, multiplexed_rotation
    from qcompile.synthesis.native import decompose_wide
    from qcompile.synthesis.shannon import unitary
    from qcompile.synthesis.state_preparation import prepare_state, prepare_uniform
    from qcompile.synthesis.two_qubit import NATIVE_OPS, decompose

_HOME = {
    "NATIVE_OPS": "two_qubit",
    "decompose": "two_qubit",
    "decompose_wide": "native",
    "diagonal": "multiplexed",
    "isometry": "columns",
    "multiplexed_rotation": "multiplexed",
    "prepare_approximate": "approximate_state",
    "prepare_state": "state_preparation",
    "prepare_uniform": "state_preparation",
    "synthesize": "blocks",
    "synthesize_readout": "blocks",
    "synthesizer": "blocks",
    "tape_counts": "blocks",
    "unitary": "shannon",
}

__all__ = [
    "NATIVE_OPS",
    "decompose",
    "decompose_wide",
    "diagonal",
    "isometry",
    "multiplexed_rotation",
    "prepare_approximate",
    "prepare_state",
    "prepare_uniform",
    "synthesize",
    "synthesize_readout",
    "synthesizer",
    "tape_counts",
    "unitary",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
