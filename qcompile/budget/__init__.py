"""Within limits? Exposure, success probability, the paper's own limits, and the verdict."""

from qcompile.budget.account import Account, account
from qcompile.budget.coherence import CoherenceNeed, coherence_need
from qcompile.budget.exposure import Exposure, exposure
from qcompile.budget.ledger import CAUSES, Ledger, esp, idle_error
from qcompile.budget.metrics import Metrics, metrics
from qcompile.budget.verdict import Found, Line, Status, Verdict, check

__all__ = [
    "CAUSES",
    "Account",
    "CoherenceNeed",
    "Exposure",
    "Found",
    "Ledger",
    "Line",
    "Metrics",
    "Status",
    "Verdict",
    "account",
    "check",
    "coherence_need",
    "esp",
    "exposure",
    "idle_error",
    "metrics",
]
