"""Text to mentions and relevance: the only stage that loads a language model, and only when it must."""
