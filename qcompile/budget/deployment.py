"""Limits of the classical side and of running the service: eqs. 70, 72, 87, 88, 90, 91."""

from __future__ import annotations

import math

from attrs import frozen

from qcompile.budget.verdict import Status
from qcompile.errors import InputError

__all__ = [
    "RateCheck",
    "bandwidth_bytes_per_s",
    "clopper_pearson",
    "failure_rate",
    "fits_memory",
    "fits_time",
    "largest_accumulation",
    "queries_per_second",
    "query_rate_ok",
]


def bandwidth_bytes_per_s(n_params: float, step_s: float) -> float:
    """Return the least network bandwidth of eq. 72, 8 N / T bytes per second.

    >>> bandwidth_bytes_per_s(671e9, 214.72) <= 25e9
    True
    """
    _positive(step_s, "step_s")
    return 8 * n_params / step_s


def largest_accumulation(n_params: float, memory_bytes: float) -> int:
    """Return the largest B of eq. 70, N (16 + 4 B) bytes, that fits in a memory; -1 when not even B = 0 does.

    The paper calls B bits; as printed it counts units of 4 bytes, and B = 32 would take 144 bytes a parameter.
    """
    _positive(n_params, "n_params")
    return max(-1, math.floor((memory_bytes / n_params - 16) / 4))


def fits_memory(total_bytes: float | None, available_bytes: float | None, *, overhead_bytes: float = 0.0) -> Status:
    """Return eq. 87: whether the total is within what is available less the overhead; unknown stays unknown."""
    return _fits(total_bytes, available_bytes, overhead_bytes)


def fits_time(execution_s: float | None, budget_s: float | None, *, overhead_s: float = 0.0) -> Status:
    """Return eq. 88: whether the execution is within the time budget less the overhead."""
    return _fits(execution_s, budget_s, overhead_s)


def _fits(needed: float | None, available: float | None, overhead: float) -> Status:
    if needed is None or available is None or math.isnan(needed) or math.isnan(available):
        return Status.UNKNOWN
    return Status.PASS if needed <= available - overhead else Status.FAIL


def queries_per_second(n_queries: int, seconds: float) -> float:
    """Return the rate of eq. 90.

    Raises:
        InputError: The time is not positive.
    """
    _positive(seconds, "seconds")
    return n_queries / seconds


def query_rate_ok(n_queries: int, seconds: float, limit: float) -> bool:
    """Return whether the rate of eq. 90 is within its limit."""
    return queries_per_second(n_queries, seconds) <= limit


def clopper_pearson(successes: int, trials: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact two-sided interval of a binomial probability (Clopper and Pearson 1934).

    Raises:
        InputError: The counts or the confidence are out of range.
    """
    if trials < 1 or not 0 <= successes <= trials:
        raise InputError(
            f"are {successes} of {trials}", where="counts", hint="use 0 <= successes <= trials, trials > 0"
        )
    if not 0 < confidence < 1:
        raise InputError(f"is {confidence}", where="confidence", hint="use a number between 0 and 1")
    from scipy.stats import beta

    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else float(beta.ppf(tail, successes, trials - successes + 1))
    high = 1.0 if successes == trials else float(beta.ppf(1 - tail, successes + 1, trials - successes))
    return low, high


@frozen(kw_only=True)
class RateCheck:
    """A rate with its interval against a limit.

    Attributes:
        rate: Point estimate.
        low: Lower end of the interval.
        high: Upper end.
        limit: Largest rate.
        status: pass when the whole interval is within, fail when none of it is, else unknown.
    """

    rate: float
    low: float
    high: float
    limit: float
    status: Status


def failure_rate(failures: int, trials: int, limit: float, *, confidence: float = 0.95) -> RateCheck:
    """Return eq. 91, the failure rate with its Clopper-Pearson interval against its limit."""
    low, high = clopper_pearson(failures, trials, confidence=confidence)
    status = Status.PASS if high <= limit else Status.FAIL if low > limit else Status.UNKNOWN
    return RateCheck(rate=failures / trials, low=low, high=high, limit=limit, status=status)


def _positive(value: float, where: str) -> None:
    if not value > 0:
        raise InputError(f"is {value}", where=where, hint="use a number above 0")
