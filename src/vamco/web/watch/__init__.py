"""The watch: the desk's queue, incidents, rules, silences, and the log of shifts."""
