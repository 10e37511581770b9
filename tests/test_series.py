"""The published series of rhetoric: what everybody knows happened is in them, and what nobody in office said is not."""

from __future__ import annotations

import pytest

from tests.conftest import Clone

RATE = """
select hostility_per_10k_words from measures.rhetoric_intensity
where office = '{office}' and direction = '{direction}' and speaker_group = '{group}' and theme = '{theme}'
  and month = '{month}-01'
"""
POSTS = {"office": "trump_posts", "direction": "US>MX", "group": "us_executive", "theme": "all"}
PRESIDENCY = {"office": "mx_presidency", "direction": "MX>US", "group": "mx_executive", "theme": "all"}
OF_TRADE = {"theme": "trade"}
LECTURE = pytest.mark.xfail(
    strict=True, reason="a speech of 5 May 2019 on the invasions of 1847 and 1862 is coded hostile and outweighs June"
)


def hostility(clone: Clone, series: dict[str, str], month: str) -> float:
    return clone.ask(RATE.format(month=month, **series))[0][0]


@pytest.mark.parametrize(
    ("series", "month", "before", "after"),
    [
        pytest.param(PRESIDENCY, "2019-06", "2019-05", "2019-07", marks=LECTURE),  # the threat of tariffs
        (PRESIDENCY | OF_TRADE, "2019-06", "2019-05", "2019-07"),
        (POSTS | OF_TRADE, "2019-06", "2019-05", "2019-07"),
        (POSTS, "2019-06", "2019-05", "2019-07"),
        (PRESIDENCY, "2019-11", "2019-10", None),  # cartels to be called terrorists
        (POSTS, "2019-11", "2019-10", "2019-12"),
        (PRESIDENCY, "2023-03", "2023-02", "2023-04"),  # calls for military force
    ],
)
def test_a_known_event_stands_out_of_the_months_beside_it(
    fresh: Clone, series: dict[str, str], month: str, before: str, after: str | None
) -> None:
    beside = [hostility(fresh, series, each) for each in (before, after) if each]
    assert hostility(fresh, series, month) > max(beside)


def test_an_author_of_an_opinion_adds_nothing_to_an_official_series(fresh: Clone) -> None:
    held = fresh.ask("select count(*), bool_or(is_measured) from documents.statements where feed = 'articles'")
    assert held[0][0] > 20 and held[0][1] is False
    official = fresh.ask(
        "select count(*) from documents.statements "
        "where feed = 'articles' and speaker = 'author' and (voice = 'executive' or direction <> 'none')"
    )
    assert official == [(0,)]
    assert fresh.ask("select count(*) from measures.rhetoric_intensity where office = 'articles'") == [(0,)]


def test_no_excerpt_is_longer_than_a_quotation_may_be(fresh: Clone) -> None:
    assert fresh.ask("select count(*) from documents.excerpts where len(string_split(excerpt, ' ')) > 25") == [(0,)]
