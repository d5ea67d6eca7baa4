"""Which capitalised words of an English text are names, and of what: evidence gathered over the whole text."""
