"""Magic-state factories: formulas, published tables, and one catalogue of them."""

from estimates.factories.catalogue import TableFactory, cultivation_factories, litinski_factories
from estimates.factories.ccz2t import Ccz2tFactory
from estimates.factories.factory import Factory
from estimates.factories.round_based import RoundBasedFactory, cheapest_round_based

__all__ = [
    "Ccz2tFactory",
    "Factory",
    "RoundBasedFactory",
    "TableFactory",
    "cheapest_round_based",
    "cultivation_factories",
    "litinski_factories",
]
