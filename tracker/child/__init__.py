"""Processes of our own with limits, for work on what strangers send: `driver` here, `loop` there."""
