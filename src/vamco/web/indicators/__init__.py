"""The page of an indicator: its figure, its series, every unit, and what may be compared."""
