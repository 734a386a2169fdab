"""A machine as frozen arrays: what passes, placement, routing, scheduling and budgets read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from attrs import field, frozen, validators
from numpy.typing import ArrayLike, NDArray

from qcompile.errors import InputError, nearest
from qcompile.target import graph
from qcompile.target.native import ONE_QUBIT_SETS, NativeGate, flags, numbers, read_only

if TYPE_CHECKING:
    from hardware_profiles.schema import HardwareProfile

__all__ = ["UNREACHABLE", "Target"]

IntArray = NDArray[np.int32]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

UNREACHABLE = graph.UNREACHABLE


def _edges(values: ArrayLike) -> IntArray:
    return read_only(np.reshape(np.asarray(values), (-1, 2)), np.int32)


def _grid(values: ArrayLike | None) -> IntArray | None:
    return None if values is None else read_only(values, np.int32)


@frozen(kw_only=True, eq=False)
class Target:
    """A machine. Qubits are 0..n-1; every array is read-only; nan is unknown; errors are process infidelities e_F.

    Two targets are equal when their content is, names and notes included; the hash is that of `content_hash`.

    Attributes:
        name: How reports call it.
        n_qubits: Number n of qubits, unusable ones included.
        qubit_names: The vendor's name of each qubit.
        grid: `int32[n, 2]`, (row, column) of each qubit on its lattice, or None.
        edges: `int32[m, 2]`, pairs `a < b` on which some native gate works, in lexicographic order.
        all_to_all: Whether every two enabled qubits share an edge.
        enabled: `bool[n]`, False for qubits that are there but cannot be used.
        natives: The native two-qubit gates, at least one.
        one_qubit: `phxz`, `zsx` or `gpi`.
        virtual_z: Whether Z rotations cost nothing.
        duration_1q_s: `float[n]`, one physical one-qubit pulse.
        error_1q: `float[n]`, of one such pulse.
        t1_s: `float[n]`.
        t2_s: `float[n]`, at most 2 T1.
        readout_p10: `float[n]`, P(read 1 | prepared 0).
        readout_p01: `float[n]`, P(read 0 | prepared 1).
        duration_readout_s: `float[n]`.
        duration_reset_s: `float[n]`.
        max_parallel_2q: Most two-qubit gates at the same time; None when there is no stated limit.
        idle_error_per_layer: e_F of a waiting qubit per layer of two-qubit gates, for machines that state no T1, T2.
        capabilities: What the machine can do besides gates; None when unknown.
        profile_id: Identity of the profile it was read from, or None.
        sources: Where the numbers come from.
        notes: What was assumed, clipped or left out on the way from the profile.
    """

    name: str
    n_qubits: int = field(validator=validators.ge(1))
    qubit_names: tuple[str, ...]
    grid: IntArray | None = field(default=None, converter=_grid)
    edges: IntArray = field(converter=_edges)
    all_to_all: bool = False
    enabled: BoolArray = field(converter=flags)
    natives: tuple[NativeGate, ...]
    one_qubit: str = field(default="phxz", validator=validators.in_(ONE_QUBIT_SETS))
    virtual_z: bool = True
    duration_1q_s: FloatArray = field(converter=numbers)
    error_1q: FloatArray = field(converter=numbers)
    t1_s: FloatArray = field(converter=numbers)
    t2_s: FloatArray = field(converter=numbers)
    readout_p10: FloatArray = field(converter=numbers)
    readout_p01: FloatArray = field(converter=numbers)
    duration_readout_s: FloatArray = field(converter=numbers)
    duration_reset_s: FloatArray = field(converter=numbers)
    max_parallel_2q: int | None = None
    idle_error_per_layer: float | None = None
    capabilities: frozenset[str] | None = None
    profile_id: str | None = None
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        n, m = self.n_qubits, self.edges.shape[0]
        if not self.natives:
            raise InputError(
                "has no native two-qubit gate", where=f"target {self.name}", hint="name one, such as native='cz'"
            )
        for label, values in self.qubit_columns():
            if values.shape != (n,):
                raise ValueError(f"target {self.name}: {label} has shape {values.shape}, not ({n},)")
        if len(self.qubit_names) != n or (self.grid is not None and self.grid.shape != (n, 2)):
            raise ValueError(f"target {self.name}: names or grid do not match {n} qubits")
        if any(gate.available.shape != (m,) for gate in self.natives):
            raise ValueError(f"target {self.name}: a native gate does not match {m} edges")
        keys = self.edges[:, 0].astype(np.int64) * n + self.edges[:, 1]
        if m and (np.any(self.edges[:, 0] >= self.edges[:, 1]) or np.any(np.diff(keys) <= 0)):
            raise ValueError(f"target {self.name}: edges are not sorted pairs a < b")

    # -- where targets come from ---------------------------------------------------------------------------------

    @classmethod
    def from_couplings(
        cls,
        n: int,
        edges: Iterable[Sequence[int]] | Literal["all_to_all"],
        native: str | Sequence[str] = "cz",
        *,
        directed: Iterable[Sequence[int]] = (),
        grid: Sequence[Sequence[int]] | None = None,
        name: str = "couplings",
        f1: float | None = None,
        f2: float | None = None,
        t1q_s: float | None = None,
        t2q_s: float | None = None,
        T_s: float | None = None,
        one_qubit: str | None = None,
    ) -> Target:
        """Return a uniform machine with these couplings; see `qcompile.target.couplings.target_from_couplings`."""
        from qcompile.target.couplings import target_from_couplings

        return target_from_couplings(
            n,
            edges,
            native,
            directed=directed,
            grid=grid,
            name=name,
            f1=f1,
            f2=f2,
            t1q_s=t1q_s,
            t2q_s=t2q_s,
            T_s=T_s,
            one_qubit=one_qubit,
        )

    @classmethod
    def from_profile(cls, profile: HardwareProfile) -> Target:
        """Return the machine that a profile of kind device or model describes.

        Raises:
            InputError: The profile has no topology or no native two-qubit gate.
        """
        from qcompile.target.from_profile import target_from_profile

        return target_from_profile(profile)

    @classmethod
    def load(cls, name_or_path: str | Path) -> Target:
        """Return a shipped profile, a profile file, or a named lattice such as `grid(8,8)` as a target.

        Raises:
            InputError: There is no such profile, lattice or file, or its content cannot be used.
        """
        from qcompile.target.lattices import lattice_target

        if isinstance(name_or_path, str):
            lattice = lattice_target(name_or_path)
            if lattice is not None:
                return lattice
        from hardware_profiles import load_profile

        return cls.from_profile(load_profile(name_or_path))

    # -- the coupling graph --------------------------------------------------------------------------------------

    @property
    def n_edges(self) -> int:
        """Number of usable couplings."""
        return int(self.edges.shape[0])

    @cached_property
    def distance(self) -> IntArray:
        """`int32[n, n]`: couplings between two qubits, `UNREACHABLE` when there is no path."""
        return graph.distances(self.n_qubits, self.edges)

    @cached_property
    def _rows(self) -> tuple[IntArray, IntArray, IntArray]:
        return graph.sparse_rows(self.n_qubits, self.edges)

    @property
    def neighbor_indptr(self) -> IntArray:
        """`int32[n + 1]`: neighbours of qubit q are `neighbor_indices[indptr[q]:indptr[q + 1]]`."""
        return self._rows[0]

    @property
    def neighbor_indices(self) -> IntArray:
        """`int32[2 m]`: neighbours of each qubit in ascending order."""
        return self._rows[1]

    @property
    def neighbor_edges(self) -> IntArray:
        """`int32[2 m]`: row of `edges` that joins a qubit to the neighbour at the same place."""
        return self._rows[2]

    @cached_property
    def components(self) -> IntArray:
        """`int32[n]`: connected component of each qubit, numbered by its lowest qubit."""
        return graph.components(self.n_qubits, self.edges)

    @cached_property
    def is_connected(self) -> bool:
        """Whether every enabled qubit reaches every other one."""
        labels = self.components[self.enabled]
        return bool(labels.size == 0 or np.all(labels == labels[0]))

    @cached_property
    def _edge_rows(self) -> dict[tuple[int, int], int]:
        return {(int(a), int(b)): row for row, (a, b) in enumerate(self.edges)}

    def edge_index(self, a: int, b: int) -> int:
        """Return the row of `edges` that joins a and b in either order, or -1 when they are not coupled."""
        return self._edge_rows.get((a, b) if a < b else (b, a), -1)

    # -- gates and identity --------------------------------------------------------------------------------------

    def native(self, name: str) -> NativeGate:
        """Return the native gate of that name.

        Raises:
            InputError: The machine has no such gate.
        """
        for gate in self.natives:
            if gate.name == name:
                return gate
        names = [gate.name for gate in self.natives]
        raise InputError(f"has no native gate {name!r}", where=f"target {self.name}", hint=nearest(name, names))

    def qubit_columns(self) -> tuple[tuple[str, NDArray[Any]], ...]:
        """Return name and array of every per-qubit column, in a fixed order."""
        names = (
            "enabled",
            "duration_1q_s",
            "error_1q",
            "t1_s",
            "t2_s",
            "readout_p10",
            "readout_p01",
            "duration_readout_s",
            "duration_reset_s",
        )
        return tuple((name, getattr(self, name)) for name in names)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over everything the target says, the same on every platform."""
        digest = hashlib.sha256()
        head = {
            "name": self.name,
            "n": self.n_qubits,
            "qubits": self.qubit_names,
            "all_to_all": self.all_to_all,
            "one_qubit": self.one_qubit,
            "virtual_z": self.virtual_z,
            "max_parallel_2q": self.max_parallel_2q,
            "idle_error_per_layer": self.idle_error_per_layer,
            "capabilities": None if self.capabilities is None else sorted(self.capabilities),
            "profile": self.profile_id,
            "sources": self.sources,
            "notes": self.notes,
            "natives": [(gate.name, gate.parametric, gate.angle_range) for gate in self.natives],
            "grid": self.grid is not None,
        }
        digest.update(json.dumps(head, sort_keys=True).encode())
        columns = [self.edges, *(values for _, values in self.qubit_columns())]
        columns += [] if self.grid is None else [self.grid]
        columns += [values for gate in self.natives for _, values in gate.columns()]
        for values in columns:
            digest.update(values.astype(values.dtype.newbyteorder("<")).tobytes())
        return digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Target) and self.content_hash == other.content_hash

    def __hash__(self) -> int:
        return hash(self.content_hash)

    def __repr__(self) -> str:
        gates = ", ".join(gate.name for gate in self.natives)
        return f"Target({self.name!r}, {self.n_qubits} qubits, {self.n_edges} couplings, {gates})"
