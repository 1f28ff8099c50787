"""Boundaries of a day's map: files read and checked, coordinates guarded, maps kept."""
