"""Page to article: the text without boilerplate, and each field with the rule that won."""
