"""`vamco pack`: the packs of this installation: list, show, check, begin a new one."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import yaml
from django.conf import settings
from django.utils.timezone import localdate

from vamco.flow.command_line import language, print_json
from vamco.packs.contract import Column, Contract
from vamco.packs.lint.check import check_pack
from vamco.packs.lint.rulebook import all_rules
from vamco.packs.loading import load_packs, pack_folders
from vamco.packs.pack import Pack
from vamco.packs.scaffold import new_pack
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.messages import say


@click.group()
def command() -> None:
    """Monitoring packs: folders of declarations, one a service."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_packs(*, as_json: bool) -> None:
    """The packs and their contracts."""
    packs = load_packs(settings.PACKS_DIR)
    if as_json:
        print_json([_summary(pack) for pack in packs])
        return
    for pack in packs:
        click.secho(f"{pack.slug}  {pack.title.in_(language())}", bold=True)
        for contract in pack.contracts:
            click.echo(f"  {contract.id:40} {contract.title.in_(language())}")


@command.command()
@click.argument("contract_id")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def show(contract_id: str, *, as_json: bool) -> None:
    """What deliveries of the contract CONTRACT_ID must look like."""
    contract = load_packs(settings.PACKS_DIR).contract(contract_id)
    if as_json:
        print_json(asdict(contract))
        return
    for line in _described(contract):
        click.echo(line)


@command.command()
@click.argument("pack", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--rules", is_flag=True, help="Print the rules instead.")
def check(pack: str | None, *, as_json: bool, rules: bool) -> None:
    """Check PACK, or every pack, against the rules; exit code 1 when something is wrong."""
    if rules:
        for rule in all_rules():
            click.echo(f"{rule.id:40} {rule.says}")
        return
    agencies = _agencies()
    findings = [found for folder in _folders(pack) for found in check_pack(folder, agencies)]
    if as_json:
        print_json([finding.as_dict(language()) for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{finding.file}:{finding.line}  {finding.rule}  {finding.say(language())}")
        click.echo(say("packs.n_findings", language(), n=len(findings)), err=True)
    raise SystemExit(1 if findings else 0)


@command.command()
@click.argument("name")
@click.option("--title", "title_vi", help="Title in Vietnamese.")
@click.option("--title-en", help="Title in English.")
@click.option("--agency", default="van-phong-ubnd", show_default=True, help="Agency that owns the service.")
def new(name: str, title_vi: str | None, title_en: str | None, agency: str) -> None:
    """Begin the pack NAME from a template that passes every check."""
    words = {"title_vi": title_vi or name, "title_en": title_en or name, "agency": agency}
    for path in new_pack(settings.PACKS_DIR, name, words | {"today": localdate().isoformat()}):
        click.echo(path)


def _folders(slug: str | None) -> list[Path]:
    folders = pack_folders(settings.PACKS_DIR)
    if slug is None:
        return folders
    named = [folder for folder in folders if folder.name == slug]
    if not named:
        raise NotFound("packs.pack_not_found", slug=slug, candidates=[folder.name for folder in folders])
    return named


def _agencies() -> frozenset[str] | None:
    register = settings.PROVINCES_DIR / settings.PROVINCE / "agencies.yaml"
    if not register.is_file():
        return None
    return frozenset(agency["code"] for agency in yaml.safe_load(register.read_text("utf-8"))["agencies"])


def _summary(pack: Pack) -> dict[str, Any]:
    return {
        "slug": pack.slug,
        "title": asdict(pack.title),
        "agency": pack.agency,
        "version": pack.version,
        "maturity": {maturity.rule: maturity.status for maturity in pack.maturity},
        "contracts": [contract.id for contract in pack.contracts],
    }


def _described(contract: Contract) -> list[str]:
    lines = [f"{contract.id}  {contract.version}", contract.title.in_(language())]
    lines += [contract.purpose.in_(language()), ""]
    lines += [f"{_signs(column)} {column.name:24} {_column(column)}" for column in contract.columns]
    lines += ["", *(f"  {rule.strictness:8} {rule.title.in_(language())}" for rule in contract.rules)]
    return lines


def _signs(column: Column) -> str:
    return ("*" if column.required else " ") + (str(column.key_position) if column.key_position else " ")


def _column(column: Column) -> str:
    unit = f" [{column.unit_of_measure}]" if column.unit_of_measure else ""
    return f"{column.kind:10} {column.title.in_(language())}{unit}"
