"""One row of the table of equations: what it means, where it lives, and a check that runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
from attrs import field, frozen

__all__ = ["CLAIM_LISTED", "Checks", "Comparison", "Equation", "Rows", "equal", "holds", "near"]

CLAIM_LISTED = "claim: listed"
KINDS = ("BLOCK", "READOUT", "CLASSICAL", "BUDGET", "ESTIMATE", "CLAIM")


@frozen(kw_only=True)
class Comparison:
    """One thing found against what another method or a quoted number says."""

    what: str
    found: str
    expected: str
    ok: bool

    def __str__(self) -> str:
        return f"{self.what}: {self.found} ({self.expected})"


Checks: TypeAlias = Iterator[Comparison]


def near(what: str, found: Any, expected: Any, *, atol: float = 0.0, rel: float = 0.0) -> Comparison:
    """Compare numbers or arrays within `atol + rel * abs(expected)`; arrays show their largest difference."""
    a, b = np.asarray(found), np.asarray(expected)
    if a.shape != b.shape:
        return Comparison(what=what, found=f"shape {a.shape}", expected=f"shape {b.shape}", ok=False)
    difference = np.abs(a - b)
    ok = bool(np.all(difference <= atol + rel * np.abs(b)))
    if a.ndim:
        worst = float(difference.max(initial=0.0))
        return Comparison(what=what, found=f"off by {worst:.1e}", expected=f"at most {atol or rel:.0e}", ok=ok)
    return Comparison(what=what, found=f"{a[()]:.10g}", expected=f"{b[()]:.10g}", ok=ok)


def equal(what: str, found: Any, expected: Any) -> Comparison:
    """Compare exactly."""
    return Comparison(what=what, found=str(found), expected=str(expected), ok=bool(found == expected))


def holds(what: str, ok: Any) -> Comparison:
    """Record a statement that must be true."""
    return Comparison(what=what, found="yes" if ok else "no", expected="yes", ok=bool(ok))


def _kinds(value: str) -> tuple[str, ...]:
    names = tuple(value.split())
    assert names, "a row has a kind"
    assert set(names) <= set(KINDS), value
    return names


@frozen(kw_only=True)
class Equation:
    """One equation of the paper.

    Attributes:
        number: 1 to 110.
        title: Its meaning in one line.
        kinds: One or two of BLOCK, READOUT, CLASSICAL, BUDGET, ESTIMATE, CLAIM.
        lives: Import path of the class or function, or `CLAIM_LISTED`.
        check: The oracle: another method, or a quoted number.
        note: What cannot be made as printed, and what is done instead; for claims what is known of them.
        same_as: Other numbers of the same equation.
        run: The check, or None where there is nothing to run.
    """

    number: int
    title: str
    kinds: tuple[str, ...] = field(converter=_kinds)
    lives: str
    check: str
    note: str = ""
    same_as: tuple[int, ...] = ()
    run: Callable[[], Checks] | None = field(default=None, repr=False)

    @property
    def is_only_claim(self) -> bool:
        """Whether the row is nothing but a claim, so that a passing check says nothing about its truth."""
        return self.kinds == ("CLAIM",)


@frozen
class Rows:
    """The equations of one file, filled by decorating their checks."""

    equations: dict[int, Equation] = field(factory=dict)

    def add(
        self, number: int, title: str, kinds: str, lives: str, check: str, *, note: str = "", same_as: Any = ()
    ) -> Callable[[Callable[[], Checks]], Callable[[], Checks]]:
        """Return a decorator that makes a row of a check."""

        def register(run: Callable[[], Checks]) -> Callable[[], Checks]:
            self._put(number, title, kinds, lives, check, note, same_as, run)
            return run

        return register

    def listed(
        self, number: int, title: str, check: str, *, note: str, lives: str = CLAIM_LISTED, same_as: Any = ()
    ) -> None:
        """Add a claim without anything to run."""
        self._put(number, title, "CLAIM", lives, check, note, same_as, None)

    def alias(self, number: int, of: int, title: str, *, note: str = "") -> None:
        """Add a number under which an equation is printed again: same home, same check."""
        first = self.equations[of]
        again = tuple(sorted({of, *first.same_as} - {number}))
        self._put(number, title, " ".join(first.kinds), first.lives, first.check, note or first.note, again, first.run)

    def _put(
        self,
        number: int,
        title: str,
        kinds: str,
        lives: str,
        check: str,
        note: str,
        same_as: Any,
        run: Callable[[], Checks] | None,
    ) -> None:
        assert number not in self.equations, number
        self.equations[number] = Equation(
            number=number,
            title=title,
            kinds=kinds,
            lives=lives,
            check=check,
            note=note,
            same_as=tuple(same_as),
            run=run,
        )
