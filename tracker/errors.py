"""Errors that a person may read. Each says what is wrong, where, and what to do."""


class RetortError(Exception):
    """Base of every error this project raises on purpose."""


class SettingError(RetortError):
    """A setting is missing, unknown or unusable; the start stops with this sentence."""


class FeedError(RetortError):
    """A listing cannot be read at all."""


class ExtractError(RetortError):
    """A page holds no article that can be read."""


class PdfError(RetortError):
    """A PDF holds no text that can be read: locked, scanned, broken, or too much work."""


class LanguageModelError(RetortError):
    """The language pipeline is missing or is not the one that was verified."""


class LeaseLostError(RetortError):
    """Another worker has taken the job over; nothing of this attempt may be stored."""


class QueryError(RetortError):
    """A search query cannot be read.

    Args:
        message: what is wrong, in plain words.
        position: 0-based offset in the query where it goes wrong.
    """

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class StarterDataError(RetortError):
    """A file of the starter pack breaks its own rules."""
