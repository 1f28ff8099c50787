"""A contract check: set-based SQL over one text table."""
