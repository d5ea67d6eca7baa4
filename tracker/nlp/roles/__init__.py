"""The role of a person as a text prints it: title phrases, and the names they belong to."""
