"""Pages that are hostile, broken or no article, made for tests in our own words."""

from __future__ import annotations

PROSE = (
    "<p>The sample lab wrote that a rival had trained a model on its answers, which it denied on Monday.</p>"
)
MORE = "".join(PROSE.replace("answers", f"answers of day {n}") for n in range(20))
RUSSIAN = (
    "<p>Лаборатория сообщила во вторник, что её модели задавали почти один и тот же вопрос три недели.</p>"
    * 3
)
CHINESE = (
    "<p>样例实验室星期二表示，约有四千个账户在三个星期内向其模型提出几乎相同的问题，目前已经全部关闭。</p>"
    * 3
)
JAPANESE = (
    "<p>見本研究所は火曜日、約四千の口座が三週間にわたりほぼ同じ質問を繰り返していたと発表し、すべて閉鎖した。</p>"
    * 3
)
GREEK = (
    "<p>Το εργαστήριο ανακοίνωσε την Τρίτη ότι έκλεισε τέσσερις χιλιάδες λογαριασμούς που ρωτούσαν το ίδιο.</p>"
    * 3
)
GONE = "<h1>Page not found</h1>" + (
    "<p>The address may have changed, or the text was moved. Try the search, or go to the front page.</p>" * 3
)


def html(body: str, head: str = "<title>One page of the sample</title>") -> str:
    """Return a whole page."""
    return f"<html><head>{head}</head><body>{body}</body></html>"


LARGE = {
    "prose": html("<article>" + "".join(f"<p>{n} {PROSE[3:]}" for n in range(45_000)) + "</article>"),
    "links": html("<article>" + MORE + "</article><div>" + "<a href='/x'>a link</a> " * 190_000 + "</div>"),
    "script": html("<article>" + MORE + "</article><script>" + "var a = [1, 2, 3];" * 270_000 + "</script>"),
    "nested divs": html("<div>" * 100_000 + MORE),
    "nested tables": html("<table><tr><td>" * 33_000 + MORE),
    "unclosed": html(
        "<p><b>" * 100_000
        + PROSE * 3
        + "<p>It closed the accounts on Friday, and then all of them were gone.</p>"
    ),
}
"""Pages of 5 MB or 100,000 levels, each with an article."""
