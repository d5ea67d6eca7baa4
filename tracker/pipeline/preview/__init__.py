"""Preview: try an address as an endpoint before it is saved; nothing is collected, archived or remembered of it."""

from tracker.pipeline.preview.step import PREVIEW

__all__ = ["PREVIEW"]
