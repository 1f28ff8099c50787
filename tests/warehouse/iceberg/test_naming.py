"""Tables have names that no engine needs quotes for, and every such name finds its dataset."""

import re

import pytest

from vamco.vocabulary.errors import Ambiguous, NotFound
from vamco.warehouse.iceberg.naming import asked, at_version, named
from vamco.warehouse.schema import declare

pytestmark = pytest.mark.django_db
DOSSIERS = "public-administration.late-dossiers"


def test_hyphens_become_underscores():
    assert named(DOSSIERS) == ("public_administration", "late_dossiers")
    assert all(re.fullmatch(r"[a-z_][a-z0-9_]*", name) for name in at_version(DOSSIERS, 42))


@pytest.mark.parametrize(
    ("namespace", "table"),
    [
        ("public_administration", "late_dossiers"),
        ("public-administration", "late-dossiers"),
        ("PUBLIC_ADMINISTRATION", "Late_Dossiers"),
        at_version(DOSSIERS, 42),
    ],
)
def test_a_dataset_is_found_however_its_name_is_written(namespace, table):
    declare(DOSSIERS, [("code", "VARCHAR")])
    assert asked(namespace, table).dataset == DOSSIERS


def test_a_version_in_the_name_is_read():
    declare(DOSSIERS, [("code", "VARCHAR")])
    assert asked(*at_version(DOSSIERS, 42)).seq == 42


@pytest.mark.parametrize(
    "table", ["nothing", "late_dossiers__as_known_at_20261399t000000z", "late_dossiers__at_version_x"]
)
def test_other_names_are_no_tables(table):
    declare(DOSSIERS, [("code", "VARCHAR")])
    with pytest.raises(NotFound):
        asked("public_administration", table)


def test_datasets_that_differ_only_in_hyphens_are_not_guessed():
    for name in ("health.a-b", "health.a_b"):
        declare(name, [("code", "VARCHAR")])
    with pytest.raises(Ambiguous) as caught:
        asked("health", "a_b")
    assert caught.value.details["candidates"] == ["health.a-b", "health.a_b"]
