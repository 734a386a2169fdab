"""Targets: laws of the coupling graph, couplings and lattices by name, and what bad input is told."""

from __future__ import annotations

import subprocess
import sys

import networkx as nx
import numpy as np
import pytest
import rustworkx
from hypothesis import given, settings
from hypothesis import strategies as st

from qcompile.errors import InputError
from qcompile.target import UNREACHABLE, NativeGate, Target
from qcompile.target.paths import path_cap

graphs = st.integers(2, 12).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] != e[1]), max_size=30),
    )
)


@given(graph=graphs)
@settings(max_examples=60, deadline=None)
def test_the_coupling_graph_is_that_of_networkx(graph: tuple[int, list[tuple[int, int]]]) -> None:
    n, edges = graph
    target = Target.from_couplings(n, edges)
    reference = nx.Graph(edges)
    reference.add_nodes_from(range(n))
    assert target.n_edges == reference.number_of_edges()
    lengths = dict(nx.all_pairs_shortest_path_length(reference))
    for a in range(n):
        row = target.neighbor_indices[target.neighbor_indptr[a] : target.neighbor_indptr[a + 1]]
        assert row.tolist() == sorted(reference[a])
        joined = target.neighbor_edges[target.neighbor_indptr[a] : target.neighbor_indptr[a + 1]]
        for b, edge in zip(row.tolist(), joined.tolist(), strict=True):
            assert sorted((a, b)) == target.edges[edge].tolist()
            assert target.edge_index(a, b) == target.edge_index(b, a) == edge
        for b in range(n):
            assert target.distance[a, b] == lengths[a].get(b, UNREACHABLE)
            assert (target.components[a] == target.components[b]) == (b in lengths[a])
    assert target.is_connected == nx.is_connected(reference)
    assert np.all(np.diff(np.unique(target.components)) == 1)


@given(graph=graphs, seed=st.integers(0, 100))
@settings(max_examples=40, deadline=None)
def test_order_and_direction_of_the_pairs_do_not_matter(graph: tuple[int, list[tuple[int, int]]], seed: int) -> None:
    n, edges = graph
    rng = np.random.default_rng(seed)
    turned = [edge if rng.random() < 0.5 else edge[::-1] for edge in edges]
    rng.shuffle(turned)
    a, b = Target.from_couplings(n, edges), Target.from_couplings(n, turned + turned[:2])
    assert a == b
    assert hash(a) == hash(b)
    assert a.content_hash == b.content_hash


def test_arrays_cannot_be_written() -> None:
    target = Target.load("grid(2,2)")
    for array in (target.edges, target.distance, target.components, target.error_1q, target.natives[0].error):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_change_of_any_number_changes_the_hash() -> None:
    edges = [(0, 1), (1, 2)]
    hashes = {
        Target.from_couplings(3, edges, **options).content_hash
        for options in ({}, {"f1": 0.999}, {"f2": 0.99}, {"T_s": 1e-4}, {"t1q_s": 1e-8}, {"t2q_s": 1e-8}, {"name": "x"})
    }
    assert len(hashes) == 7


def test_uniform_numbers() -> None:
    target = Target.from_couplings(3, [(2, 1), (0, 1)], f1=0.999, f2=0.99, t1q_s=25e-9, t2q_s=40e-9, T_s=50e-6)
    assert target.edges.tolist() == [[0, 1], [1, 2]]
    assert target.error_1q == pytest.approx(1e-3)
    assert target.natives[0].error == pytest.approx(1e-2)
    assert np.all(target.natives[0].duration_s == 40e-9)
    assert np.all(target.t1_s == 50e-6)
    assert np.all(target.t2_s == 50e-6)
    # What was not given is unknown, not zero.
    assert np.all(np.isnan(target.readout_p10))
    assert np.all(np.isnan(target.duration_reset_s))


def test_directed_couplings_hold_for_asymmetric_gates_only() -> None:
    edges = [(1, 0), (1, 2), (2, 3)]
    target = Target.from_couplings(4, edges, ["ecr", "cz"], directed=[(1, 0), (1, 2)])
    assert target.edges.tolist() == [[0, 1], [1, 2], [2, 3]]
    assert target.native("ecr").direction.tolist() == [-1, 1, 0]
    assert target.native("cz").direction.tolist() == [0, 0, 0]
    assert target.native("cz").symmetric
    assert target.one_qubit == "zsx"
    both_ways = Target.from_couplings(2, [(0, 1)], "ecr", directed=[(0, 1), (1, 0)])
    assert both_ways.native("ecr").direction.tolist() == [0]


def test_angles() -> None:
    def gate(name: str, *, parametric: bool, angle_range: tuple[float, float] | None = None) -> NativeGate:
        return NativeGate(
            name=name,
            parametric=parametric,
            angle_range=angle_range,
            available=[True],
            direction=[0],
            error=[0.0],
            duration_s=[0.0],
        )

    fractional = gate("rzz", parametric=True, angle_range=(0.0, np.pi / 2))
    assert fractional.allows_angle(np.pi / 2)
    assert not fractional.allows_angle(-0.1)
    assert gate("rzz", parametric=True).allows_angle(-17.0)
    assert not gate("cz", parametric=False).allows_angle(0.1)


