"""Backup: database and archive in one file that restores into SQLite or PostgreSQL alike.

A backup is a plain tar. Its members, in this order: the tables, one gzipped file of JSON lines each; the archive's
files as they are; `manifest.json`, which counts and hashes all of them; and `manifest.sha256`. The manifest comes last,
so a file that was cut short has none and is refused.

The database is read first, in one read transaction, and the archive after it. An archived file is never changed and is
written before the row that names it, so the archive then holds at least what those rows name.
"""
