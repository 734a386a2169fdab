"""Growth laws that the paper claims: speed, attention, qubits, logical errors, sampling, routing."""

from __future__ import annotations

import math

from estimates import scaling
from estimates.classical import surface_code_qubits
from qcompile.api.equations_rows import Checks, Rows, equal, holds, near

__all__ = ["ROWS"]

ROWS = Rows()
_N, _D, _Q, _E = 4096, 512, 8, 256
_LOADED = _N * _D  # input numbers that have to be read


@ROWS.add(
    51,
    "theoretical speed-up",
    "CLAIM",
    "estimates.scaling.theoretical_speedup",
    "quoted 45 794.67 at 8 qubits and 15 707 at 68",
    note="INCONSISTENT: with eqs. 21 and 52 it is N_t sqrt(N_s / N_q): it falls with more qubits, grows without bound "
    "with samples",
)
def _eq_51() -> Checks:
    for n_qubits, quoted in ((8, 45_794.67), (68, 15_707.0)):
        error = scaling.sampling_error("ours", 1000, n_qubits)
        yield near(f"{n_qubits} qubits", scaling.theoretical_speedup(4096, n_qubits, error), quoted, rel=1e-4)


@ROWS.add(
    52,
    "quantum factor min(2^N_q, sqrt(N_t / N_q))",
    "CLAIM",
    "estimates.scaling.quantum_factor",
    "exact integers: 2^N_q is above the root for every N_q from 7 on and up to 1e5 tokens",
    note="VACUOUS: always the second branch for registers of use",
)
def _eq_52() -> Checks:
    yield holds("4^N_q N_q above 1e5 tokens for N_q = 7..60", all(4**q * q > 10**5 for q in range(7, 61)))
    yield near("second branch", scaling.quantum_factor(10**5, 10), 100.0, rel=1e-12)
    yield near("first branch", scaling.quantum_factor(10**6, 2), 4.0, rel=1e-12)


def _attention(number: int, law: str, title: str, quoted: float, note: str, *, below: bool = True) -> None:
    def run() -> Checks:
        found = scaling.attention_cost(law, _N, _D, _Q)
        yield near("at n = 4096, d = 512, N_q = 8", found, quoted, rel=5e-3)
        if below:
            yield holds(f"below the {_LOADED} numbers to load", found < _LOADED)

    home = "estimates.scaling.attention_cost"
    ROWS.add(number, title, "CLAIM", home, f"quoted {quoted:.3g} steps at n = 4096, d = 512", note=note)(run)


_attention(
    53, "parallel", "attention in sqrt(n / N_q)", 22.6, "FALSE: reading n inputs takes n; INCONSISTENT with eq. 95"
)
_attention(92, "classical", "classical attention n^2 d", 8.59e9, "the true baseline", below=False)
_attention(93, "quantum_inspired", "attention in n sqrt(d) log n", 7.71e5, "no citation; below the input size")
_attention(94, "hybrid", "attention in n sqrt(d)", 9.27e4, "no citation; below the input size")
_attention(95, "ours", "attention in sqrt(n d) log n", 1.20e4, "INCONSISTENT with eq. 53 by a factor of 532")


@ROWS.add(
    61,
    "physical qubits d^2 log N",
    "CLAIM",
    "estimates.scaling.physical_qubits_claim",
    "quantum Singleton bound: quoted first N at which it is below N itself; ratio 41-43 to counted patches at N = 100",
    note="FALSE for every code; INCONSISTENT with eq. 63",
)
def _eq_61() -> Checks:
    for d, first in ((3, 31), (5, 120), (25, 5368)):
        yield holds(f"d = {d}: below N from {first}", scaling.physical_qubits_claim(first, d) < first)
        yield holds(f"d = {d}: not before", scaling.physical_qubits_claim(first - 1, d) >= first - 1)
    yield near("patches over claim", surface_code_qubits(100, 3) / scaling.physical_qubits_claim(100, 3), 41, rel=0.02)


@ROWS.add(
    62,
    "total time sqrt(n / N_q) + log(E) / N_q",
    "CLAIM",
    "estimates.scaling.combined_time",
    "quoted 23.3 at n = 4096, N_q = 8, E = 256",
    note="adds a time to a divergence: no running time",
)
def _eq_62() -> Checks:
    yield near("steps", scaling.combined_time(_N, _Q, _E), 23.3, rel=2e-3)


