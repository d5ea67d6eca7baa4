"""Who said what: marks, speakers before, after and amid a quotation, pointing words, and what is no quotation.

No model is loaded: the names are given, so that the tests say what the rules alone do.
"""

from __future__ import annotations

import re
import time

import pytest

from tracker.nlp.quotes.read import quotes_in
from tracker.records import FoundMention, FoundQuote

NAMES = {
    "Mara Veld": "PERSON",
    "Veld": "PERSON",
    "Ines Korr": "PERSON",
    "Korr": "PERSON",
    "Jane Doe": "PERSON",
    "Tomas Abel": "PERSON",
    "Lumora": "ORG",
    "Northwind Systems": "ORG",
    "Northwind": "ORG",
    "Harbour Dispatch": "ORG",
    "Office of Trade": "PUBLIC_BODY",
    "Commerce Department": "PUBLIC_BODY",
    "Beacon": "PRODUCT",
    "Beijing": "GPE",
    "星岚科技": "ORG",
    "林晓": "PERSON",
    "外交部": "PUBLIC_BODY",
}
_ANY = re.compile("|".join(sorted(map(re.escape, NAMES), key=len, reverse=True)))


def read(text: str) -> list[FoundQuote]:
    mentions = [
        FoundMention(m.start(), m.end(), m.group(), NAMES[m.group()], 1.0, "test", None, "test")
        for m in _ANY.finditer(text)
    ]
    return quotes_in(text, mentions)


def said(text: str) -> list[tuple[str, str | None]]:
    """Return the words of each quotation with its speaker."""
    return [(q.words, text[slice(*q.speaker)] if q.speaker else None) for q in read(text)]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ('"We closed the accounts," Mara Veld said.', "Mara Veld"),
        ('"We closed the accounts," said Mara Veld.', "Mara Veld"),
        ("“We closed the accounts,” said Mara Veld, the chief scientist of Lumora.", "Mara Veld"),
        (
            '"We closed the accounts," Mara Veld, a spokesperson for Lumora, told Harbour Dispatch.',
            "Mara Veld",
        ),
        ('"We closed the accounts", Mara Veld said.', "Mara Veld"),
        ('"Who did this?" asked Mara Veld.', "Mara Veld"),
        ('"Who did this?" Mara Veld asked.', "Mara Veld"),
        ('Mara Veld said: "We closed the accounts."', "Mara Veld"),
        ('Mara Veld told Harbour Dispatch that the accounts were "closed for good".', "Mara Veld"),
        ('In a post on X, Mara Veld wrote, "We closed the accounts."', "Mara Veld"),
        ('"We closed the accounts," a spokesperson for Lumora said.', "Lumora"),
        ('"We closed the accounts," said a spokeswoman for Lumora in an email.', "Lumora"),
        ('A Lumora spokesperson said the claims were "plainly false".', "Lumora"),
        ('"We closed the accounts," according to Mara Veld.', "Mara Veld"),
        ('According to Lumora, the accounts were "closed for good".', "Lumora"),
        ('Lumora\'s memo said the lab had made "a pump of our model".', "Lumora"),
        ('The memo from Lumora called it "a pump on our model".', "Lumora"),
        ('Lumora accused Northwind Systems of "industrial-scale copying".', "Lumora"),
        ('Mara Veld, who founded Lumora, described the case as "a very sad day".', "Mara Veld"),
        ('Lumora sent a letter to Northwind Systems, saying it "must stop at once".', "Lumora"),
        ('The accounts, said Mara Veld, "asked the same thing for weeks."', "Mara Veld"),
        (
            'A second spokesperson, Jane Doe, told reporters that the firm "does not comment on rumours."',
            "Jane Doe",
        ),
        ('Lumora chief executive Mara Veld warned it would be "a race to the bottom".', "Mara Veld"),
        ('The claims were described by Mara Veld as "without any merit".', "Mara Veld"),
        ('Mara Veld was quoted as saying the claims were "without any merit".', "Mara Veld"),
        ('Mara Veld on the new rules: "Nobody asked the labs what they need."', "Mara Veld"),
        ("'We closed the accounts,' said Mara Veld.", "Mara Veld"),
        ("‘We closed the firms’ accounts,’ said Mara Veld.", "Mara Veld"),
        ("«We closed the accounts», said Mara Veld.", "Mara Veld"),
        ('Beijing called the charge "groundless".', "Beijing"),
        ('The Office of Trade said it was "aware of the reports".', "Office of Trade"),
        ('The plan is "a mess from end to end" and will stay one, Mara Veld said.', "Mara Veld"),
        ("“We closed the accounts.” — Mara Veld, chief scientist", "Mara Veld"),
        ('"We closed the accounts," Lumora chief engineer and co-founder Mara Veld said.', "Mara Veld"),
        ('"We closed the accounts," Mara Veld, D-Conn., said in a statement.', "Mara Veld"),
        ('Mara Veld, in a press release on Friday, said, "We closed the accounts."', "Mara Veld"),
        ('Lumora denied it in a statement. The spokesperson added: "We closed the accounts."', "Lumora"),
        ('Lumora\'s claim of "industrial copying" was new.', "Lumora"),
        ('In the words of Mara Veld, it was "a sad day for all".', "Mara Veld"),
        ('The plan was described as "a mess" by Mara Veld on Monday.', "Mara Veld"),
        ('Mara Veld spoke of "a new kind of theft".', "Mara Veld"),
        ('Sen. Ines Korr left early. The lawmaker said it was "a waste of a day".', "Ines Korr"),
        ('Lumora CEO Mara Veld left early. The chief executive said it was "a waste of a day".', "Mara Veld"),
        ('"Our model was copied," reads the letter from Lumora to Congress.', "Lumora"),
        ('The memo, written by Ines Korr, says they use "thousands of accounts".', "Ines Korr"),
        ('Mara Veld, citing Harbour Dispatch, said there was "no excuse left".', "Mara Veld"),
        ('Northwind\'s lawyer, Jane Doe, said the suit was "dead on arrival".', "Jane Doe"),
        ('Commerce adviser Ines Korr accused Beijing of "copying by the book" in a memo.', "Ines Korr"),
        ('Lumora\'s X account posted: "We closed the accounts."', "Lumora"),
        ('Lumora sued Northwind. The complaint alleges that it "ran a pump on our model".', "Lumora"),
        ('A jury charged Tomas Abel. The indictment says he kept "a second set of keys".', None),
        ('Congress received a letter. The letter says the lab "had no other choice".', None),
        ('The U.S. Secretary for Trade Affairs Tomas Abel said it was "long overdue".', "Tomas Abel"),
        ('Beijing\'s trade ministry called the claims "plain slander".', None),
        ('"We closed the accounts," they said.', None),
        ('"We closed the accounts," a senior official said.', None),
        ('"We closed the accounts," said one engineer, who asked not to be named.', None),
    ],
)
def test_the_speaker_is_whom_the_sentence_names(text: str, speaker: str | None) -> None:
    ((_, found),) = said(text)
    assert found == speaker


