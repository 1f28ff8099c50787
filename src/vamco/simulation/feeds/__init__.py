"""What every made-up source sends, one module a pack."""

from vamco.simulation.feed import Feed
from vamco.simulation.feeds import (
    education,
    health,
    information_security,
    public_administration,
    reference,
    sharing_platform,
)

_MODULES = (reference, health, education, public_administration, information_security, sharing_platform)


def feeds() -> tuple[Feed, ...]:
    """All feeds."""
    return tuple(feed for module in _MODULES for feed in module.FEEDS)
