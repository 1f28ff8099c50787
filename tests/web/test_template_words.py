"""Words of templates have one home each, so that what a page says does not hang on what it loads last."""

from collections import defaultdict
from importlib import import_module
from pathlib import Path

from vamco.web import templatetags

LIBRARIES = sorted(path.stem for path in Path(templatetags.__file__).parent.glob("[!_]*.py"))


def test_no_tag_or_filter_is_written_twice():
    homes = defaultdict(set)
    for name in LIBRARIES:
        library = import_module(f"{templatetags.__name__}.{name}").register
        for word in (*library.tags, *library.filters):
            homes[word].add(name)
    assert {word: found for word, found in homes.items() if len(found) > 1} == {}