@pytest.mark.parametrize(
    "text",
    [
        'The so-called "model tax" is due in May.',
        'They use a method known as "distillation".',
        'The "talent war" makes engineers rich.',
        'A system called "Beacon" answers mail.',
        'Lumora published "Detecting and Preventing Copying" on Monday.',
        'Her book, "The Long Copy," is out now.',
        'Tomas "Tiny" Abel left the firm.',
        'The word "theft" stands in no law.',
        '{"key": "value", "other": "thing"}',
        "The firm's plan and the labs' money. It's the '90s again.",
        'A 15" screen and a 17" screen.',
    ],
)
def test_what_nobody_said_is_no_quotation(text: str) -> None:
    assert said(text) == []


def test_a_quotation_in_two_parts_has_one_speaker() -> None:
    text = 'Mara Veld laughed. "That," she said, "is the other ten percent."'
    assert said(text) == [("That,", "Mara Veld"), ("is the other ten percent.", "Mara Veld")]


def test_speech_goes_on_after_its_speaker() -> None:
    text = '"We closed the accounts," said Mara Veld. "We will close more of them."'
    assert [speaker for _, speaker in said(text)] == ["Mara Veld", "Mara Veld"]


def test_paragraphs_of_one_speech_have_one_speaker() -> None:
    text = (
        "“We closed the accounts,” Mara Veld said in a statement.\n\n“This was never research. It was a pump.\n\n"
        "“And we will say so in court.”\n\nThe Office of Trade had no answer."
    )
    assert said(text) == [
        ("We closed the accounts,", "Mara Veld"),
        ("This was never research. It was a pump.", "Mara Veld"),
        ("And we will say so in court.", "Mara Veld"),
    ]
    assert {quote.channel for quote in read(text)} == {"statement"}


