"""What each outcome of a try means and what to do about it: the one table that every page explains with."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.records import Outcome


@dataclass(frozen=True, slots=True)
class Advice:
    """One outcome in plain words."""

    words: str  # after the name of an endpoint, as "did not answer in time"
    means: str  # for everybody
    do: str  # for whoever looks after sources


AGAIN = "It is tried again by itself, ever more rarely, without end."
ADVICE = {
    Outcome.OK: Advice("worked", "It was read and listed items.", "Nothing."),
    Outcome.NOT_MODIFIED: Advice(
        "nothing new", "The site says that nothing changed since the last look.", "Nothing."
    ),
    Outcome.EMPTY: Advice(
        "answered with no items",
        "It was read and lists nothing. That is no failure.",
        "If it stays so, open the address and see whether the publisher lists its items elsewhere now.",
    ),
    Outcome.STALE: Advice(
        "answers, but its newest item is old",
        "It was read, and its newest item is older than its rhythm allows.",
        "See whether the publisher uses another address now. If it is only a quiet season, nothing.",
    ),
    Outcome.DNS: Advice(
        "the host name was not found",
        "No address belongs to the host's name.",
        f"Check the spelling of the host. {AGAIN} If the domain was given up, switch the endpoint off.",
    ),
    Outcome.TLS: Advice(
        "no secure connection",
        "The site's certificate is expired, wrong or unknown, so it could be anybody.",
        f"Open the address in a browser. {AGAIN} Certificates are never ignored.",
    ),
    Outcome.CONNECTION: Advice(
        "no connection",
        "The host did not take the connection, or dropped it.",
        f"{AGAIN} Where other endpoints fail too, look at this machine's network.",
    ),
    Outcome.TIMEOUT: Advice(
        "did not answer in time",
        "The answer was not complete before the deadline.",
        f"{AGAIN} Where many do so, look at this machine's network, or allow more time in the settings.",
    ),
    Outcome.HTTP_CLIENT: Advice(
        "refused the request",
        "The site says that the address is wrong, gone or not for us (HTTP 400 to 499).",
        "404 or 410: look for the new address. 401 or 403: ask the publisher. 429: make its pace slower.",
    ),
    Outcome.HTTP_SERVER: Advice(
        "had an error of its own",
        "The site says that it has a fault (HTTP 500 to 599).",
        f"{AGAIN} After days of it, tell the publisher.",
    ),
    Outcome.BLOCKED: Advice(
        "blocked us",
        "A page for robots came in place of the listing.",
        "Set a contact address, so that the publisher can reach you, and ask to be let in. "
        "Until then use another endpoint of this source, or its fallback query elsewhere.",
    ),
    Outcome.PARSE: Advice(
        "the answer could not be read",
        "What came is not what this kind of endpoint reads.",
        "Open the address: if the listing moved, change the address; if its form changed, change kind or options. "
        "The test shows what came.",
    ),
    Outcome.TOO_LARGE: Advice(
        "the answer was too large",
        "The answer is larger than we take.",
        "Ask for fewer items in the address, or allow more in the settings.",
    ),
    Outcome.REFUSED: Advice(
        "the address may not be fetched",
        "The address, or one it leads to, is private, local or not of the web.",
        "Check the address. Private networks are never asked.",
    ),
    Outcome.ROBOTS: Advice(
        "robots.txt forbids it",
        "The site asks robots to keep away from this address, and we do.",
        "Use another endpoint of the source, or ask the publisher.",
    ),
    Outcome.DEFERRED: Advice(
        "is waiting its turn", "Another request to the same host came first.", "Nothing."
    ),
}
UNKNOWN = Advice("not tried yet", "It has not been tried yet.", "Nothing: its turn comes by itself.")


def advice_on(outcome: str) -> Advice:
    """Return the words for a stored outcome; one that is not known any more counts as not tried."""
    return ADVICE.get(Outcome(outcome), UNKNOWN) if outcome in set(Outcome) else UNKNOWN


def is_failure(outcome: str) -> bool:
    """Whether a stored outcome is a failure; an unknown one is not."""
    return outcome in set(Outcome) and Outcome(outcome).is_failure
