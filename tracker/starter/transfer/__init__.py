"""Sources in and out: files that other trackers and other readers understand, and what taking one over would do."""
