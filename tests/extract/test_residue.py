"""Dirty text (trap G12): what goes, and what looks like it and stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.extract.residue import clean_residue, remove_residue

TITLE = "Norvane Labs accuses Kestrel of copying its model"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The lab said googletag.cmd.push(function() { googletag.display('div-1'); }); that it was copied.",
            "The lab said that it was copied.",
        ),
        ("Officials (adsbygoogle = window.adsbygoogle || []).push({}); declined.", "Officials declined."),
        (
            "It window._taboola = window._taboola || []; _taboola.push({mode:'a;b', container:'x'}); denied it.",
            "It denied it.",
        ),
        ('A !function(d,s,id){var js;js.id=id;}(document,"script","x-wjs"); post followed.', "A post followed."),
        ("Staff var slot = {a:1}; left. .ad-slot { display:none; } Then it rained.", "Staff left. Then it rained."),
        ('One. {"@context": "https://schema.org", "@type": "Thing"} Two.', "One. Two."),
        ("<script>var x = 1;</script>The lab spoke.", "The lab spoke."),
        ("One.\nREAD ALSO: Kestrel unveils a cheaper model\nTwo.", "One.\nTwo."),
        ("One.\nRELATED STORIES\nRelated: five things to know\nAlso read: more\nTwo.", "One.\nTwo."),
        ("One.\n相关阅读：另一篇\nTwo.", "One.\nTwo."),
        ("It says so. READ ALSO: Kestrel Denies Copying the Model The firm replied.", "It says so. The firm replied."),
        ("It says so (READ MORE: Kestrel denies it) in a letter.", "It says so in a letter."),
        ("One.\nSign up for our free newsletter.\nAlready a subscriber? Log in\nTwo.", "One.\nTwo."),
        ("It was so. Subscribe to our newsletter for more. The lab left.", "It was so. The lab left."),
        ("One.\nAdvertisement\nShare on Facebook\nTweet | Email | Print\nLoading...\nTwo.", "One.\nTwo."),
        ("The firm ADVERTISEMENT denied it.", "The firm denied it."),
        ("One.\nSOURCE: Sample Wire\nSource: Sample Agency\nSOURCE Sample Corp.\nTwo.", "One.\nTwo."),
        ("One.\nFollow The Sample Post for more on copying\nTwo.", "One.\nTwo."),
        ("One.\nPublished 20 November 2026\nUpdated November 3, 2026 at 9:15 a.m.\nTwo.", "One.\nTwo."),
        (f"The memo {TITLE} was sent on Monday.", "The memo was sent on Monday."),
        (f"{TITLE}\nThe memo was sent.", "The memo was sent."),
        ("It said in a memo Read the full memo here Read the full memo here on Monday.",
         "It said in a memo Read the full memo here on Monday."),
        ("BackgroundThe company was founded in 2019.", "Background\nThe company was founded in 2019."),
        ("It denied the claim.The committee will meet.", "It denied the claim. The committee will meet."),
    ],
)  # fmt: skip
def test_residue_goes(text: str, expected: str) -> None:
    assert remove_residue(text, TITLE) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Users must sign up for an account before they query the model.",
        "OpenReef, DeepReef and iReef use YouTube, LinkedIn and McDonald data.",
        "Related companies were also named in the complaint.",
        "Follow the money, the senator said.",
        "Watch the hearing, he said, and you will see.",
        "Source code was taken from the server.",
        "A function (such as x) is needed; var is a word, and so is window.",
        f"“{TITLE}” was the headline.",
        f"{TITLE}, the paper wrote. Nobody answered.",
        "It happened again and again and again and again.",
        "The rates were 5 5 5 5 5 5 in each year.",
        "The firm's assets { as listed } grew; costs [see table] fell.",
        "Held for theft of weights, copying of weights, copying of logs, and lying.",
        "What is a trade secret? A trade secret is information that others lack.",
        f"- A sample list - {TITLE} - and more",
        "Copyright law does not settle the question.",
        "She read also the second letter.",
        "公司否认抄袭。委员会将开会。",
        "The committee follows the case for more than one reason.",
        "Published on Monday, the report names four firms.",
    ],
)
def test_prose_stays(text: str) -> None:
    assert remove_residue(text, TITLE) == text


def test_credit_lines_are_kept_apart() -> None:
    cleaned = clean_residue("One.\nSource: Sample Wire", "")
    assert (cleaned.text, cleaned.credits) == ("One.", ("Source: Sample Wire",))


def test_a_heading_of_the_page_is_parted_from_its_sentence() -> None:
    cleaned = clean_residue("What comes next The committee meets.", "", headings=["What comes next"])
    assert cleaned.text == "What comes next\nThe committee meets."


PIECES = [
    "The lab said so.", "googletag.cmd.push(function() {", "});", "READ ALSO: More News", "\n", "SOURCE: Wire", TITLE,
    "BackgroundThe company left.", "Subscribe now",
    "{", "}", "'", "window.x = ", ";", "(", "Advertisement", "Read the full memo here",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(max_size=120))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = remove_residue(text, TITLE)
    assert remove_residue(once, TITLE) == once


def test_a_long_text_is_cleaned_fast() -> None:
    text = " ".join(
        f"The lab said on day {n} (again) that {{nothing}} was copied; window." for n in range(5000)
    )
    assert len(remove_residue(text, TITLE)) > 200_000
