"""Steps over the mentions of one text, one file each, found by discovery and run in their stated order."""
