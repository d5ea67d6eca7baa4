"""The version of everything here that shapes a text; it is stored with each revision."""

EXTRACTOR_VERSION = "3"
"""Raise it with every change of text logic: a text of another version is another interpretation."""
