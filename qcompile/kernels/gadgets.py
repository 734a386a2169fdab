"""Pauli rotations followed by a Clifford, written with controlled Paulis that shorten what is still to come.

Paulis are int8 codes a qubit: 0 I, 1 X, 2 Y, 3 Z. C(P, Q) = exp(i pi/4 (1 - P)(1 - Q)) multiplies by Q where a Pauli
anticommutes with P, and by P where it anticommutes with Q; type 3 (P - 1) + (Q - 1). The greedy choice of C(P, Q) by
the weight of the Paulis ahead, later ones counting less, follows Paykin et al. 2023 (PCOAST) and Schmitz et al. 2021.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qcompile.kernels.jit import jit

__all__ = ["reduce_gadgets", "steps_cost"]

Int8Array = npt.NDArray[np.int8]
IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float64]
StateArray = npt.NDArray[np.int64]


def _flip_tables() -> tuple[Int8Array, Int8Array]:
    """Return int8[9, 16] twice: the pair of codes 4 a + b after C(P, Q), and 1 where the sign changes."""
    pauli = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    pairs = np.array([np.kron(pauli[k // 4], pauli[k % 4]) for k in range(16)])
    codes, signs = np.zeros((9, 16), dtype=np.int8), np.zeros((9, 16), dtype=np.int8)
    for kind in range(9):
        p, q = np.kron(pauli[kind // 3 + 1], np.eye(2)), np.kron(np.eye(2), pauli[kind % 3 + 1])
        gate = 0.5 * (np.eye(4) + p + q - p @ q)
        for k in range(16):
            image = gate @ pairs[k] @ gate
            overlap = np.einsum("kij,ji->k", pairs, image).real / 4
            codes[kind, k] = np.argmax(np.abs(overlap))
            signs[kind, k] = overlap[codes[kind, k]] < 0
    return codes, signs


FLIP_CODE, FLIP_SIGN = _flip_tables()


def _gain_tables() -> tuple[Int8Array, FloatArray]:
    """Return int8[9, 16], the change of weight of a pair of codes by C(P, Q), and float64[9, 256], the change of what
    two sites add to the cost of a pair of anticommuting Paulis with codes x and z there, at 16 x + z.
    """

    def measure(x: int, z: int) -> float:
        return 0.0 if x == z == 0 else 1.5 if x != 0 and z != 0 and x != z else 1.0

    weight, frame = np.zeros((9, 16), dtype=np.int8), np.zeros((9, 256))
    for kind in range(9):
        to = [int(code) for code in FLIP_CODE[kind]]
        for x in range(16):
            weight[kind, x] = (to[x] > 3) + (to[x] % 4 > 0) - (x > 3) - (x % 4 > 0)
            for z in range(16):
                new = measure(to[x] // 4, to[z] // 4) + measure(to[x] % 4, to[z] % 4)
                frame[kind, 16 * x + z] = new - measure(x // 4, z // 4) - measure(x % 4, z % 4)
    return weight, frame


WEIGHT_GAIN, FRAME_GAIN = _gain_tables()


@jit
def _weight(p: Int8Array) -> int:
    w = 0
    for q in range(p.size):
        if p[q] != 0:
            w += 1
    return w


@jit
def _flip_all(a: int, b: int, kind: int, paulis: Int8Array, signs: Int8Array) -> None:
    """Conjugate every Pauli by C(P, Q) on qubits a, b."""
    for k in range(paulis.shape[0]):
        code = 4 * paulis[k, a] + paulis[k, b]
        if code:
            signs[k] ^= FLIP_SIGN[kind, code]
            new = FLIP_CODE[kind, code]
            paulis[k, a] = new // 4
            paulis[k, b] = new % 4


@jit
def _pair_measure(x: int, z: int) -> float:
    """Return what one site adds to the cost of a pair of anticommuting Paulis."""
    if x == 0 and z == 0:
        return 0.0
    return 1.5 if x != 0 and z != 0 and x != z else 1.0


@jit
def _frame_codes(a: int, b: int, image: Int8Array, out: StateArray) -> None:
    """Write the place in a row of FRAME_GAIN of each pair of `image` rows on a, b."""
    for q in range(image.shape[0] // 2):
        x, z = 4 * image[2 * q, a] + image[2 * q, b], 4 * image[2 * q + 1, a] + image[2 * q + 1, b]
        out[q] = 16 * x + z


@jit
def _frame_gain(kind: int, codes: StateArray) -> float:
    """Return the change of the Clifford's cost by C(P, Q) on the qubits of `codes`."""
    gain = 0.0
    for q in range(codes.size):
        gain += FRAME_GAIN[kind, codes[q]]
    return gain


