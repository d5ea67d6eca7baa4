"""The road, in order: an endpoint is polled, an item's page read, its text analysed, the article placed."""

from __future__ import annotations

from tracker.pipeline.analyse import ANALYSE
from tracker.pipeline.backfill import BACKFILL
from tracker.pipeline.carry import CARRY
from tracker.pipeline.cite import CITE
from tracker.pipeline.names import NAMES
from tracker.pipeline.place import PLACE
from tracker.pipeline.poll import POLL
from tracker.pipeline.preview import PREVIEW
from tracker.pipeline.read import READ
from tracker.pipeline.recheck import RECHECK
from tracker.pipeline.step import Step
from tracker.pipeline.subject import JUDGE, TRAIN, WHAT_IF

ROAD: tuple[Step, ...] = (
    POLL,
    READ,
    ANALYSE,
    PLACE,
    PREVIEW,
    CITE,
    BACKFILL,
    RECHECK,
    CARRY,
    NAMES,
    JUDGE,
    TRAIN,
    WHAT_IF,
)
STEPS: dict[str, Step] = {step.kind: step for step in ROAD}
