"""Within limits? One line for each limit: found, allowed, and pass, fail or unknown. An exceeded limit is a result."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Protocol

from attrs import field, frozen

from qcompile.errors import InputError
from qcompile.spec.fields import Limit

__all__ = ["Found", "Limit", "Line", "Status", "Verdict", "check"]


class Status(StrEnum):
    """Answer of one line."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"


class CriterionLike(Protocol):
    """One line of a requirement profile held against a machine."""

    @property
    def name(self) -> str: ...
    @property
    def required(self) -> Any: ...
    @property
    def found(self) -> Any: ...
    @property
    def status(self) -> Any: ...


@frozen(kw_only=True)
class Found:
    """A number, or what is known of it.

    Attributes:
        value: The number; None when unknown.
        at_least: Lower bound on an unknown number.
        at_most: Upper bound on an unknown number.
        note: Why it is unknown, or how it was read.
    """

    value: float | None = None
    at_least: float = -math.inf
    at_most: float = math.inf
    note: str = ""


@frozen(kw_only=True)
class Line:
    """One line of a verdict.

    Attributes:
        subject: Circuit or machine that the line is about.
        name: Quantity.
        limit: What was allowed, as text.
        found: What was found; None when unknown.
        status: pass, fail or unknown.
        note: Reason or reading.
        binding: Whether a failure fails the verdict; requirement lines inform only.
    """

    subject: str
    name: str
    limit: str
    found: float | str | None
    status: Status = field(converter=Status)
    note: str = ""
    binding: bool = True


@frozen(kw_only=True)
class Verdict:
    """All lines, in the order of circuits and limits, requirements last."""

    lines: tuple[Line, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no binding line fails; unknown lines do not fail."""
        return not any(line.binding and line.status is Status.FAIL for line in self.lines)

    @property
    def status(self) -> Status:
        """`fail` if a binding line fails, else `unknown` if one is unknown, else `pass`."""
        states = {line.status for line in self.lines if line.binding}
        return next((s for s in (Status.FAIL, Status.UNKNOWN) if s in states), Status.PASS)

    def select(self, status: Status | str) -> tuple[Line, ...]:
        """Return the lines with one answer."""
        return tuple(line for line in self.lines if line.status is Status(status))


def judge(limit: Limit, found: Found) -> Status:
    """Return pass or fail where the number or its bounds decide, else unknown.

    >>> judge(Limit(">=", 0.5), Found(at_most=0.3))
    <Status.FAIL: 'fail'>
    """
    if found.value is not None and not math.isnan(found.value):
        return Status.PASS if limit.holds(found.value) else Status.FAIL
    best, worst = found.at_least, found.at_most
    if limit.relation in (">=", ">"):
        best, worst = worst, best
    if not limit.holds(best):
        return Status.FAIL
    return Status.PASS if limit.holds(worst) else Status.UNKNOWN


def _parsed(name: str, text: str | Limit) -> Limit:
    try:
        return Limit.parse(text)
    except ValueError as error:
        raise InputError(f"is {text!r}", where=f"limits.{name}", hint=str(error)) from None


def check(
    results: Mapping[str, Mapping[str, Found | float | None]],
    limits: Mapping[str, str | Limit],
    *,
    criteria: Iterable[CriterionLike] = (),
    machine: str = "machine",
) -> Verdict:
    """Return the verdict of circuits against limits.

    Args:
        results: For each circuit the numbers found, by the names that limits use; what a circuit does not have is left
            out, and a limit that no circuit has gives one unknown line.
        limits: For each name a comparison such as `>= 0.5`.
        criteria: Lines of a requirement profile, already judged; they inform and do not fail.
        machine: Subject of those lines.

    Raises:
        InputError: A limit is no comparison.
    """
    lines: list[Line] = []
    bounds = {name: _parsed(name, text) for name, text in limits.items()}
    for name, limit in bounds.items():
        if not any(name in found for found in results.values()):
            lines.append(
                Line(
                    subject="program",
                    name=name,
                    limit=str(limit),
                    found=None,
                    status=Status.UNKNOWN,
                    note="nothing reports it",
                )
            )
    for subject, numbers in results.items():
        for name, limit in bounds.items():
            if name not in numbers:
                continue
            entry = numbers[name]
            found = entry if isinstance(entry, Found) else Found(value=entry)
            lines.append(
                Line(
                    subject=subject,
                    name=name,
                    limit=str(limit),
                    found=found.value,
                    status=judge(limit, found),
                    note=found.note,
                )
            )
    for item in criteria:
        lines.append(
            Line(
                subject=machine,
                name=item.name,
                limit=str(item.required),
                found=item.found,
                status=Status(str(getattr(item.status, "value", item.status))),
                note=str(getattr(item, "note", "") or ""),
                binding=False,
            )
        )
    return Verdict(lines=tuple(lines))
