"""The ledger as Iceberg tables, for engines that know nothing of us: generated, read-only, kept per version."""
