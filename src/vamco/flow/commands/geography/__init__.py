"""`vamco geography`: units through time, names, recoding, comparability and catalogues."""

from vamco.flow.commands.geography import carrying, catalogues, looking
from vamco.flow.commands.geography.group import group

__all__ = ["carrying", "catalogues", "group", "looking"]
