"""Equations that are limits: on numbers, machines, circuits and the service."""

from __future__ import annotations

import math

import numpy as np
import scipy.stats

from qcompile.api.equations_rows import Checks, Rows, equal, holds, near
from qcompile.budget import Status, coherence_need
from qcompile.budget.coherence import development_coherence_s, idle_survival, layers_within, serial_sum_s
from qcompile.budget.deployment import (
    bandwidth_bytes_per_s,
    failure_rate,
    fits_memory,
    fits_time,
    queries_per_second,
    query_rate_ok,
)
from qcompile.budget.fidelity import PRODUCTION_FIDELITY, TEST_FIDELITY, circuit_fidelity, gate_fidelity_lines
from qcompile.budget.numerics import error_sum, is_encodable, norm_deviation
from qcompile.target import Target
from qcompile.verify import frobenius

__all__ = ["ROWS"]

ROWS = Rows()

_PASS, _FAIL, _UNKNOWN = Status.PASS, Status.FAIL, Status.UNKNOWN


def _willow() -> Target:
    """Return two qubits with the packaged median Pauli errors of cirq-google's willow_pink."""
    return Target.from_couplings(2, [(0, 1)], "cz", f1=1 - 0.000405, f2=1 - 0.00344)


@ROWS.add(
    8,
    "normalisation of the encoded vector",
    "BUDGET",
    "qcompile.budget.numerics.norm_deviation",
    "the printed vector built and measured; quoted deviations at norms 0.1001, 0.0999 and 0.001",
    note="checked on the input: it passes from norm 0.1 on; the prepared state itself has norm 1 to rounding",
)
def _eq_8() -> Checks:
    for norm, deviation, ok in ((0.1001, 9.98e-7, True), (0.0999, 1.002e-6, False), (0.001, 9.9e-3, False)):
        x = np.array([0.6, -0.8]) * norm
        printed = x / np.sqrt((x**2).sum() + 1e-8)
        yield near(f"printed vector, norm {norm}", norm_deviation(x), abs(float(printed @ printed) - 1), rel=1e-6)
        yield near(f"quoted, norm {norm}", norm_deviation(x), deviation, rel=5e-3)
        yield equal(f"passes at norm {norm}", is_encodable(x), ok)


@ROWS.add(
    64,
    "total error of sampling, logical and device errors",
    "BUDGET",
    "qcompile.budget.numerics.error_sum",
    "frequency of any of three drawn events, independent or not, stays below the sum; hand-made ledger",
    note="p_L counts once an operation, and an error-corrected operation has no device error on top (counted twice as "
    "printed); both sums are given",
)
def _eq_64() -> Checks:
    found = error_sum(0.01, 1e-6, 5000, [("readout", 0.002)])
    yield near("ledger", found.total, 0.017, atol=1e-15)
    yield near("as printed", found.printed, 0.012001, atol=1e-15)
    rng = np.random.default_rng(64)
    limits = np.array([[0.01], [0.005], [0.002]])
    free, tied = rng.random((3, 200_000)), np.repeat(rng.random((1, 200_000)), 3, axis=0)
    for name, u in (("independent", free), ("tied", tied)):
        share = float((u < limits).any(axis=0).mean())
        yield holds(f"{name} events: {share:.4f} is not above", share <= found.total + 1e-3)


@ROWS.add(
    72,
    "network bandwidth of a training step",
    "BUDGET",
    "qcompile.budget.deployment.bandwidth_bytes_per_s",
    "quoted 214.7 s a step for 671e9 parameters over 200 Gb/s",
)
def _eq_72() -> Checks:
    yield near("bandwidth at 214.72 s", bandwidth_bytes_per_s(671e9, 214.72), 200e9 / 8, rel=1e-3)
    yield holds("214 s are too short", bandwidth_bytes_per_s(671e9, 214.0) > 25e9)