@jit
def _bits(p: Int8Array) -> tuple[int, int]:
    """Return the X part and the Z part of a Pauli as bit masks (at most 62 qubits)."""
    x, z = 0, 0
    for q in range(p.size):
        if p[q] == 1 or p[q] == 2:
            x |= 1 << q
        if p[q] >= 2:
            z |= 1 << q
    return x, z


@jit
def _is_odd(v: int) -> bool:
    """Return whether an odd number of bits is set."""
    v ^= v >> 32
    v ^= v >> 16
    v ^= v >> 8
    v ^= v >> 4
    v ^= v >> 2
    v ^= v >> 1
    return (v & 1) == 1


@jit
def steps_cost(steps: IntArray, n: int, direct_price: int) -> int:
    """Return about how many native two-qubit gates the steps take: neighbours on one pair share at most three.

    Args:
        steps: As `reduce_gadgets` returns them.
        n: Number of qubits.
        direct_price: Native gates of a rotation about two qubits.
    """
    partner = np.full(n, -1, np.int64)
    spent = np.zeros(n, np.int64)
    total = 0
    for k in range(steps.shape[0]):
        if steps[k, 0] == 0:
            a, b, price = steps[k, 1], steps[k, 2], 1
        else:
            a, b, price = steps[k, 2], steps[k, 3], direct_price
        if b < 0:
            continue
        if partner[a] != b or partner[b] != a:
            partner[a], partner[b] = b, a
            spent[a], spent[b] = 0, 0
        more = min(price, 3 - spent[a])
        total += more
        spent[a] += more
        spent[b] += more
    return int(total)


@jit
def _next_random(state: StateArray) -> float:
    """Return a number in [0, 1) from a linear congruential generator whose state is `state[0]`."""
    state[0] = (state[0] * 1103515245 + 12345) & 0x7FFFFFFF
    return float(state[0] / 2147483648.0)


