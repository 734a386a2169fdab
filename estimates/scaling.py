"""The paper's growth laws with constant 1, so that an audit can compare them: eqs. 51-53, 58, 61, 62 and 92-106.

Every law is what is printed, O() read as a constant of 1; what contradicts it is named. Logarithms are natural unless
`base` says otherwise, since the paper does not.
"""

from __future__ import annotations

import math

from qcompile.errors import InputError

__all__ = [
    "attention_cost",
    "combined_time",
    "logical_error_order",
    "physical_qubits_claim",
    "quantum_factor",
    "routing_accuracy",
    "sampling_error",
    "theoretical_speedup",
]

ATTENTION_LAWS = ("classical", "quantum_inspired", "hybrid", "ours", "parallel")
ERROR_LAWS = ("previous", "stabilizer", "ours")
SAMPLING_LAWS = ("classical", "previous", "hybrid", "ours")
ROUTING_LAWS = ("classical", "previous", "hybrid", "ours_product", "ours_ratio")


def _log(x: float, base: float) -> float:
    return math.log(x) / math.log(base)


def _unknown(law: str, known: tuple[str, ...]) -> InputError:
    return InputError(f"is {law!r}", where="law", hint="use one of " + ", ".join(known))


def attention_cost(law: str, seq: float, width: float = 1.0, n_qubits: float = 1.0, *, base: float = math.e) -> float:
    """Return the cost of attention that a law promises, in steps of constant 1.

    Args:
        law: "classical" n^2 d (92, true), "quantum_inspired" n sqrt(d) log n (93), "hybrid" n sqrt(d) (94), "ours"
            sqrt(n d) log n (95), "parallel" sqrt(n / N_q) (53).

    53 and 95 are both called ours and differ; all but 92 are below the n d numbers that have to be loaded, and no
    assumption of a quantum memory is stated.
    """
    if law == "classical":
        return seq**2 * width
    if law == "quantum_inspired":
        return seq * math.sqrt(width) * _log(seq, base)
    if law == "hybrid":
        return seq * math.sqrt(width)
    if law == "ours":
        return math.sqrt(seq * width) * _log(seq, base)
    if law == "parallel":
        return math.sqrt(seq / n_qubits)
    raise _unknown(law, ATTENTION_LAWS)


def combined_time(seq: float, n_qubits: float, n_experts: float, *, base: float = math.e) -> float:
    """Return eq. 62: sqrt(n / N_q) + log(E) / N_q.

    The second term is the bound of eq. 59 on a divergence, so a time is added to a number of nats: no running time.
    """
    return attention_cost("parallel", seq, n_qubits=n_qubits) + _log(n_experts, base) / n_qubits


def quantum_factor(n_tokens: float, n_qubits: float) -> float:
    """Return eq. 52: min(2**N_q, sqrt(N_tokens / N_q)), without overflow for wide registers."""
    root = math.sqrt(n_tokens / n_qubits)
    return root if n_qubits * math.log(2) > math.log(root) else float(2**n_qubits)


def theoretical_speedup(n_tokens: float, n_qubits: float, sampling_error: float) -> float:
    """Return eq. 51: sqrt(N_tokens / N_q) / error * eq. 52.

    With the error of eq. 21 it is N_tokens sqrt(N_s / N_q): it falls with more qubits and grows without bound with
    more samples.
    """
    return math.sqrt(n_tokens / n_qubits) / sampling_error * quantum_factor(n_tokens, n_qubits)


def physical_qubits_claim(n_logical: float, distance: float, *, base: float = math.e) -> float:
    """Return eq. 61: d**2 log(N_logical).

    Below N_logical itself from N = 31 (d = 3) on, which no code allows (quantum Singleton bound: n - k >= 2 (d - 1)).
    The count with constants is `classical.surface_code_qubits`.
    """
    return distance**2 * _log(n_logical, base)


def logical_error_order(law: str, p: float, distance: float) -> float:
    """Return the order of the logical error: "previous" p**(d/2) (96), "stabilizer" p**(d/2) (1 + p) (97), "ours"
    p**((d+1)/2) (98).

    For odd d the exponent always was (d + 1) / 2, so that 96 describes nobody; 97 is of the order of 96; 98 drops
    c**((d+1)/2) of eq. 60, which grows with d and is no constant.
    """
    if law == "previous":
        return float(p ** (distance / 2))
    if law == "stabilizer":
        return float(p ** (distance / 2) * (1 + p))
    if law == "ours":
        return float(p ** ((distance + 1) / 2))
    raise _unknown(law, ERROR_LAWS)


def sampling_error(law: str, n_samples: float, n_quantum: float = 1.0) -> float:
    """Return the error of a mean: "classical" N_s**-1/2 (99, true), "previous" N_s**-1/3 (100), "hybrid" N_s**-2/5
    (101), "ours" (N_s N_q)**-1/2 (21, 56, 102).

    100 and 101 are worse than 99. 102 is the error of N_s N_q independent samples; N_q repetitions of the same N_s
    samples stop at the spread between samples.
    """
    if law == "classical":
        return float(n_samples**-0.5)
    if law == "previous":
        return float(n_samples ** (-1 / 3))
    if law == "hybrid":
        return float(n_samples**-0.4)
    if law == "ours":
        return float((n_samples * n_quantum) ** -0.5)
    raise _unknown(law, SAMPLING_LAWS)


def routing_accuracy(law: str, n_experts: float, n_qubits: float = 1.0, *, base: float = math.e) -> float:
    """Return the probability of the right expert that a law promises.

    Args:
        law: "classical" 1 - 1/log E (103), "previous" 1 - E**-1/2 (104), "hybrid" 1 - E**-1/3 (105), "ours_product"
            1 - exp(-N_q log(E) / 2) (5 and 106 as printed), "ours_ratio" 1 - exp(-N_q / (2 log E)) (58).

    The two readings of the last law move in opposite directions with E; none of the laws knows the data. Negative
    values (small E) are returned as they are.
    """
    if law == "classical":
        return 1 - 1 / _log(n_experts, base)
    if law == "previous":
        return float(1 - n_experts**-0.5)
    if law == "hybrid":
        return float(1 - n_experts ** (-1 / 3))
    if law == "ours_product":
        return 1 - math.exp(-n_qubits / 2 * _log(n_experts, base))
    if law == "ours_ratio":
        return 1 - math.exp(-n_qubits / (2 * _log(n_experts, base)))
    raise _unknown(law, ROUTING_LAWS)
