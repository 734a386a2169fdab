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
def _ones(v: int) -> int:
    """Return the number of bits that are set (at most 62 of them)."""
    v = int(v)  # without the compiler, of any size
    v = v - ((v >> 1) & 0x5555555555555555)
    v = (v & 0x3333333333333333) + ((v >> 2) & 0x3333333333333333)
    v = (v + (v >> 4)) & 0x0F0F0F0F0F0F0F0F
    return ((v * 0x0101010101010101) >> 56) & 127


@jit
def _pair_size(xx: int, xz: int, zx: int, zz: int) -> float:
    """Return the cost of one site in pairs of anticommuting Paulis: bit q of each is X, Z of the q-th X, Z."""
    return _ones(xx | xz | zx | zz) + 0.5 * _ones((xx & zz) ^ (xz & zx))


@jit
def _flipped(x: int, z: int, u: int, v: int, kind: int) -> tuple[int, int, int, int]:
    """Return X and Z parts on a, then on b, after C(P, Q); one bit a Pauli."""
    p, q = kind // 3 + 1, kind % 3 + 1
    hit = (v if q != 3 else 0) ^ (u if q != 1 else 0)  # where b anticommutes with Q
    back = (z if p != 3 else 0) ^ (x if p != 1 else 0)
    return (
        x ^ (hit if p != 3 else 0),
        z ^ (hit if p != 1 else 0),
        u ^ (back if q != 3 else 0),
        v ^ (back if q != 1 else 0),
    )


@jit
def _frame_gain(a: int, b: int, kind: int, f: StateArray) -> float:
    """Return the change of the Clifford's cost by C(P, Q) on a, b; `f` int64[4, n] as `_frame_columns` gives it."""
    xa, za, xb, zb = _flipped(f[0, a], f[1, a], f[0, b], f[1, b], kind)
    ya, wa, yb, wb = _flipped(f[2, a], f[3, a], f[2, b], f[3, b], kind)
    old = _pair_size(f[0, a], f[1, a], f[2, a], f[3, a]) + _pair_size(f[0, b], f[1, b], f[2, b], f[3, b])
    return _pair_size(xa, za, ya, wa) + _pair_size(xb, zb, yb, wb) - old


