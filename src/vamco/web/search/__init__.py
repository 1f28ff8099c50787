"""One box that finds services, indicators, units and datasets."""
