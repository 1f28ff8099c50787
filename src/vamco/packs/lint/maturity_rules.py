"""Rules on what a pack says of its own maturity (after Home Assistant's quality scale)."""

from collections.abc import Callable, Iterator
from typing import Final

from vamco.packs.lint.rulebook import Breach, PackInFiles, pack_rule
from vamco.packs.lint.samples import DIRTY, sample_files
from vamco.packs.pack import Status


def _has_contracts(pack: PackInFiles) -> bool:
    return bool(pack.contracts)


def _has_samples(pack: PackInFiles) -> bool:
    for placed in pack.contracts:
        samples = list(sample_files(pack, placed.contract))
        n_dirty = sum(path.stem.endswith(DIRTY) for path in samples)
        if not 0 < n_dirty < len(samples):
            return False
    return bool(pack.contracts)


def _has_verified_law(pack: PackInFiles) -> bool:
    bases = [pack.pack.legal_basis, *(placed.contract.legal_basis for placed in pack.contracts)]
    return all(law.verified for basis in bases for law in basis)


def _has_files(pattern: str) -> Callable[[PackInFiles], bool]:
    return lambda pack: any(pack.folder.glob(pattern))


# What each rule of maturity means, as far as a machine can see it.
MATURITY: Final[dict[str, Callable[[PackInFiles], bool]]] = {
    "contracts": _has_contracts,
    "samples": _has_samples,
    "tests": _has_files("tests/*.yaml"),
    "legal-basis-verified": _has_verified_law,
    "indicators": _has_files("indicators/*.yaml"),
    "alerts": _has_files("alerts/*.yaml"),
    "page": _has_files("page.yaml"),
}


@pack_rule
def maturity_is_whole(pack: PackInFiles) -> Iterator[Breach]:
    """A pack says of every rule of maturity whether it is done, to do, or exempt and why."""
    stated = {maturity.rule for maturity in pack.pack.maturity}
    for name in sorted(MATURITY.keys() ^ stated):
        yield ("maturity", name), {"name": name, "names": list(MATURITY)}


@pack_rule
def maturity_is_honest(pack: PackInFiles) -> Iterator[Breach]:
    """A pack calls done only what can be seen in it."""
    for maturity in pack.pack.maturity:
        is_met = MATURITY.get(maturity.rule)
        if maturity.status is Status.DONE and is_met and not is_met(pack):
            yield ("maturity", maturity.rule), {"name": maturity.rule}
