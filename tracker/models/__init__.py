"""What is stored, one file per noun."""

from tracker.models.article import Article, Revision, Signature, article_key, public_id_of
from tracker.models.backfill import Backfill, BackfillSlice
from tracker.models.candidate import Candidate, KnownName
from tracker.models.claim import ActionIdentifier, Claim, ClaimStatus, Evidence, Quantity, Technique
from tracker.models.edit_notice import EditNotice
from tracker.models.entity import Affiliation, Alias, Entity, ExternalId, Position
from tracker.models.entry import (
    Entry,
    EntryAddress,
    EntryArticle,
    EntryEntity,
    Lane,
    Storyline,
    StorylineEntry,
)
from tracker.models.evidence_check import EvidenceCheck
from tracker.models.hold import Hold
from tracker.models.host import Host
from tracker.models.job import Job, owe
from tracker.models.lock import Lock
from tracker.models.mention import Mention, PrintedRole, QuantityMention, Quote, TimeMention
from tracker.models.notice import Notice, close_notices, end_notices, open_notice
from tracker.models.preview import Preview
from tracker.models.recheck import Recheck, SourceHabit
from tracker.models.source import Endpoint, EndpointDay, FetchAttempt, Source
from tracker.models.standing import Standing
from tracker.models.subject import SubjectModel, SubjectRuling, SubjectSetting, WhatIf

__all__ = [
    "ActionIdentifier",
    "Affiliation",
    "Alias",
    "Article",
    "Backfill",
    "BackfillSlice",
    "Candidate",
    "Claim",
    "ClaimStatus",
    "EditNotice",
    "Endpoint",
    "EndpointDay",
    "Entity",
    "Entry",
    "EntryAddress",
    "EntryArticle",
    "EntryEntity",
    "Evidence",
    "EvidenceCheck",
    "ExternalId",
    "FetchAttempt",
    "Hold",
    "Host",
    "Job",
    "KnownName",
    "Lane",
    "Lock",
    "Mention",
    "Notice",
    "Position",
    "Preview",
    "PrintedRole",
    "Quantity",
    "QuantityMention",
    "Quote",
    "Recheck",
    "Revision",
    "Signature",
    "Source",
    "SourceHabit",
    "Standing",
    "Storyline",
    "StorylineEntry",
    "SubjectModel",
    "SubjectRuling",
    "SubjectSetting",
    "Technique",
    "TimeMention",
    "WhatIf",
    "article_key",
    "close_notices",
    "end_notices",
    "open_notice",
    "owe",
    "public_id_of",
]
