"""The watch: rules judge observations, alarms live and die, people are told."""
