"""Time, memory and arithmetic around the quantum part: eqs. 11, 13, 16, 63, 65, 69, 70 and 71 of the paper.

Where a printed formula leaves something out, the function takes it as an argument and says so. Times are seconds,
memory is bytes.
"""

from __future__ import annotations

import math

from estimates.counts import Count
from qcompile.errors import InputError

__all__ = [
    "attention_flops",
    "calibration_circuits",
    "calibration_seconds",
    "cluster_nodes",
    "execution_seconds",
    "expert_memory_bytes",
    "forward_flops",
    "overlaps_per_pass",
    "printed_execution_seconds",
    "qubit_seconds",
    "state_memory_bytes",
    "surface_code_qubits",
    "training_memory_bytes",
]

NATIVE_SHOT_SECONDS = 2e-6
"""A shot of a shallow circuit on a superconducting machine: critical path, readout and reset, rounded up."""


def execution_seconds(
    n_circuits: int,
    shots: int,
    *,
    critical_path_s: float,
    readout_s: float,
    reset_s: float,
    n_devices: int = 1,
) -> float:
    """Return the time of a batch: eq. 11 with what it leaves out (shots, readout, reset, whole shots per device).

    Args:
        n_circuits: Batch size times circuits per sample.
        critical_path_s: Length of one scheduled circuit, which is at most L T_gate (eq. 11) and usually less.
    """
    if n_devices < 1:
        raise InputError(f"is {n_devices}", where="n_devices", hint="use at least 1")
    return math.ceil(n_circuits * shots / n_devices) * (critical_path_s + readout_s + reset_s)


def printed_execution_seconds(batch: float, depth: float, gate_s: float, n_devices: float = 1) -> float:
    """Return eq. 11 as printed, constant 1: batch / devices * depth * gate time. One shot, no readout."""
    return batch / n_devices * depth * gate_s


def calibration_circuits(n_qubits: int, *, kind: str = "tensored", k: int = 2) -> int:
    """Return how many circuits readout calibration runs (eq. 13).

    Args:
        kind: "full" is eq. 13, the whole matrix: 2**n. "tensored" is one matrix per qubit: all zeros and all ones,
            2 circuits at any width. "local" is one matrix per group of k qubits, groups measured one after another.

    >>> calibration_circuits(8, kind="full"), calibration_circuits(8)
    (256, 2)
    """
    if kind == "full":
        return int(2**n_qubits)
    if kind == "tensored":
        return 2
    if kind == "local":
        return int(2**k * math.ceil(n_qubits / k))
    raise InputError(f"is {kind!r}", where="calibration", hint="use full, tensored or local")


def calibration_seconds(n_qubits: int, shots: int, shot_s: float, *, kind: str = "tensored", k: int = 2) -> float:
    """Return the time of readout calibration (eq. 13 times the time of a shot)."""
    return calibration_circuits(n_qubits, kind=kind, k=k) * shots * shot_s


def state_memory_bytes(n_qubits: Count, *, batch: Count = 1, precision_bits: int = 64) -> Count:
    """Return eq. 16, the memory of a batch of state vectors: 2**n amplitudes of two reals of P bits.

    This is what a dense simulator holds; a quantum computer holds none of it, and product or matrix-product states
    need far less (a shallow ansatz of L layers has Schmidt rank at most 2**L).

    >>> state_memory_bytes(30) == 16 * 2**30
    True
    """
    return 2**n_qubits * batch * 2 * precision_bits // 8


def surface_code_qubits(n_logical: Count, distance: Count, *, routing: float = 0.0) -> Count:
    """Return the first term of eq. 63 with its constants: N (2 d**2 - 1) data and measure qubits, times 1 + routing.

    Linear in N: eq. 61 (logarithmic) contradicts it.
    """
    total = n_logical * (2 * distance**2 - 1)
    if not routing:
        return total
    return math.ceil(total * (1 + routing))


def expert_memory_bytes(
    n_params: Count, *, n_experts: Count = 1, bytes_per_param: Count = 2, params_include_experts: bool = True
) -> Count:
    """Return the second term of eq. 63: the memory of the classical experts.

    Printed, every expert counts with the full number of parameters (`params_include_experts=False`); the number of
    parameters of a mixture of experts is published with its experts in it, so that the factor is counted twice.
    """
    return n_params * bytes_per_param * (1 if params_include_experts else n_experts)


def qubit_seconds(n_qubits: Count, coherence_s: float, n_samples: Count) -> Count:
    """Return eq. 65: qubits times coherence time times samples, in qubit-seconds.

    It is the most a run of that many samples can use when each lasts the whole coherence time.
    """
    return n_qubits * coherence_s * n_samples


def cluster_nodes(n_params: float, node_bytes: float, *, bytes_per_param: float = 16, batch: int = 1) -> int:
    """Return eq. 69: nodes whose memory holds the parameters.

    Printed, the unit of B is a batch size and the result has no unit of memory; here bytes per parameter are their own
    argument, and `batch` is 1 unless somebody really keeps a copy of the parameters per sample.

    >>> cluster_nodes(671e9, 512e9)
    21
    """
    return math.ceil(n_params * bytes_per_param * batch / node_bytes)


def training_memory_bytes(n_params: Count, accumulation: Count) -> Count:
    """Return eq. 70: `n_params * (16 + 4 accumulation)` bytes.

    The paper calls `accumulation` a number of bits; 32 of them would be 144 bytes for every parameter. 16 bytes are
    weights, gradient and two moments in 4 bytes each; 4 more for every further copy is what the formula can mean.
    """
    return n_params * (16 + 4 * accumulation)


def forward_flops(n_params: Count, seq: Count, batch: Count = 1) -> Count:
    """Return eq. 71: a multiplication and an addition per parameter, token and sample.

    For a mixture of experts give the active parameters. The attention scores are not in it: add `attention_flops`.
    """
    return 2 * n_params * seq * batch


def attention_flops(seq: Count, width: Count, layers: Count, batch: Count = 1, *, causal: bool = False) -> Count:
    """Return the term that eq. 71 leaves out: scores and weighted values, 4 seq**2 width per layer and sample.

    Args:
        width: Heads times width of a head.
        causal: Count only keys up to the query: seq (seq + 1) / 2 pairs.
    """
    pairs = seq * (seq + 1) // 2 if causal else seq**2
    return 4 * pairs * width * layers * batch


def overlaps_per_pass(layers: Count, heads: Count, seq: Count, *, causal: bool = False) -> Count:
    """Return the query-key overlaps of one forward pass, one per layer, head and pair of tokens.

    >>> overlaps_per_pass(61, 128, 4096)
    130996502528
    """
    return layers * heads * (seq * (seq + 1) // 2 if causal else seq**2)