def test_he_is_the_person_named_before_and_not_one_inside_a_quotation() -> None:
    text = (
        'Tomas Abel left Lumora in May. "I have read what Ines Korr wrote about me," he said.\n\n'
        'Mara Veld answered at once. "He knows better," she said.'
    )
    assert [speaker for _, speaker in said(text)] == ["Tomas Abel", "Mara Veld"]


def test_two_people_who_may_be_meant_are_not_guessed_at() -> None:
    text = 'On Monday a panel heard Tomas Abel and Mara Veld. "It was a long day for us all," she said.'
    assert [speaker for _, speaker in said(text)] == [None]


def test_the_company_is_the_one_named_before() -> None:
    text = 'Lumora closed the accounts of Northwind Systems. The company said it was "left with no choice".'
    assert [speaker for _, speaker in said(text)] == ["Lumora"]


def test_the_memo_is_its_authors() -> None:
    text = 'Lumora sent a memo to Congress on Friday. The memo says the lab runs "a pump on our model".'
    (quote,) = read(text)
    assert (text[slice(*quote.speaker or (0, 0))], quote.channel) == ("Lumora", "memo")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ('"We closed them," said Mara Veld, a spokesperson for Lumora.', "a spokesperson for Lumora"),
        ('"We closed them," said Mara Veld, Lumora\'s chief scientist.', "chief scientist"),
        ('"We closed them," said U.S. Attorney Ines Korr.', "U.S. Attorney"),
        ('"We closed them," Ines Korr, head of security at Lumora, said.', "head of security at Lumora"),
        ('"We closed them," said Ines Korr.', ""),
        ('"We closed them," a spokesman for Lumora said.', "a spokesman for Lumora"),
        ('Mara Veld, the founder of Lumora, was calm. "We closed them," she said.', "founder of Lumora"),
    ],
)
def test_the_role_stands_as_it_is_printed(text: str, role: str) -> None:
    (quote,) = read(text)
    assert quote.role == role


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ('In a post on X, Mara Veld wrote, "We closed them."', "post"),
        ('"We closed them," Mara Veld tweeted.', "post"),
        ('Lumora said in a memo that it had "closed them all".', "memo"),
        ('"We closed them," Mara Veld wrote in a letter to Congress.', "letter"),
        ('In its report, Lumora said the lab had "closed them all".', "report"),
        ('"We closed them," Mara Veld told reporters.', "briefing"),
        ('"We closed them," Lumora said in a court filing.', "court"),
        ('"We closed them," Mara Veld said in an e-mail.', "email"),
        ('"We closed them," Mara Veld told me.', "interview"),
        ('"We closed them," Mara Veld said in an interview with Harbour Dispatch.', "interview"),
        ('"We closed them," Mara Veld said at a hearing on Tuesday.', "hearing"),
        ('"We closed them," Mara Veld told lawmakers.', "hearing"),
        ('"We closed them," Mara Veld said in a statement.', "statement"),
        ('"We closed them," Mara Veld said in a press release.', "statement"),
        ('"We closed them," Mara Veld said.', "unknown"),
        ('Mara Veld said the report was "all wrong about us".', "unknown"),
    ],
)
def test_the_channel_is_what_the_sentence_says(text: str, channel: str) -> None:
    (quote,) = read(text)
    assert quote.channel == channel


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("林晓表示：“我们没有使用任何外部模型的输出。”", [("我们没有使用任何外部模型的输出。", "林晓")]),
        ("星岚科技在声明中回应称，这些账号“不属于本公司”。", [("不属于本公司", "星岚科技")]),
        ("「我们已经关闭了这些账号，」林晓说。", [("我们已经关闭了这些账号，", "林晓")]),
        ("这是一场「代码库大迁徙」，没有人知道。", []),
        ("林晓离开了公司。他说：“我什么都没有拿走。”", [("我什么都没有拿走。", "林晓")]),
        ("外交部发言人周远在例行记者会上指出，有关说法“毫无根据”。", [("毫无根据", "周远")]),
    ],
)
def test_chinese_verbs_of_saying(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert said(text) == expected


def test_a_transcript_gives_each_turn_to_its_speaker() -> None:
    text = (
        "Hearing of the Subcommittee on Copies\n\nMara Veld: We have seen the accounts and closed them.\n\n"
        "SEN. KORR: When was that?\n\nMara Veld: In March.\n\nSEN. KORR: Thank you for coming here.\n"
    )
    assert [speaker for _, speaker in said(text)] == ["Mara Veld", "KORR", "Mara Veld", "KORR"]
    assert {(quote.kind, quote.channel) for quote in read(text)} == {("block", "hearing")}


def test_british_marks() -> None:
    text = "'We closed them,' said Mara Veld. 'The firm's word that we \"stole\" it is the labs' nonsense.'"
    assert said(text) == [
        ("We closed them,", "Mara Veld"),
        ("The firm's word that we \"stole\" it is the labs' nonsense.", "Mara Veld"),
    ]


def test_single_marks_hold_terms_where_speech_has_double_ones() -> None:
    text = 'Lumora said \'hydra\' firms were at work. "We saw it," said Mara Veld. "We closed it."'
    assert [words for words, _ in said(text)] == ["We saw it,", "We closed it."]


def test_question_and_answer_name_nobody() -> None:
    text = "Q: Who did it?\n\nA: We do not know yet.\n\nQ: When will you?\n\nA: In a week or two."
    assert [(speaker, quote.channel) for (_, speaker), quote in zip(said(text), read(text), strict=True)] == [
        (None, "interview")
    ] * 4


def test_a_list_of_facts_is_no_transcript() -> None:
    text = "Source: Lumora\n\nStatus: Open\n\nSource: Northwind\n\nStatus: Closed\n\nDate: May"
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Lumora said in a statement:\n\nWe have closed every account that we could find, and our work goes on.",
            [("We have closed every account that we could find, and our work goes on.", "Lumora")],
        ),
        (
            "Mara Veld wrote in a post:\n\n> The accounts are closed.",
            [("The accounts are closed.", "Mara Veld")],
        ),
        ("Lumora said three things:\n\n- We closed our accounts and we are sorry about it all.", []),
    ],
)
def test_words_that_are_plainly_given_are_a_block(text: str, expected: list[tuple[str, str]]) -> None:
    assert said(text) == expected
    assert all(quote.kind == "block" for quote in read(text))


