"""Ways in that need nobody at a keyboard; each ends at `receive`, the one door."""
