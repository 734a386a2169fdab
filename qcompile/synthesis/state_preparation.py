"""From a vector of amplitudes to a circuit that prepares it: the cheapest of all methods for the data at hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from qcompile.errors import InputError
from qcompile.synthesis.emit import add_one_qubit
from qcompile.synthesis.schmidt_state import add_chain, add_schmidt, cost_chain, cost_schmidt, cost_state, schmidt_ranks
from qcompile.synthesis.sparse_state import add_sparse
from qcompile.synthesis.tree_state import add_complex_tree, add_real_tree
from qcompile.synthesis.uniform_state import add_uniform, n_cz_uniform, prepare_uniform
from qcompile.tape import Op, Tape, TapeBuilder

__all__ = ["METHODS", "n_cx_generic", "normalised_state", "prepare_state", "prepare_uniform"]

ComplexArray = npt.NDArray[np.complex128]
_Add = Callable[[TapeBuilder, ComplexArray, Sequence[int]], None]

#: Ways to prepare a state, in the order in which ties are decided.
METHODS = ("basis", "uniform", "product", "sparse", "chain", "tree", "schmidt")

#: Up to this many qubits every applicable method is built and the cheapest kept; above, estimates decide which are
#: built.
_BUILD_ALL = 6
_ATOL = 1e-14


def n_cx_generic(n: int) -> int:
    """Return the CNOTs that `prepare_state` needs for a generic complex state of n qubits."""
    return cost_state(n)


def prepare_state(vector: npt.ArrayLike, *, method: str = "auto") -> Tape:
    """Return a tape that takes |0...0> to vector/|vector|, phase included, on max(1, ceil(log2 len)) qubits.

    Args:
        vector: Real or complex amplitudes of any length from 1; zeros are appended up to a power of two.
        method: One of `METHODS`, or `auto` for the one with the fewest two-qubit gates.

    Raises:
        InputError: The vector is empty, zero or not finite, or the method does not apply to it.
    """
    state = normalised_state(vector)
    n = state.size.bit_length() - 1
    if method != "auto":
        if method not in METHODS:
            raise InputError(f"is {method!r}", where="method", hint="use auto or one of " + ", ".join(METHODS))
        return _build(_method(method, state), state, n)
    if n == 1:
        return _build(_factored, state, n)
    return _cheapest(state, n, top=True)


def normalised_state(vector: npt.ArrayLike) -> ComplexArray:
    """Return the vector scaled to unit norm and padded with zeros to 2^n entries, n at least 1.

    Raises:
        InputError: It is empty, zero or not finite.
    """
    raw = np.asarray(vector, dtype=np.complex128).reshape(-1)
    if raw.size == 0 or not np.isfinite(raw).all():
        raise InputError(
            "has no or non-finite entries", where="state vector", hint="give at least one finite amplitude"
        )
    scale = np.abs(raw).max()
    if scale == 0:
        raise InputError("is zero", where="state vector", hint="no circuit prepares the zero vector")
    n = max(1, (raw.size - 1).bit_length())
    state = np.zeros(1 << n, dtype=np.complex128)
    state[: raw.size] = raw / scale
    state /= np.linalg.norm(state)
    # Rounding dust would hide sparsity and structure; what is dropped is below the rounding of the norm.
    state[np.abs(state) < 1e-16] = 0
    return state


def _build(add: _Add, state: ComplexArray, n: int) -> Tape:
    builder = TapeBuilder(n)
    add(builder, state, range(n))
    return builder.build()


def _cheapest(state: ComplexArray, n: int, *, top: bool) -> Tape:
    """Return the tape with the fewest two-qubit gates among those worth building."""
    plans = _plans(state, n, top=top)
    best: Tape | None = None
    fewest = 0
    for estimate, _, add in plans:
        if best is not None and estimate > fewest and n > _BUILD_ALL:
            continue
        tape = _build(add, state, n)
        count = int(tape.is_two_qubit.sum())
        if best is None or (count, len(tape)) < (fewest, len(best)):
            best, fewest = tape, count
        if fewest == 0:
            break
    assert best is not None
    return best


def _plans(state: ComplexArray, n: int, *, top: bool) -> list[tuple[int, int, _Add]]:
    """Return (estimated CNOTs, rank of the method, method), best first."""
    found: list[tuple[int, int, _Add]] = []
    support = np.flatnonzero(state)
    if support.size == 1:
        return [(0, 0, _basis)]
    if _is_uniform(state, support):
        found.append((n_cz_uniform(support.size), 1, _uniform))
    if top and _factors(state, n) is not None:
        found.append((0, 2, _factored))
    if support.size <= 4 * n:
        found.append((support.size * n // 2, 3, add_sparse))
    ranks = schmidt_ranks(state)
    found.append((cost_chain(ranks), 4, add_chain))
    real = _as_real(state) is not None
    found.append(((1 << n) - n - 1 if real else (2 << n) - n - 3, 5, _tree))
    found.append((cost_schmidt(ranks)[0], 6, add_schmidt))
    return sorted(found, key=lambda plan: plan[:2])


def _method(name: str, state: ComplexArray) -> _Add:
    """Return the method of that name.

    Raises:
        InputError: The state is not of its kind.
    """
    n = state.size.bit_length() - 1
    support = np.flatnonzero(state)
    applies = {
        "basis": support.size == 1,
        "uniform": _is_uniform(state, support),
        "product": n == 1 or _factors(state, n) is not None,
    }
    if not applies.get(name, True):
        raise InputError(f"is {name!r}, but the state is of another kind", where="method", hint="use auto")
    return {
        "basis": _basis,
        "uniform": _uniform,
        "product": _factored,
        "sparse": add_sparse,
        "chain": add_chain,
        "tree": _tree,
        "schmidt": add_schmidt,
    }[name]


def _basis(builder: TapeBuilder, state: ComplexArray, qubits: Sequence[int]) -> None:
    """Append X where the one basis state has a 1."""
    index = int(np.flatnonzero(state)[0])
    for k, q in enumerate(qubits):
        if index >> (len(qubits) - 1 - k) & 1:
            builder.add(Op.X, q)
    builder.phase = builder.phase + float(np.angle(state[index]))


def _is_uniform(state: ComplexArray, support: npt.NDArray[np.intp]) -> bool:
    """Return whether the state is constant on the first entries and zero after them."""
    size = support.size
    return bool(support[-1] == size - 1 and np.abs(state[:size] - state[0]).max() <= 1e-15)


def _uniform(builder: TapeBuilder, state: ComplexArray, qubits: Sequence[int]) -> None:
    add_uniform(builder, int(np.count_nonzero(state)), qubits)
    builder.phase = builder.phase + float(np.angle(state[0]))


def _as_real(state: ComplexArray) -> tuple[npt.NDArray[np.float64], float] | None:
    """Return (real state, phase) when all amplitudes share a phase up to sign."""
    phase = float(np.angle(state[int(np.argmax(np.abs(state) > 0.5 * np.abs(state).max()))]))
    turned = state if phase == 0.0 else state * np.exp(-1j * phase)
    if np.abs(turned.imag).max() > 1e-15:
        return None
    return turned.real / np.linalg.norm(turned.real), phase


def _tree(builder: TapeBuilder, state: ComplexArray, qubits: Sequence[int]) -> None:
    real = _as_real(state)
    if real is None:
        add_complex_tree(builder, state, qubits)
    else:
        add_real_tree(builder, real[0], qubits)
        builder.phase = builder.phase + real[1]


def _factors(state: ComplexArray, n: int) -> list[tuple[list[int], ComplexArray]] | None:
    """Return ([qubits], state) factors when qubits or pairs of qubits split off, else None."""
    rest, where = state, list(range(n))
    found: list[tuple[list[int], ComplexArray]] = []
    for size in (1, 2):
        k = 0
        while len(where) > size and k < len(where):
            partners = [[k]] if size == 1 else [[k, j] for j in range(k + 1, len(where))]
            for group in partners:
                moved = np.moveaxis(rest.reshape([2] * len(where)), group, range(size)).reshape(1 << size, -1)
                left, values, right = np.linalg.svd(moved, full_matrices=False)
                if values[1] <= _ATOL:
                    found.append(([where[g] for g in group], left[:, 0]))
                    rest = values[0] * right[0]
                    where = [q for i, q in enumerate(where) if i not in group]
                    break
            else:
                k += 1
    if not found:
        return None
    return [*found, (where, rest)]


def _factored(builder: TapeBuilder, state: ComplexArray, qubits: Sequence[int]) -> None:
    """Append the preparation of each tensor factor, the cheapest way."""
    if len(qubits) == 1:
        a, b = state
        add_one_qubit(builder, qubits[0], np.array([[a, -np.conj(b)], [b, np.conj(a)]]))
        return
    factors = _factors(state, len(qubits)) or [(list(range(len(qubits))), state)]
    for where, factor in factors:
        unit = factor / np.linalg.norm(factor)
        part = _build(_factored, unit, 1) if len(where) == 1 else _cheapest(unit, len(where), top=False)
        builder.extend(part, [qubits[q] for q in where])
