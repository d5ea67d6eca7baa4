"""Retort: tracks who says AI was distilled or stolen, who answered, and what was then done."""