@ROWS.add(
    96,
    "previous logical error p^(d/2)",
    "CLAIM",
    "estimates.scaling.logical_error_order",
    "quoted factor 31.6 above eq. 98 at p = 0.001; 2.1 only at p = 0.227, above threshold",
    note="describes nobody: for odd d the exponent always was (d + 1) / 2",
)
def _eq_96() -> Checks:
    def ratio(p: float) -> float:
        return scaling.logical_error_order("previous", p, 7) / scaling.logical_error_order("ours", p, 7)

    yield near("at p = 0.001", ratio(1e-3), 31.6, rel=1e-3)
    yield near("at p = 0.227", ratio(0.227), 2.1, rel=1e-2)


@ROWS.add(
    97,
    "stabilizer logical error p^(d/2) (1 + p)",
    "CLAIM",
    "estimates.scaling.logical_error_order",
    "ratio to eq. 96 at p = 0.001 by hand: 1.001",
    note="of the order of eq. 96: no improvement",
)
def _eq_97() -> Checks:
    a, b = (scaling.logical_error_order(law, 1e-3, 7) for law in ("stabilizer", "previous"))
    yield near("ratio", a / b, 1.001, rel=1e-9)


@ROWS.add(
    98,
    "logical error p^((d+1)/2)",
    "CLAIM",
    "estimates.scaling.logical_error_order",
    "quoted 1e-24 at d = 15, p = 0.001, 16 orders below the fit with constants",
    note="is eq. 60 without c^((d+1)/2), which is no constant in d",
)
def _eq_98() -> Checks:
    found = scaling.logical_error_order("ours", 1e-3, 15)
    yield near("d = 15", found, 1e-24, rel=1e-9)
    yield near("orders below the fit", math.log10(1.1e-8 / found), 16, atol=0.1)


def _sampling(number: int, law: str, title: str, slope: float) -> None:
    def run() -> Checks:
        found = scaling.sampling_error(law, 1e6)
        yield near("slope", math.log10(scaling.sampling_error(law, 1e7) / found), slope, rel=1e-9)
        yield holds("worse than the standard error 0.001 at 1e6 samples", found > 1e-3)

    note = "worse than eq. 99, which every classical estimate reaches"
    ROWS.add(number, title, "CLAIM", "estimates.scaling.sampling_error", "standard error at 1e6 samples", note=note)(
        run
    )


_sampling(100, "previous", "previous sampling error Ns^(-1/3)", -1 / 3)
_sampling(101, "hybrid", "hybrid sampling error Ns^(-2/5)", -2 / 5)


@ROWS.add(
    103,
    "classical routing accuracy 1 - 1 / log E",
    "CLAIM",
    "estimates.scaling.routing_accuracy",
    "at E = 256 by hand: log 256 = 5.545; compared with E = 16",
    note="rises with the number of experts: absurd as a law",
)
def _eq_103() -> Checks:
    yield near("E = 256", scaling.routing_accuracy("classical", 256), 1 - 1 / 5.545, atol=1e-4)
    yield holds(
        "more experts are better",
        scaling.routing_accuracy("classical", 256) > scaling.routing_accuracy("classical", 16),
    )


@ROWS.add(
    104,
    "previous routing accuracy 1 - E^(-1/2)",
    "CLAIM",
    "estimates.scaling.routing_accuracy",
    "15/16 at E = 256",
    note="rises with E, and is closer to 1 than the later eq. 105",
)
def _eq_104() -> Checks:
    yield equal("E = 256", scaling.routing_accuracy("previous", 256), 15 / 16)


@ROWS.add(
    105,
    "hybrid routing accuracy 1 - E^(-1/3)",
    "CLAIM",
    "estimates.scaling.routing_accuracy",
    "7/8 at E = 512; behind eq. 104 there",
    note="the later law is the worse one",
)
def _eq_105() -> Checks:
    found = scaling.routing_accuracy("hybrid", 512)
    yield near("E = 512", found, 7 / 8, rel=1e-12)
    yield holds("below eq. 104", found < 1 - 512**-0.5)
