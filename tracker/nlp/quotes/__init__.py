"""Who said what in a text: marked spans, the sentence around each, its speaker, role and channel."""
