"""Plays captured feeds and pages through the real road: files in, a loopback server, a real worker, a table out."""
