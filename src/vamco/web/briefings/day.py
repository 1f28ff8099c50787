"""A day within an address, as 2026-11-22; what is no day is no address."""

from datetime import date


class Day:
    """Django's converter for `<day:on>`."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """The day. Raises `ValueError`, by which Django knows that the address is none."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """The day as the address writes it."""
        return value.isoformat()
