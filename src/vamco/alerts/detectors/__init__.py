"""Statistical detectors: many series in, bounds and alarms out; NumPy only, no database."""
