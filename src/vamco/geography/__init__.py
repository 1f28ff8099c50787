"""Administrative units through time: the register, names, recoding, comparability and maps."""
