"""What no page says, and that no page asks the clock."""

import ast

import pytest

from improvement_analysis import pages


@pytest.mark.parametrize("word", ["significant", "the same", "percent", "%", "mean grade", "average"])
def test_no_page_overclaims(two_areas, ds, word):
    told = [
        pages.brief_area(two_areas, "Redditch"),
        pages.brief_rounds(two_areas),
        pages.brief_moderation(two_areas),
    ]
    told += [pages.brief_overview(ds), pages.describe_bounds(ds, "Redditch/Wychavon"), pages.caveats(ds)]
    told += [pages.brief_service(ds, service) for service in ds.services]
    assert word not in " ".join(map(str, told)).casefold()


def test_every_sentence_is_escaped():
    prose = pages.Prose(("<b>&",), ("<i>",))
    assert prose.html == '<dl class="brief"><dt>&lt;i&gt;</dt><dd>&lt;b&gt;&amp;</dd></dl>'
    assert "<b>" not in pages.Prose(("<b>",)).html


PACK_WORDS = [
    "significant",
    "the same",
    "percent",
    "%",
    "mean grade",
    "average",
    "below the",
    "because",
    "led to",
]
PACK_WORDS += ["caused", "thanks to", "impact", "effect"]


def test_no_pack_overclaims_or_names_a_cause(ds, forms, example):
    told = []
    for each in (ds, forms, example):
        told += [pages.brief_qprm(each), pages.brief_actions(each)]
        told += [pages.brief_workshop(each, service) for service in each.services]
    told += [pages.brief_team(example, pages.choose_team(example, f"Team {letter}")) for letter in "ADT"]
    said = " ".join(map(str, told)).replace("all the same", "").casefold()
    assert [word for word in PACK_WORDS if word in said] == []


def test_nothing_asks_the_clock(root):
    for room in ("actions", "pages", "charts", "comparison"):
        for path in (root / "improvement_analysis" / room).rglob("*.py"):
            names = {
                node.attr
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.Attribute)
                and ast.unparse(node.value).rpartition(".")[2] in ("date", "datetime", "Timestamp", "time")
            }
            assert not names & {"today", "now", "utcnow"}, path.name
