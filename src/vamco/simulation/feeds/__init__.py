"""What every made-up source sends, one module a pack."""

from vamco.simulation.feed import Feed
from vamco.simulation.feeds import health, public_administration, reference


def feeds() -> tuple[Feed, ...]:
    """All feeds."""
    return (*reference.FEEDS, *health.FEEDS, *public_administration.FEEDS)
