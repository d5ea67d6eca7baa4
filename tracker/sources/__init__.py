"""Kinds of endpoints: bytes of a listing in, items out. One file per kind, found by discovery."""
