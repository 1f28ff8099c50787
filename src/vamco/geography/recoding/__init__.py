"""Values of one day's map carried over to another's, through the atoms that both maps share."""

from vamco.geography.recoding.pieces import Reference
from vamco.geography.recoding.recode import Additivity, OnUnknownWeight, Values, recode
from vamco.geography.recoding.recoded import RecodedValue, Recoding, rebuild_rate

__all__ = [
    "Additivity",
    "OnUnknownWeight",
    "RecodedValue",
    "Recoding",
    "Reference",
    "Values",
    "rebuild_rate",
    "recode",
]
