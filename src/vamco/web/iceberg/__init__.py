"""The Iceberg door: a read-only REST catalogue, through which any engine reads the warehouse."""
