"""A YAML file that remembers on which line everything stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from vamco.vocabulary.errors import Refused

Step = str | int
Way = tuple[Step, ...]  # from the root of the document to a value

_TIMESTAMP: Final = "tag:yaml.org,2002:timestamp"


@dataclass(frozen=True, slots=True)
class Document:
    """What a YAML file says; dates stay text, as in JSON."""

    path: Path
    value: Any
    lines: Mapping[Way, int]

    def line(self, *way: Step) -> int:
        """The line of the value at the end of the way, or of the nearest thing around it."""
        while way and way not in self.lines:
            way = way[:-1]
        return self.lines.get(way, 1)


def read_document(path: Path) -> Document:
    """The file as data with lines. Raises `Refused` with file and line when it is no YAML."""
    try:
        root = yaml.compose(path.read_text("utf-8"), _Loader)
        reading = _Reading()
        value = reading.value(root, ()) if root else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Refused("packs.not_yaml", file=str(path), line=line, problem=error.problem) from None
    except UnicodeDecodeError:
        raise Refused("packs.not_yaml", file=str(path), line=1, problem="UTF-8") from None
    return Document(path, value, reading.lines)


class _Loader(yaml.CSafeLoader):
    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_CONSTRUCTOR: Final = _Loader("")


class _Reading:
    """From nodes to data, noting lines. A node met twice is an alias: two ways to one line, so it is refused."""

    def __init__(self) -> None:
        self.lines: dict[Way, int] = {}
        self._met: set[int] = set()

    def value(self, node: yaml.Node, way: Way) -> Any:
        if id(node) in self._met:
            raise yaml.MarkedYAMLError(problem="&, *", problem_mark=node.start_mark)
        self._met.add(id(node))
        self.lines[way] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, way)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*way, place)) for place, item in enumerate(node.value)]
        return _CONSTRUCTOR.construct_object(node)

    def _mapping(self, node: yaml.MappingNode, way: Way) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in mapping:
                raise yaml.MarkedYAMLError(problem=f"“{key}” ×2", problem_mark=key_node.start_mark)
            mapping[key] = self.value(value_node, (*way, key))
            self.lines[*way, key] = key_node.start_mark.line + 1
        return mapping
