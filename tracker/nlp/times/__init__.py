"""Words that place something in time: what they say, and which day, month or year they mean."""