def test_a_name_under_a_quotation_signs_it() -> None:
    text = "“We closed every account that we could find.”\n\n— Mara Veld, chief scientist of Lumora\n\nMore follows."
    assert said(text) == [("We closed every account that we could find.", "Mara Veld")]
    assert read(text)[0].role == "chief scientist of Lumora"


def test_kinds() -> None:
    text = (
        '"We closed the accounts," said Mara Veld. Veld told reporters that "no such customer exists". '
        'She called it "a pump".'
    )
    assert [quote.kind for quote in read(text)] == ["direct", "direct", "fragment"]


def test_offsets_count_code_points_also_beyond_the_bmp() -> None:
    text = '\U0001f600\U0001f600 "We closed them," said Mara Veld.'
    (quote,) = read(text)
    assert text[quote.start : quote.end] == quote.words == "We closed them,"
    assert text[slice(*quote.speaker or (0, 0))] == "Mara Veld"


def test_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The lab said on Monday that it had seen nothing of the kind before and\n"
        "that it would answer in due time. In a letter to the committee Mara Veld of\n"
        'Lumora wrote that the accounts had been closed "for good and without any\n'
        'regret", and that her lab would publish what it had found about them in the\n'
        "coming weeks, as it had done before with others who had tried the same and\n"
        "who had been told to stop.\n"
    )
    assert said(text) == [("for good and without any\nregret", "Mara Veld")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        '"',
        "“" * 5_000,
        '"a" ' * 5_000,
        "'a " * 5_000,
        '"Yes," said ' * 3_000,
        "Mara Veld, " * 4_000 + 'said "yes we did it".',
        "“" + "word " * 200_000,
        '\ud800 "x" \x00 said',
        'MARA VELD SAID "WE CLOSED THE ACCOUNTS" AND LEFT',
        '"مرحبا بكم في هذا المكان" قال',
        "「" * 5_000,
        "他说：“ \n“ \n“我们",
        "她说： “ \n\n“”\n「」",
        "他说" * 20_000 + "「好的我们都知道了」",
    ],
)
def test_hostile_text_neither_raises_nor_takes_long(text: str) -> None:
    started = time.monotonic()
    for quote in read(text):
        assert text[quote.start : quote.end] == quote.words
    assert time.monotonic() - started < 5
