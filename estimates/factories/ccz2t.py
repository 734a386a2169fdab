"""The two-level factory of Gidney and Fowler: 15-to-1, then 8T-to-CCZ, then a catalysed CCZ -> 2T."""

from __future__ import annotations

import math

from attrs import field, frozen, validators

from estimates.codes import Code
from estimates.figures import Quality

__all__ = ["Ccz2tFactory"]


@frozen
class Ccz2tFactory:
    """Costs of the catalysed CCZ -> 2T factory, arXiv:1812.01238, term by term as in the authors' spreadsheet.

    Attributes:
        l1: Code distance of the six first-level 15-to-1 factories; their injection runs at distance l1 // 2.
        l2: Code distance of the second level.
        p: Physical error rate; also the error of an injected T state (Li, arXiv:1410.7808).
    """

    l1: int = field(validator=validators.ge(3))
    l2: int = field(validator=validators.ge(3))
    code: Code
    p: float = field(validator=[validators.gt(0), validators.lt(1)])

    @property
    def name(self) -> str:
        """Name with both distances."""
        return f"CCZ2T({self.l1},{self.l2})"

    @property
    def qubits(self) -> int:
        """Physical qubits: 4 x 8 patches of 2 d**2 for each of six first-level factories and for the second level."""
        return 6 * 64 * self.l1**2 + 64 * self.l2**2

    @property
    def quality(self) -> Quality:
        """A model: leading-order counts of undetected errors."""
        return Quality.MODEL

    @property
    def source(self) -> str:
        """The paper."""
        return "Gidney, Fowler, arXiv:1812.01238"

    @property
    def injected_error(self) -> float:
        """Error of a T gate made with an injected state: the state itself and 100 unit cells at l1 // 2."""
        return self.p + 100 * self.code.logical_error(self.l1 // 2, self.p)

    @property
    def level_one_error(self) -> float:
        """Error of a first-level T gate: 1100 unit cells at l1, and 35 undetected triples."""
        at_l1 = self.code.logical_error(self.l1, self.p)
        return 1000 * at_l1 + 100 * at_l1 + 35 * self.injected_error**3

    @property
    def state_error(self) -> float:
        """Error of a CCZ gate, or of a pair of T gates: 1000 unit cells at l2, and 28 undetected pairs."""
        return 1000 * self.code.logical_error(self.l2, self.p) + 28 * self.level_one_error**2

    def cycles(self, n_t: int, n_ccz: int) -> int:
        """Return the cycles for the states: 5.5 d overlapped per CCZ state and d per catalysed pair of T."""
        pairs = math.ceil(n_t / 2)
        return math.ceil(((n_ccz + pairs) * 5.5 + pairs) * max(2 * self.l1 + 1, self.l2))

    def error(self, n_t: int, n_ccz: int) -> float:
        """Return the summed error of the states."""
        return self.state_error * (n_ccz + math.ceil(n_t / 2))
