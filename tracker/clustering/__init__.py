"""Article to entry: which articles tell of one event, and what the entry is called."""
