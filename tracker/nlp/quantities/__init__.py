"""Numbers that a text states: how much of what, whose, and on whose word."""
