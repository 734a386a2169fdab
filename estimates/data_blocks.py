"""Where algorithm qubits sit: how many patches they need and how fast they can use magic states."""

from __future__ import annotations

import math

from attrs import field, frozen, validators

from qcompile.errors import InputError, nearest

__all__ = ["DATA_BLOCKS", "DataBlock", "block_named"]


@frozen(kw_only=True)
class DataBlock:
    """`ceil(linear n + sqrt(root n) + constant)` patches; `steps_per_state` steps of d cycles per magic state.

    A block with 0 steps per state takes any number of states at once: its time is what the factories need.
    """

    name: str
    linear: float
    root: float = 0.0
    constant: float = 0.0
    steps_per_state: int = field(default=0, validator=validators.ge(0))
    source: str = ""

    def n_patches(self, n_qubits: int) -> int:
        """Return the patches that hold `n_qubits` algorithm qubits and their routing space."""
        return math.ceil(self.linear * n_qubits + math.sqrt(self.root * n_qubits) + self.constant)

    def consumption_cycles(self, n_states: int, distance: int) -> int:
        """Return the cycles it takes to use `n_states` magic states one after another."""
        return distance * n_states * self.steps_per_state


_GAME = "Litinski, A Game of Surface Codes, arXiv:1808.02892"
DATA_BLOCKS: dict[str, DataBlock] = {
    b.name: b
    for b in (
        DataBlock(name="simple", linear=1.5, source="50 % routing space, Gidney, Fowler, arXiv:1812.01238"),
        DataBlock(name="compact", linear=1.5, steps_per_state=9, source=f"{_GAME}, figure 9"),
        DataBlock(name="intermediate", linear=2.0, steps_per_state=5, source=f"{_GAME}, figure 13a"),
        DataBlock(name="fast", linear=2.0, root=8.0, constant=1.0, steps_per_state=1, source=f"{_GAME}, figure 13b"),
    )
}


def block_named(name: str | DataBlock) -> DataBlock:
    """Return a data block by name, or the value itself.

    Raises:
        InputError: There is no such block.
    """
    if isinstance(name, DataBlock):
        return name
    if name not in DATA_BLOCKS:
        raise InputError(f"is {name!r}", where="data_block", hint=nearest(name, DATA_BLOCKS))
    return DATA_BLOCKS[name]
