"""Tables: accessible, escaped, in full words, with the published headline untouched."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from improvement_analysis.about import About
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import OFSTED
from improvement_analysis.tables import TABLE_MIME, frame_table, grade_table

GRADES = list(OFSTED.columns)


class Page(HTMLParser):
    """The cells of a table with their tag, attributes and words."""

    def __init__(self, html):
        super().__init__()
        self.cells, self.tags, self.open = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag in ("th", "td", "caption"):
            self.open.append([tag, dict(attributes), ""])

    def handle_endtag(self, tag):
        if self.open and self.open[-1][0] == tag:
            self.cells.append(tuple(self.open.pop()))

    def handle_data(self, data):
        if self.open:
            self.open[-1][2] += data

    def words(self, tag, **attributes):
        return [w for t, a, w in self.cells if t == tag and attributes.items() <= a.items()]


@pytest.fixture
def counts():
    rows = [[3, 0, 5, 0, 1, 0, 0, 0], [0, 0, 6, 0, 0, 0, 0, 3], [2, 0, 7, 0, 0, 0, 0, 0]]
    return pd.DataFrame(rows, pd.Index(["allocation", "joint_working", "overall"], name="domain"), GRADES)


@pytest.fixture
def page(counts):
    labels = {
        "allocation": "Case allocation",
        "joint_working": "Joint working",
        "overall": "Overall conclusion",
    }
    headlines = pd.Series(["RI", "RI", "I"], counts.index)
    published = {"allocation": "RI (5 x RI, 3 x I, 1 x G)"}
    table = grade_table(
        counts, caption="Safeguarding", labels=labels, headlines=headlines, published=published
    )
    return Page(table.html)


def test_every_heading_has_its_scope(page):
    assert page.words("th", scope="col") == [
        "Quality domain",
        "Inadequate",
        "Requires improvement",
        "Good",
        "Outstanding",
        "No judgement",
        "Teams judged",
        "Published headline",
    ]
    assert page.words("th", scope="row") == ["Case allocation", "Joint working", "Overall conclusion"]
    assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")


def test_the_caption_comes_first(page):
    assert page.words("caption") == ["Safeguarding"]
    assert [tag for tag, _ in page.tags if tag in ("table", "caption", "thead")] == [
        "table",
        "caption",
        "thead",
    ]


def test_counts_stand_in_their_cells_and_zeros_are_greyed(page):
    cells = [(words, attributes.get("class")) for tag, attributes, words in page.cells if tag == "td"]
    assert [w for w, _ in cells[:6]] == ["3", "5", "1", "0", "0", "9 of 9"]
    assert cells[0][1] == "number"
    assert cells[3][1] == "number zero"
    assert [w for w, _ in cells[7:13]] == ["0", "6", "0", "0", "3", "6 of 9"]


def test_the_headline_stands_in_words_as_published(page):
    headlines = [w for w in page.words("td") if "mprovement" in w or "nadequate" in w]
    assert headlines[0] == "Requires improvementprinted as RI (5 x RI, 3 x I, 1 x G)"
    assert headlines[1] == "Requires improvement"


def test_a_headline_off_the_tally_says_so_beside_it(page):
    last = page.words("td")[-1]
    assert last == "InadequatePublished as inadequate, most often graded requires improvement (7 of 9 teams)"


def test_the_overall_conclusion_is_ruled_off(page):
    strong = [
        attributes for tag, attributes in page.tags if tag == "tr" and "strong" in attributes.get("class", "")
    ]
    assert len(strong) == 1


def test_a_split_gets_a_column_only_where_it_occurs(counts):
    assert "Requires improvement / Inadequate" not in grade_table(counts, caption="x").frame.columns
    counts.loc["allocation", "RI / I"] = 1
    columns = grade_table(counts, caption="x").frame.columns.tolist()
    assert columns[1:4] == ["Inadequate", "Requires improvement / Inadequate", "Requires improvement"]


def test_a_missing_headline_is_said(counts):
    table = grade_table(counts, caption="x", headlines={"allocation": "RI", "overall": np.nan})
    assert table.frame["Published headline"].tolist() == [
        "Requires improvement",
        "none published",
        "none published",
    ]


def test_everything_is_escaped(counts):
    evil = "<script>alert('1')</script> & \"x\""
    table = grade_table(
        counts.rename(index={"allocation": evil}),
        caption=evil,
        note=evil,
        subtitle=evil,
        published={evil: evil},
        by=evil,
    )
    assert "<script" not in table.html
    assert Page(table.html).words("th", scope="row")[0] == evil
    assert 'aria-label="&lt;script' in table.html


def test_made_up_data_says_so(counts):
    table = grade_table(counts, caption="x", about=About("made-up", illustrative=True))
    assert "ILLUSTRATIVE DATA" in Page(table.html).words("caption")[0]


def test_two_levels_head_their_rows(counts):
    both = pd.concat({"Safeguarding": counts}, names=["service"])
    page = Page(grade_table(both, caption="x").html)
    assert page.words("th", scope="row")[:2] == ["Safeguarding", "Case allocation and workload"]
    assert page.words("th", scope="col")[:2] == ["Service", "Quality domain"]


def test_shares_are_k_of_n(counts):
    counts.loc["allocation", "G / RI"] = 1
    frame = grade_table(counts, caption="x", share_from="G").frame
    assert frame["Good or better"].tolist() == ["1 or 2 of 10", "0 of 6", "0 of 9"]
    assert frame["Below good"].tolist() == ["8 or 9 of 10", "6 of 6", "9 of 9"]


def test_wrong_counts_are_refused(counts):
    with pytest.raises(GradingsError, match="counts have the columns"):
        grade_table(counts.drop(columns="O"), caption="x")


def test_a_notebook_shows_the_html_and_a_terminal_the_cells(counts):
    table = grade_table(counts, caption="Safeguarding")
    bundle = table._repr_mimebundle_()
    assert bundle["text/html"] == table._repr_html_() == table.html
    assert bundle["text/plain"].startswith("Safeguarding\n")
    assert set(table._repr_mimebundle_(exclude=["text/html"])) == {"text/plain", TABLE_MIME}
    assert bundle[TABLE_MIME] == {"caption": "Safeguarding", "csv": table.csv}


def test_the_same_cells_give_the_same_bytes(counts):
    assert grade_table(counts, caption="x").html == grade_table(counts.copy(), caption="x").html


def test_the_csv_holds_the_cells_and_no_formula(counts):
    renamed = counts.rename(index={"allocation": "=SUM(A1)", "joint_working": "-cmd"})
    rows = list(csv.reader(io.StringIO(grade_table(renamed, caption="x").csv)))
    assert rows[0][:3] == ["Quality domain", "Inadequate", "Requires improvement"]
    assert rows[1][:3] == ["'=SUM(A1)", "3", "5"]
    assert rows[2][0] == "'-cmd"


class TestFrameTable:
    def test_columns_become_words_and_missing_stays_missing(self):
        frame = pd.DataFrame(
            {
                "check": ["teams", "visits"],
                "p_value": [0.13096, np.nan],
                "found": [19, 23],
                "holds": [True, False],
                "visit_date": pd.to_datetime(["2017-09-04", None]),
            }
        )
        table = frame_table(frame, caption="Checks", missing="none")
        assert table.frame.columns.tolist() == ["Check", "P value", "Found", "Holds", "Visit date"]
        assert table.frame.iloc[0].tolist() == ["teams", "0.13", "19", "yes", "4 September 2017"]
        assert table.frame.iloc[1].tolist() == ["visits", "none", "23", "no", "none"]

    def test_headings_choose_and_order_the_columns(self):
        frame = pd.DataFrame({"a": [1], "b": [2], "c": ["x"]})
        table = frame_table(frame, caption="x", headings={"c": "Third", "a": "First"})
        assert table.frame.to_dict("list") == {"Third": ["x"], "First": ["1"]}
        assert Page(table.html).words("th", scope="row") == ["x"]

    def test_numbers_stand_to_the_right(self):
        table = frame_table(pd.DataFrame({"a": ["x"], "n": [3]}), caption="x")
        assert ("td", {"class": "number"}, "3") in Page(table.html).cells

    def test_a_named_index_comes_first(self):
        frame = pd.DataFrame({"n": [3]}, pd.Index(["practice"], name="domain"))
        assert frame_table(frame, caption="x").frame.columns.tolist() == ["Quality domain", "N"]

    def test_an_unknown_column_is_refused_by_name(self):
        with pytest.raises(GradingsError, match="the frame has no column 'z'; it has a"):
            frame_table(pd.DataFrame({"a": [1]}), caption="x", headings={"z": "Z"})

    def test_lists_and_whole_floats_are_printed_plainly(self):
        frame = pd.DataFrame({"strata": [("A", "B")], "k": [2.0], "kappa": [-0.5]})
        assert frame_table(frame, caption="x").frame.iloc[0].tolist() == ["A, B", "2", "-0.50"]

    @pytest.mark.parametrize(
        ("p", "printed"),
        [(0.0, "below 0.001"), (0.0004, "below 0.001"), (0.0289, "0.029"), (0.17, "0.17"), (1.0, "1")],
    )
    def test_a_p_is_never_printed_as_0(self, p, printed):
        table = frame_table(pd.DataFrame({"a": ["x"], "p_exact": [p]}), caption="x", decimals=3)
        assert table.csv == f"A,P exact\nx,{printed}\n"
        assert f">{printed}<" in table.html
        missing = frame_table(pd.DataFrame({"p_exact": [None, p]}), caption="x", missing="undefined")
        assert missing.frame["P exact"].tolist() == ["undefined", printed]

    @pytest.mark.parametrize(
        ("value", "decimals", "printed"),
        [(0.004, 2, "below 0.01"), (-0.004, 2, "between -0.01 and 0"), (0.0, 2, "0"), (0.4, 0, "below 1"),
         (10.0, 0, "10"), (10.0, 2, "10"), (0.006, 2, "0.01")],
    )  # fmt: skip
    def test_what_is_not_0_is_not_printed_as_0(self, value, decimals, printed):
        table = frame_table(pd.DataFrame({"share": [value]}), caption="x", decimals=decimals)
        assert table.frame["Share"].tolist() == [printed]

    def test_no_rows_make_a_table_that_says_so(self):
        page = Page(frame_table(pd.DataFrame({"a": []}), caption="x").html)
        assert page.words("td") == ["Nothing to show."]
