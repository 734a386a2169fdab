"""States from their Schmidt decompositions: across one cut, or along a chain of cuts with few coefficients.

One cut (Plesch, Brukner 2011): coefficients on one register, CNOTs that copy their index, a local isometry on each
side. Each isometry is taken up to a diagonal on its input; the diagonal is a phase of the coefficients, so both sides
save a CNOT and the coefficients become complex. A chain (Schoen et al. 2005) hands the index of every cut from left
to right in a register of log2(rank) qubits.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from qcompile.synthesis.emit import add_one_qubit
from qcompile.synthesis.shannon import add_isometry
from qcompile.tape import Op, TapeBuilder

__all__ = ["add_chain", "add_schmidt", "cost_chain", "cost_schmidt", "schmidt_ranks"]

ComplexArray = npt.NDArray[np.complex128]

#: Schmidt coefficients below this count as zero: what is dropped is below rounding of the state.
RANK_ATOL = 1e-14


@cache
def _raw(k: int) -> int:
    """Return the CNOTs of k-qubit Shannon synthesis before two-qubit gates share diagonals."""
    return (0, 0, 3)[k] if k <= 2 else 4 * _raw(k - 1) + 3 * (1 << (k - 1)) - 2


def _blocks(k: int) -> int:
    """Return its number of two-qubit gates."""
    return 0 if k < 2 else 1 << (2 * (k - 2))


@cache
def cost_isometry(m: int, k: int) -> int:
    """Return the CNOTs of a generic isometry from m to k qubits, up to a diagonal on its input."""
    raw, blocks = _raw(max(m, min(k, 2))), _blocks(max(m, min(k, 2)))
    for size in range(max(m, 2) + 1, k + 1):
        raw += 2 * _raw(size - 1) + (1 << size) - 1
        blocks += 2 * _blocks(size - 1)
    return raw - blocks


@cache
def cost_state(n: int) -> int:
    """Return the CNOTs of a generic complex state of n qubits by the best cut."""
    if n <= 2:
        return max(n - 1, 0)
    return min(cost_cut(min(k, n - k), k, n) for k in range(1, n))


def cost_cut(m: int, k: int, n: int) -> int:
    """Return the CNOTs across the cut after qubit k with 2^m coefficients."""
    return cost_state(m) + m + cost_isometry(m, k) + cost_isometry(m, n - k)


def schmidt_ranks(state: ComplexArray) -> list[int]:
    """Return ceil(log2(Schmidt rank)) for the n - 1 cuts after qubits 1 to n - 1."""
    n = state.size.bit_length() - 1
    out = []
    for k in range(1, n):
        values = np.linalg.svd(state.reshape(1 << k, -1), compute_uv=False)
        out.append((int((values > RANK_ATOL).sum()) - 1).bit_length())
    return out


def cost_schmidt(ranks: Sequence[int]) -> tuple[int, int]:
    """Return (CNOTs, k) of the cheapest cut for the ranks of `schmidt_ranks`."""
    n = len(ranks) + 1
    return min((cost_cut(ranks[k - 1], k, n), abs(2 * k - n), k)[::2] for k in range(1, n))


def cost_chain(ranks: Sequence[int]) -> int:
    """Return the CNOTs of `add_chain` for the ranks of `schmidt_ranks`."""
    bonds = [0, *ranks, 0]
    total = 0
    for k, (m, nxt) in enumerate(pairwise(bonds)):
        total += cost_state(1 + nxt) if m == 0 or k == 0 else cost_isometry(m, 1 + nxt)
    return total


def add_schmidt(builder: TapeBuilder, state: ComplexArray, qubits: Sequence[int]) -> None:
    """Append the preparation of a normalised state by the best single cut, recursively for its coefficients."""
    n = len(qubits)
    if n == 0:
        builder.phase = builder.phase + float(np.angle(state[0]))
        return
    if n == 1:
        add_one_qubit(builder, qubits[0], _first_column(state))
        return
    _, k = cost_schmidt(schmidt_ranks(state))
    left, values, right = np.linalg.svd(state.reshape(1 << k, -1), full_matrices=False)
    m = (int((values > RANK_ATOL).sum()) - 1).bit_length()
    columns_a, columns_b = left[:, : 1 << m], right[: 1 << m].T
    part = TapeBuilder(builder.n_qubits)
    side_a, side_b = list(qubits[:k]), list(qubits[k:])
    phases = add_isometry(part, columns_a, side_a, free=True)
    phases = phases + add_isometry(part, columns_b, side_b, free=True)
    coefficients = values[: 1 << m] * np.exp(1j * phases)
    add_schmidt(builder, coefficients / np.linalg.norm(coefficients), side_a[len(side_a) - m :])
    for a, b in zip(side_a[len(side_a) - m :], side_b[len(side_b) - m :], strict=True):
        builder.add(Op.CX, a, b)
    builder.extend(part.build())


def _first_column(state: ComplexArray) -> ComplexArray:
    """Return a 2x2 unitary with this first column."""
    a, b = state
    return np.array([[a, -np.conj(b)], [b, np.conj(a)]])


def add_chain(builder: TapeBuilder, state: ComplexArray, qubits: Sequence[int]) -> None:
    """Append the preparation of a state with few Schmidt coefficients at every cut, from left to right.

    Tensors are isometries from the index at their left to (their qubit, the index at their right), the index on the
    first qubits
    to come. Diagonals on their inputs go into the tensor before.
    """
    n = len(qubits)
    tensors: list[ComplexArray] = []
    rest = state.reshape(-1, 1)
    bond = 0
    for _ in range(n - 1):
        matrix = rest.reshape(rest.shape[0] // 2, 2 << bond)
        left, values, right = np.linalg.svd(matrix, full_matrices=False)
        m = (int((values > RANK_ATOL).sum()) - 1).bit_length()
        tensors.append(_rows(right, m).reshape(1 << m, 2, 1 << bond))
        kept = min(1 << m, values.size)
        rest = np.zeros((matrix.shape[0], 1 << m), dtype=np.complex128)
        rest[:, :kept] = left[:, :kept] * values[:kept]
        bond = m
    tensors.append(rest.reshape(1, 2, 1 << bond))
    tensors.reverse()
    parts: list[TapeBuilder] = []
    for k in range(n - 1, -1, -1):
        tensor = tensors[k]
        m, nxt = tensor.shape[0].bit_length() - 1, tensor.shape[2].bit_length() - 1
        part = TapeBuilder(builder.n_qubits)
        register = list(qubits[k : k + 1 + nxt])
        if m == 0:
            vector = tensor.reshape(-1)
            add_schmidt(part, vector / np.linalg.norm(vector), register)
        else:
            phases = _add_tensor(part, tensor, register, m)
            tensors[k - 1] = tensors[k - 1] * np.exp(1j * phases)
        parts.append(part)
    for part in reversed(parts):
        builder.extend(part.build())


def _rows(matrix: ComplexArray, m: int) -> ComplexArray:
    """Return the first 2^m rows, completed to orthonormal ones where there are fewer."""
    need = 1 << m
    if matrix.shape[0] >= need:
        return matrix[:need]
    q, _ = np.linalg.qr(np.concatenate([matrix.conj().T, np.eye(matrix.shape[1])], axis=1))
    rest = q[:, matrix.shape[0] : need].conj().T
    return np.concatenate([matrix, rest])


def _add_tensor(part: TapeBuilder, tensor: ComplexArray, register: list[int], m: int) -> npt.NDArray[np.float64]:
    """Append one tensor: input index on the first m qubits of `register`, output on all of it; return the phases
    left over.
    """
    size = len(register)
    columns = tensor.reshape(1 << m, 1 << size).T
    # add_isometry wants the input on the last qubits: move the first m to the end.
    axes = [*range(m, size), *range(m)]
    turned = columns.reshape([2] * size + [1 << m]).transpose([*axes, size]).reshape(1 << size, 1 << m)
    return add_isometry(part, np.ascontiguousarray(turned), [register[a] for a in axes], free=True)