@jit
def reduce_gadgets(
    paulis: Int8Array,
    signs: Int8Array,
    image: Int8Array,
    frame_signs: Int8Array,
    window: int,
    discount: float,
    frame_weight: float,
    direct: float,
    noise: float,
    seed: int,
) -> IntArray:
    """Return int32[k, 4], the steps; all arrays are changed in place.

    A step (0, a, b, kind) is C(P, Q) on a, b; (1, i, a, b) is rotation i, by then on at most the qubits a and b (b = -1
    for one). At the end every pair of `image` rows is on a single qubit.

    Args:
        paulis, signs, image, frame_signs: As `frame_of_rotations` returns them.
        window: How many rotations ahead are looked at.
        discount: Factor by which a rotation counts less a layer.
        frame_weight: How much the Clifford counts meanwhile.
        direct: A rotation of weight two is played directly unless C(P, Q) gains more than this elsewhere.
        noise: Random part of a score.
        seed: Of that part.
    """
    m, n = paulis.shape
    steps = np.zeros((64 + 8 * m * n + 16 * n * n, 4), np.int32)
    count = 0
    state = np.array([seed * 7919 + 17], dtype=np.int64)
    alive = np.arange(m)
    left = m
    layer = np.zeros(window, np.int64)
    factor = np.zeros(window, np.float64)
    support = np.zeros(n, np.int64)
    x_bits = np.zeros(window, np.int64)
    z_bits = np.zeros(window, np.int64)
    codes = np.zeros(n, np.int64)
    ahead = np.zeros(16, np.float64)  # by code on the two qubits, how much the rotations in the window count
    stale = True  # layers follow from which Paulis commute, which no C(P, Q) changes
    while left > 0:
        size = min(window, left)
        for i in range(size if stale else 0):
            x_bits[i], z_bits[i] = _bits(paulis[alive[i]])
            layer[i] = 0
            for j in range(i):
                if layer[j] >= layer[i] and _is_odd((x_bits[i] & z_bits[j]) ^ (z_bits[i] & x_bits[j])):
                    layer[i] = layer[j] + 1
            factor[i] = discount ** layer[i]
        stale = False
        least = n + 1
        for i in range(size):
            if layer[i] == 0:
                least = min(least, _weight(paulis[alive[i]]))
        done = -1
        best, best_a, best_b, best_kind, best_i = 1e18, -1, -1, -1, -1
        for i in range(size):
            if layer[i] != 0:
                continue
            p = paulis[alive[i]]
            w = 0
            for q in range(n):
                if p[q] != 0:
                    support[w] = q
                    w += 1
            if w <= 1:
                done = i
                steps[count, 0], steps[count, 1], steps[count, 3] = 1, alive[i], -1
                steps[count, 2] = support[0] if w == 1 else -1
                count += 1
                break
            if w > least:
                continue
            for s in range(w):
                for t in range(s + 1, w):
                    a, b = support[s], support[t]
                    own = 4 * p[a] + p[b]
                    ahead[:] = 0.0
                    for k in range(size):
                        if k != i:
                            ahead[4 * paulis[alive[k], a] + paulis[alive[k], b]] += factor[k]
                    _frame_codes(a, b, image, codes)
                    for kind in range(9):
                        new = FLIP_CODE[kind, own]
                        if new // 4 != 0 and new % 4 != 0:
                            continue
                        score = frame_weight * _frame_gain(kind, codes)
                        for code in range(1, 16):
                            score += ahead[code] * WEIGHT_GAIN[kind, code]
                        if noise > 0.0:
                            score += noise * _next_random(state)
                        if score < best - 1e-9:
                            best, best_a, best_b, best_kind, best_i = score, a, b, kind, i
        if done < 0:
            if least == 2 and best >= -direct - 1e-9:
                done = best_i
                steps[count, 0], steps[count, 1], steps[count, 2], steps[count, 3] = 1, alive[done], best_a, best_b
                count += 1
            else:
                steps[count, 0], steps[count, 1], steps[count, 2], steps[count, 3] = 0, best_a, best_b, best_kind
                count += 1
                for k in range(left):
                    code = 4 * paulis[alive[k], best_a] + paulis[alive[k], best_b]
                    if code:
                        signs[alive[k]] ^= FLIP_SIGN[best_kind, code]
                        to = FLIP_CODE[best_kind, code]
                        paulis[alive[k], best_a] = to // 4
                        paulis[alive[k], best_b] = to % 4
                _flip_all(best_a, best_b, best_kind, image, frame_signs)
        if done >= 0:
            for k in range(done, left - 1):
                alive[k] = alive[k + 1]
            left -= 1
            stale = True
    return _reduce_frame(image, frame_signs, steps, count, noise, state)


@jit
def _reduce_frame(
    image: Int8Array, signs: Int8Array, steps: IntArray, count: int, noise: float, state: StateArray
) -> IntArray:
    """Add the steps that bring every pair of rows of `image` on one qubit each."""
    n = image.shape[1]
    support = np.zeros(n, np.int64)
    codes = np.zeros(n, np.int64)
    while True:
        target, least = -1, 1e18
        for q in range(n):
            cost = -1.5
            for k in range(n):
                cost += _pair_measure(image[2 * q, k], image[2 * q + 1, k])
            if cost > 0.0 and cost < least:
                target, least = q, cost
        if target < 0:
            return steps[:count]
        w = 0
        for k in range(n):
            if image[2 * target, k] != 0 or image[2 * target + 1, k] != 0:
                support[w] = k
                w += 1
        best, best_a, best_b, best_kind = 1e18, -1, -1, -1
        for s in range(w):
            for t in range(s + 1, w):
                a, b = support[s], support[t]
                _frame_codes(a, b, image, codes)
                for kind in range(9):
                    if FRAME_GAIN[kind, codes[target]] >= 0.0:
                        continue
                    score = _frame_gain(kind, codes)
                    if noise > 0.0:
                        score += noise * _next_random(state)
                    if score < best - 1e-9:
                        best, best_a, best_b, best_kind = score, a, b, kind
        steps[count, 0], steps[count, 1], steps[count, 2], steps[count, 3] = 0, best_a, best_b, best_kind
        count += 1
        _flip_all(best_a, best_b, best_kind, image, signs)
