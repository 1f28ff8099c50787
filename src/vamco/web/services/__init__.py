"""The monitoring services: all at a glance, and the page of each."""
