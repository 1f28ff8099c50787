"""What the templates and the code of the pages say: translatable strings, and text outside the tags."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.template import engines
from django.template.base import Lexer, TokenType
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

WEB = Path(__file__).parents[2] / "src" / "vamco" / "web"
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL)
_SPOKEN = re.compile(
    r'\b(?:title|alt|placeholder|aria-label|data-title|data-sending|data-sent|data-failed)="([^"]*)"'
)
_NOT_TRANSLATED = re.compile(r'<(\w+)[^>]*(?:translate="no"|lang="\w+")[^>]*>.*?</\1>', re.DOTALL)


def templates() -> list[str]:
    """Names of all templates of the pages."""
    return sorted(path.relative_to(WEB).as_posix() for path in WEB.rglob("*.html"))


@cache
def source_of(name: str) -> str:
    return (WEB / name).read_text("utf-8")


def strings_of_templates() -> Iterator[tuple[str, str, str | None]]:
    """(template, singular, plural) of everything inside translation tags."""
    for name in templates():
        nodes = engines["django"].get_template(name).template.nodelist
        for node in nodes.get_nodes_by_type(TranslateNode):
            yield name, str(node.filter_expression.var.literal).replace("%", "%%"), None
        for node in nodes.get_nodes_by_type(BlockTranslateNode):
            singular = node.render_token_list(node.singular)[0]
            plural = node.render_token_list(node.plural)[0] if node.plural else None
            yield name, singular, plural
        for found in re.finditer(r'_\("([^"]+)"\)', source_of(name)):
            yield name, found[1], None


def strings_of_code() -> Iterator[tuple[str, str, str | None]]:
    """(module, string, None) of everything handed to gettext."""
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
                "_",
                "gettext",
                "gettext_lazy",
            }:
                yield path.name, ast.literal_eval(node.args[0]), None


def loose_text(name: str) -> str:
    """What readers would see or hear of a template that no tag translates."""
    kept, inside = [], False
    for token in Lexer(source_of(name)).tokenize():
        if token.token_type is TokenType.BLOCK:
            inside = not inside if "blocktranslate" in token.contents else inside
            kept.append("•")
        elif token.token_type is TokenType.TEXT and not inside:
            kept.append(token.contents)
        else:
            kept.append("•")
    html = _NOT_TRANSLATED.sub(" ", "".join(kept))
    return " ".join([*_SPOKEN.findall(html), _TAGS.sub(" ", html)])


def visible_text(html: str) -> str:
    """What a rendered page shows, without code, names in other languages, and what people typed."""
    bare = re.sub(r'<(\w+)[^>]*class="[^"]*\bcode\b[^"]*"[^>]*>.*?</\1>', " ", html, flags=re.DOTALL)
    return _TAGS.sub(" ", _NOT_TRANSLATED.sub(" ", bare))
