"""Everything that one scheduled circuit spends, under the names that limits use."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen

from qcompile.budget.exposure import Exposure, exposure
from qcompile.budget.ledger import Ledger, esp
from qcompile.budget.verdict import Found
from qcompile.schedule import Schedule
from qcompile.target import Target

__all__ = ["Account", "account"]


@frozen(kw_only=True, eq=False)
class Account:
    """What one circuit spends on a machine.

    Attributes:
        schedule: When it runs.
        exposure: Time over T1 and T2.
        ledger: Success probability by cause and qubit.
        found: Numbers by the names of limits: n_qubits, n_gates, n_two_qubit, makespan_s, exposure_t1, exposure_t2,
            esp, and what was added, such as the distance.
    """

    schedule: Schedule
    exposure: Exposure
    ledger: Ledger
    found: Mapping[str, Found]


def account(schedule: Schedule, target: Target, *, more: Mapping[str, float | None] | None = None) -> Account:
    """Return what a scheduled circuit spends.

    Args:
        schedule: A schedule on the target.
        target: The machine.
        more: Further numbers for `found`, such as `{"distance": certificate.distance}`.
    """
    spent, exposed = esp(schedule, target), exposure(schedule, target)
    missing = ", ".join(f"{what} ({times}x)" if times > 1 else what for what, times in spent.missing[:3])
    if len(spent.missing) > 3:
        missing += f" and {len(spent.missing) - 3} more"
    # The longest chain with unknown lengths as 0 is a lower bound; so is what started already.
    path = max(0, int(np.maximum(schedule.duration_ps, 0)[list(schedule.critical_path)].sum())) * 1e-12
    found = {
        "n_qubits": Found(value=float(schedule.occupation.used.sum())),
        "n_gates": Found(value=float(schedule.costs.pulses.sum() + schedule.tape.is_two_qubit.sum())),
        "n_two_qubit": Found(value=float(schedule.tape.is_two_qubit.sum())),
        "makespan_s": Found(value=schedule.makespan_s, at_least=path, note=_unless(schedule.makespan_s, missing)),
        "exposure_t1": Found(
            value=exposed.worst_t1, at_least=0.0, note=_unless(exposed.worst_t1, "a T1 or a duration")
        ),
        "exposure_t2": Found(
            value=exposed.worst_t2,
            at_least=exposed.worst_t2_at_least,
            note=_unless(exposed.worst_t2, "a T2 or a duration; the lower bound takes T2 <= 2 T1"),
        ),
        "esp": Found(value=spent.esp, at_least=0.0, at_most=spent.partial, note=_unless(spent.esp, missing)),
    }
    found.update({name: Found(value=value) for name, value in (more or {}).items()})
    return Account(schedule=schedule, exposure=exposed, ledger=spent, found=found)


def _unless(value: float | None, missing: str) -> str:
    return "" if value is not None else f"not known: {missing}"
