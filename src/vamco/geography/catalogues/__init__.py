"""Loading a catalogue as an ordinary operation: read it, plan, look, apply."""