@ROWS.add(
    76,
    "coherence time against the length of the circuit",
    "BUDGET",
    "qcompile.budget.coherence.coherence_need",
    "quoted serial sums 3.05 to 43.05 us and critical paths 1.25 and 1.61 us; 1/e survives a time of T2",
    note="as printed gates do not overlap, and T = T2 would do; given are the printed sum, the scheduled critical "
    "path, and the survival of idle times",
)
def _eq_76() -> Checks:
    for n, us in ((8, 3.05), (17, 6.65), (68, 27.05), (108, 43.05)):
        yield near(
            f"serial sum in us, n = {n}", serial_sum_s([25e-9] * 10, [40e-9] * (10 * (n - 1))) * 1e6, us, rel=1e-9
        )
    yield near("survival of T2", idle_survival([70e-6], [70e-6]), math.exp(-1), rel=1e-12)
    from qcompile.schedule import schedule
    from qcompile.tape import TapeBuilder

    for n, us in ((8, 1.25), (17, 1.61)):
        target = Target.from_couplings(n, [(k, k + 1) for k in range(n - 1)], "cz", t1q_s=25e-9, t2q_s=40e-9, T_s=70e-6)
        b = TapeBuilder(n)
        for _ in range(10):
            for q in range(n - 1):
                b.add("cz", q, q + 1)
            for q in range(n):
                b.add("phxz", q, angles=[0.3, 0.5, 0.2])
        need = coherence_need(schedule(b.build(), target), target)
        yield near(f"critical path in us, n = {n}", (need.critical_path_s or math.nan) * 1e6, us, rel=0.005)


@ROWS.add(
    80,
    "coherence time of 10 us a layer",
    "BUDGET",
    "qcompile.budget.coherence.development_coherence_s",
    "quoted: Willow's T1 of 70.2 us allows 7 layers, 100 us allow 10",
    note="30 times stricter than eq. 76 at n = 8",
)
def _eq_80() -> Checks:
    yield equal("layers in 70.2 us and 100 us", (layers_within(70.2e-6), layers_within(100e-6)), (7, 10))
    yield near("need of 10 layers", development_coherence_s(10), 100e-6, rel=1e-12)
    # The serial sum of eq. 76 at n = 8, L = 10 is quoted as 3.05 us.
    yield near("over eq. 76 at n = 8", development_coherence_s(10) / 3.05e-6, 30, rel=0.1)


@ROWS.add(
    82,
    "gate fidelity of 0.99 in tests",
    "BUDGET",
    "qcompile.budget.fidelity.gate_fidelity_lines",
    "Willow's medians pass for one-qubit gates and CZ; quoted 0.22 for 150 such gates",
    note="no gate class and no definition of fidelity is printed: each class is judged, state average by default",
)
def _eq_82() -> Checks:
    lines = gate_fidelity_lines(_willow(), TEST_FIDELITY)
    yield equal("one-qubit, CZ", tuple(line.status.value for line in lines), ("pass", "pass"))
    yield near("150 gates", circuit_fidelity(0.99, 150), 0.22, atol=3e-3)
    yield near("330 gates", circuit_fidelity(0.99, 330), 0.036, atol=5e-4)


@ROWS.add(
    84,
    "gate fidelity of 0.999 in production",
    "BUDGET",
    "qcompile.budget.fidelity.gate_fidelity_lines",
    "Willow: one-qubit 0.99973 passes, CZ 0.99725 fails; quoted 0.116 for 2150 such gates",
    note="unknown errors stay unknown",
)
def _eq_84() -> Checks:
    one, two = gate_fidelity_lines(_willow(), PRODUCTION_FIDELITY)
    yield near("one-qubit", one.fidelity, 0.99973, atol=1e-5)
    yield near("CZ", two.fidelity, 0.99725, atol=1e-5)
    yield equal("one-qubit, CZ", (one.status.value, two.status.value), ("pass", "fail"))
    yield near("2150 gates", circuit_fidelity(0.999, 2150), 0.116, atol=5e-4)
    lines = gate_fidelity_lines(Target.from_couplings(2, [(0, 1)], "cz"), PRODUCTION_FIDELITY)
    yield equal("no errors known", [line.status.value for line in lines], ["unknown"] * len(lines))


