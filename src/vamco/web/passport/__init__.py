"""The passport of a figure: where it comes from, and how far to trust it."""