@pytest.mark.parametrize(
    ("name", "n", "m", "diameter"),
    [
        ("grid(8,8)", 64, 112, 14),
        ("grid(1, 1)", 1, 0, 0),
        ("line(20)", 20, 19, 19),
        ("ring(12)", 12, 12, 6),
        ("all_to_all(16)", 16, 120, 1),
        ("heavy_hex(3)", 19, 20, 8),
    ],
)
def test_lattices_by_name(name: str, n: int, m: int, diameter: int) -> None:
    target = Target.load(name)
    assert (target.n_qubits, target.n_edges, int(target.distance.max())) == (n, m, diameter)
    assert target.is_connected
    assert target.natives[0].name == "cz"
    assert target.all_to_all == name.startswith("all")
    if target.grid is not None:
        steps = np.abs(target.grid[target.edges[:, 0]] - target.grid[target.edges[:, 1]]).sum(axis=1)
        assert np.all(steps == 1)


@pytest.mark.parametrize("d", [3, 5, 7])
def test_heavy_hex_is_the_heavy_hex_of_rustworkx(d: int) -> None:
    target = Target.load(f"heavy_hex({d})")
    ours = rustworkx.PyGraph()
    ours.add_nodes_from(range(target.n_qubits))
    ours.add_edges_from_no_data([(int(a), int(b)) for a, b in target.edges])
    assert rustworkx.is_isomorphic(rustworkx.generators.heavy_hex_graph(d, multigraph=False), ours)


def test_a_lattice_with_another_gate() -> None:
    assert Target.load("grid(2,3):ecr").natives[0].name == "ecr"
    assert Target.load("line(3) : sqrtiswap").natives[0].name == "sqrtiswap"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("grid(8)", "has 1 sizes; give 2, such as grid(3,3)"),
        ("grid(0,4)", "use sizes from 1"),
        ("ring(2)", "use sizes from 3"),
        ("line(100000)", "at most 4096 qubits"),
        ("all_to_all(3000)", "use at most 2048"),
        ("heavy_hex(4)", "use an odd distance"),
        ("grid(2,2):ccz", "native is 'ccz'"),
        ("grid(__import__('os'),2)", "is no form of a machine"),
        ("wilow", "is not known"),
        ("paper-minimum", "describes no machine; use a profile of kind device or model"),
    ],
)
def test_names_that_stand_for_nothing(name: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        Target.load(name)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, []), "has 0 qubits; use an integer from 1"),
        ((True, []), "has True qubits"),
        ((3, [(0, 3)]), "edges[0] is (0, 3); use qubits from 0 to 2"),
        ((3, [(0, 1), (-1, 2)]), "edges[1] is (-1, 2)"),
        ((3, [(1, 1)]), "edges[0] joins qubit 1 to itself"),
        ((3, [(0, 1, 2)]), "edges[0] is (0, 1, 2); use a pair"),
        ((3, [5]), "edges[0] is 5; use a pair"),
        ((3, "some"), "edges is 'some'; use pairs of qubits or 'all_to_all'"),
        ((3, [(0, 1)], "czz"), "native is 'czz'; did you mean cz?"),
        ((3, [(0, 1)], ()), "has no native two-qubit gate"),
    ],
)
def test_couplings_that_cannot_be(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(InputError) as caught:
        Target.from_couplings(*arguments)  # type: ignore[arg-type]
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"f1": 1.2}, "f1 is 1.2; use a fidelity from 0 to 1"),
        ({"f2": -0.1}, "f2 is -0.1"),
        ({"t2q_s": -1.0}, "t2q_s is -1.0"),
        ({"T_s": 0.0}, "T_s is 0.0"),
        ({"T_s": float("nan")}, "T_s is nan"),
        ({"directed": [(0, 2)]}, "directed names (0, 2); list the pair under edges too"),
        ({"grid": [(0, 0), (0, 0), (0, 1)]}, "grid does not give every qubit its own place"),
        ({"one_qubit": "rz"}, "one_qubit is 'rz'"),
    ],
)
def test_options_that_cannot_be(options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as caught:
        Target.from_couplings(3, [(0, 1), (1, 2)], **options)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_an_unknown_gate_of_a_target() -> None:
    with pytest.raises(InputError, match="has no native gate 'ecr'; use one of cz"):
        Target.load("line(2)").native("ecr")


def test_the_room_is_light() -> None:
    script = (
        "import sys; from qcompile.target import Target; Target.load('grid(3,3)');"
        "heavy = {'cirq', 'sympy', 'networkx', 'qualtran', 'pydantic', 'scipy', 'numba'} & set(sys.modules);"
        "assert not heavy, heavy; Target.load('ibm_boston');"
        "heavy = {'cirq', 'sympy', 'networkx', 'qualtran', 'scipy', 'numba'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("machine", "cap"),
    [("google_willow_105", 99), ("google_weber_53", 49), ("grid(3,3)", 9), ("line(7)", 7), ("all_to_all(5)", 5)],
)
def test_path_caps(machine: str, cap: int) -> None:
    """56 and 49 qubits of two colours leave 99 on a path; a star has three."""
    assert path_cap(Target.load(machine)) == cap


def test_a_path_is_within_the_cap_of_small_graphs() -> None:
    """Against every simple path of random graphs of seven qubits."""
    rng = np.random.default_rng(0)
    for _ in range(20):
        graph = nx.gnm_random_graph(7, int(rng.integers(5, 10)), seed=int(rng.integers(1 << 30)))
        longest = max(
            (len(path) for a in graph for b in graph if a != b for path in nx.all_simple_paths(graph, a, b)),
            default=1,
        )
        target = Target.from_couplings(7, [tuple(sorted(edge)) for edge in graph.edges])
        assert longest <= path_cap(target)
    star = Target.from_couplings(5, [(0, k) for k in range(1, 5)])
    assert path_cap(star) == 3
