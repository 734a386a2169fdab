"""Published factories as data: used inside the range their authors computed, never beyond."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib import resources
from typing import Any

from attrs import frozen

from estimates.figures import Quality

__all__ = ["TableFactory", "cultivation_factories", "litinski_factories"]

T_PER_CCZ = 4
"""T states for one CCZ gate where a factory makes T only (Jones, arXiv:1212.5069; Gidney, arXiv:1709.06648)."""


@frozen(kw_only=True)
class TableFactory:
    """One row of a published table.

    Attributes:
        p: Physical error rate of the row.
        state_error: Output error per state.
        cycles_per_state: Mean cycles per state of one copy, retries included.
        makes: "T" or "CCZ". A factory of CCZ states makes no T here.
    """

    name: str
    p: float
    state_error: float
    qubits: int
    cycles_per_state: float
    makes: str = "T"
    quality: Quality = Quality.MODEL
    source: str = ""

    def _states(self, n_t: int, n_ccz: int) -> int:
        return n_t + T_PER_CCZ * n_ccz if self.makes == "T" else n_ccz

    def can_make(self, n_t: int) -> bool:
        """Whether the states of a program with `n_t` T gates come from this factory."""
        return self.makes == "T" or n_t == 0

    def cycles(self, n_t: int, n_ccz: int) -> int:
        """Return the mean cycles one copy needs."""
        return math.ceil(self._states(n_t, n_ccz) * self.cycles_per_state)

    def error(self, n_t: int, n_ccz: int) -> float:
        """Return the summed error of the states."""
        return self.state_error * self._states(n_t, n_ccz)


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    text = resources.files("estimates").joinpath("data/factories.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _rows(table: str, p: float) -> tuple[TableFactory, ...]:
    data = _tables()[table]
    # The next tabulated rate above p bounds p from above; beyond the largest there is no data and no factory.
    rates = sorted({row["p"] for row in data["rows"] if row["p"] >= p * (1 - 1e-12)})
    if not rates:
        return ()
    quality = Quality.MODEL if math.isclose(rates[0], p, rel_tol=1e-9) else Quality.BOUND
    return tuple(
        TableFactory(
            name=row["name"],
            p=row["p"],
            state_error=row["p_out"],
            qubits=row["qubits"],
            cycles_per_state=row["cycles"] / row.get("states", 1),
            makes=row.get("makes", "T"),
            quality=quality,
            source=data["source"],
        )
        for row in data["rows"]
        if row["p"] == rates[0]
    )


@lru_cache(maxsize=64)
def litinski_factories(p: float) -> tuple[TableFactory, ...]:
    """Return the factories of arXiv:1905.06903, table 1, at the next tabulated error rate from `p` upwards."""
    return _rows("litinski_2019", p)


@lru_cache(maxsize=64)
def cultivation_factories(p: float) -> tuple[TableFactory, ...]:
    """Return the cultivation points of arXiv:2409.17595 at the next tabulated error rate from `p` upwards."""
    return _rows("cultivation_2024", p)