@jit
def _frame_columns(image: Int8Array, f: StateArray) -> None:
    """Fill `f` int64[4, n]: bits over q of the X and Z parts of row 2 q, then of row 2 q + 1, on each site."""
    f[:] = 0
    for row in range(image.shape[0]):
        for k in range(image.shape[1]):
            code = image[row, k]
            if code == 1 or code == 2:
                f[2 * (row % 2), k] |= 1 << (row // 2)
            if code >= 2:
                f[2 * (row % 2) + 1, k] |= 1 << (row // 2)


@jit
def _ahead_gain(a: int, b: int, kind: int, x: StateArray, z: StateArray, own: int, factor: FloatArray) -> float:
    """Return the change of the weights of the rotations ahead, each counting `factor`, all but number `own`.

    Args:
        a, b, kind: C(P, Q).
        x, z: int64[n], X and Z parts on each qubit, one bit a rotation.
        own: The rotation that is left out.
        factor: float64[window].
    """
    xa, za, xb, zb = _flipped(x[a], z[a], x[b], z[b], kind)
    gain = 0.0
    rest = ~(1 << own)
    for side in range(2):
        old, now = (x[a] | z[a], xa | za) if side == 0 else (x[b] | z[b], xb | zb)
        for sign in (1.0, -1.0):
            bits = (now & ~old if sign > 0.0 else old & ~now) & rest
            while bits != 0:
                low = bits & -bits
                gain += sign * factor[_ones(low - 1)]
                bits ^= low
    return gain


@jit
def steps_cost(steps: IntArray, n: int, direct_price: int) -> tuple[int, int]:
    """Return about how many native two-qubit gates the steps take, and layers: neighbours on one pair share three.

    Args:
        steps: As `reduce_gadgets` returns them.
        n: Number of qubits.
        direct_price: Native gates of a rotation about two qubits.
    """
    partner = np.full(n, -1, np.int64)
    spent = np.zeros(n, np.int64)
    level = np.zeros(n, np.int64)
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
        level[a] = level[b] = max(level[a], level[b]) + more
    return int(total), int(level.max())


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
    late: float,
    noise: float,
    seed: int,
) -> IntArray:
    """Return int32[k, 4], the steps; all arrays are changed in place.

    A step (0, a, b, kind) is C(P, Q) on a, b; (1, i, a, b) is rotation i, by then on at most the qubits a and b (b = -1
    for one). At the end every pair of `image` rows is on a single qubit.

    Args:
        paulis, signs, image, frame_signs: As `frame_of_rotations` returns them.
        window: How many rotations ahead are looked at, at most 60.
        discount: Factor by which a rotation counts less a layer.
        frame_weight: How much the Clifford counts meanwhile.
        direct: A rotation of weight two is played directly unless C(P, Q) gains more than this elsewhere.
        late: What counts against C(P, Q) for each layer before it.
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
    x_of = np.zeros(n, np.int64)
    z_of = np.zeros(n, np.int64)
    weight = np.zeros(window, np.int64)
    frame = np.zeros((4, n), np.int64)
    level = np.zeros(n, np.int64)
    while left > 0:
        size = min(window, left)
        x_of[:] = 0
        z_of[:] = 0
        for i in range(size):
            apart = 0
            weight[i] = 0
            for q in range(n):
                code = paulis[alive[i], q]
                if code != 0:
                    weight[i] += 1
                    apart ^= (z_of[q] if code != 3 else 0) ^ (x_of[q] if code != 1 else 0)
                    if code != 3:
                        x_of[q] |= 1 << i
                    if code != 1:
                        z_of[q] |= 1 << i
            layer[i] = 0
            while apart != 0:
                low = apart & -apart
                layer[i] = max(layer[i], layer[_ones(low - 1)] + 1)
                apart ^= low
            factor[i] = discount ** layer[i]
        _frame_columns(image, frame)
        least = n + 1
        for i in range(size):
            if layer[i] == 0:
                least = min(least, weight[i])
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
                    for kind in range(9):
                        new = FLIP_CODE[kind, own]
                        if new // 4 != 0 and new % 4 != 0:
                            continue
                        score = frame_weight * _frame_gain(a, b, kind, frame) + late * max(level[a], level[b])
                        score += _ahead_gain(a, b, kind, x_of, z_of, i, factor)
                        if noise > 0.0:
                            score += noise * _next_random(state)
                        if score < best - 1e-9:
                            best, best_a, best_b, best_kind, best_i = score, a, b, kind, i
        if done < 0:
            before = max(level[best_a], level[best_b])
            level[best_a] = level[best_b] = before + 1
            if least == 2 and best - late * before >= -direct - 1e-9:
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
    return _reduce_frame(image, frame_signs, steps, count, noise, state)


@jit
def _reduce_frame(
    image: Int8Array, signs: Int8Array, steps: IntArray, count: int, noise: float, state: StateArray
) -> IntArray:
    """Add the steps that bring every pair of rows of `image` on one qubit each."""
    n = image.shape[1]
    support = np.zeros(n, np.int64)
    frame = np.zeros((4, n), np.int64)
    while True:
        _frame_columns(image, frame)
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
                for kind in range(9):
                    x = 4 * image[2 * target, a] + image[2 * target, b]
                    z = 4 * image[2 * target + 1, a] + image[2 * target + 1, b]
                    nx, nz = FLIP_CODE[kind, x], FLIP_CODE[kind, z]
                    own = _pair_measure(nx // 4, nz // 4) + _pair_measure(nx % 4, nz % 4)
                    own -= _pair_measure(x // 4, z // 4) + _pair_measure(x % 4, z % 4)
                    if own >= 0.0:
                        continue
                    score = _frame_gain(a, b, kind, frame)
                    if noise > 0.0:
                        score += noise * _next_random(state)
                    if score < best - 1e-9:
                        best, best_a, best_b, best_kind = score, a, b, kind
        steps[count, 0], steps[count, 1], steps[count, 2], steps[count, 3] = 0, best_a, best_b, best_kind
        count += 1
        _flip_all(best_a, best_b, best_kind, image, signs)