@ROWS.add(
    85,
    "Frobenius distance of built and wanted unitary",
    "BUDGET",
    "qcompile.verify.frobenius",
    "quoted 4.78 for a phase of 0.3 at n = 8; aligned distance of a unitary times a phase is 0 to rounding",
    note="given raw, with the best phase taken out, and divided by sqrt(2^n); complex128 only",
)
def _eq_85() -> Checks:
    rng = np.random.default_rng(85)
    u = np.linalg.qr(rng.normal(size=(256, 256)) + 1j * rng.normal(size=(256, 256)))[0]
    found = frobenius(np.exp(0.3j) * u, u)
    yield near("raw, phase 0.3, n = 8", found.raw, 4.78, atol=5e-3)
    yield near("aligned", found.aligned, 0.0, atol=1e-13)
    other = np.linalg.qr(rng.normal(size=(4, 4)))[0].astype(np.complex128)
    grid = [np.linalg.norm(np.eye(4) - np.exp(1j * t) * other) for t in np.linspace(0, 2 * np.pi, 2_001)]
    yield near(
        "aligned, by search over the phase",
        frobenius(np.eye(4, dtype=np.complex128), other).aligned,
        min(grid),
        atol=1e-5,
    )


@ROWS.add(
    87,
    "memory of the whole against what is there",
    "BUDGET",
    "qcompile.budget.deployment.fits_memory",
    "both sides of the edge; unknown stays unknown",
)
def _eq_87() -> Checks:
    yield equal("10 of 12 less 2", fits_memory(10.0, 12.0, overhead_bytes=2.0), _PASS)
    yield equal("10 of 12 less 2.1", fits_memory(10.0, 12.0, overhead_bytes=2.1), _FAIL)
    yield equal("unknown", fits_memory(10.0, None), _UNKNOWN)


@ROWS.add(
    88,
    "time of the whole against the budget",
    "BUDGET",
    "qcompile.budget.deployment.fits_time",
    "83 years for one forward pass of the largest model against a day; unknown stays unknown",
    note="with the time of eq. 11 as corrected: shots, readout and reset included",
)
def _eq_88() -> Checks:
    from estimates.classical import NATIVE_SHOT_SECONDS, overlaps_per_pass

    seconds = overlaps_per_pass(61, 128, 4096) * 10_000 * NATIVE_SHOT_SECONDS
    yield near("years", seconds / (365.25 * 86_400), 83, rel=0.01)
    yield equal("within a day", fits_time(float(seconds), 86_400.0), _FAIL)
    yield equal("unknown", fits_time(None, 5.0), _UNKNOWN)


@ROWS.add(
    90,
    "rate of queries",
    "BUDGET",
    "qcompile.budget.deployment.query_rate_ok",
    "quoted 10 queries in 2 s; both sides of the limit",
)
def _eq_90() -> Checks:
    yield near("queries a second", queries_per_second(10, 2), 5.0)
    yield equal("limits 5 and 4.9", (query_rate_ok(10, 2, 5), query_rate_ok(10, 2, 4.9)), (True, False))


@ROWS.add(
    91,
    "failure rate",
    "BUDGET",
    "qcompile.budget.deployment.failure_rate",
    "exact binomial tails at both ends of the interval; a rate whose interval straddles the limit is unknown",
    note="judged with the Clopper-Pearson interval",
)
def _eq_91() -> Checks:
    found = failure_rate(3, 50, 0.2)
    yield near("upper tail at the lower end", scipy.stats.binom.sf(2, 50, found.low), 0.025, rel=1e-6)
    yield near("lower tail at the upper end", scipy.stats.binom.cdf(3, 50, found.high), 0.025, rel=1e-6)
    states = [
        failure_rate(k, n, limit).status.value for k, n, limit in ((0, 1000, 0.01), (50, 100, 0.01), (1, 100, 0.02))
    ]
    yield equal("none of 1000, half of 100, 1 of 100", states, ["pass", "fail", "unknown"])
