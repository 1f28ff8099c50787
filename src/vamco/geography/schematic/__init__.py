"""The schematic map (sơ đồ): who lies beside whom, drawn from the centres of units alone."""
