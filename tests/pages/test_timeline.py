"""What happened when, as a picture and as a table."""

from dataclasses import replace
from io import BytesIO

import pytest

from improvement_analysis import charts, pages
from improvement_analysis.about import Event
from improvement_analysis.errors import GradingsError
from improvement_analysis.exports import evaluation_bytes
from improvement_analysis.pages.timeline import list_events


def test_the_programme_is_told_by_kind_and_placed_as_exactly_as_it_is_dated(ds):
    events = list_events(ds)
    assert events["kind"].astype(str).tolist() == [
        "inspections", "other events", "visits", "monitoring visits", "reviews", "monitoring visits",
        "workshops", "other events", "other events",
    ]  # fmt: skip
    visits = events.iloc[2]
    assert [visits["date"], f"{visits['first']:%d.%m.%Y}", f"{visits['last']:%d.%m.%Y}"] == [
        "August 2017 to January 2018", "01.08.2017", "31.01.2018",
    ]  # fmt: skip
    assert len(pages.list_timeline(ds).frame) == 9


def test_visits_are_a_day_each_in_the_picture_and_a_round_each_in_the_table(forms):
    dated = replace(
        forms,
        about=replace(
            forms.about, programme=(Event("2018", "Ofsted calls", "inspections"), Event("later", "Talk"))
        ),
    )
    events = pages.draw_events(dated)
    assert events["kind"].value_counts().to_dict() == {"visits": 5, "inspections": 1, **dict.fromkeys(
        ("monitoring visits", "workshops", "reviews", "other events"), 0)}  # fmt: skip
    assert pages.brief_timeline(dated).items == (
        "7 dates are recorded: 5 of visits, 1 of inspections and 1 of other events.",
        "1 of them cannot be placed in time: they stand in the table alone.",
    )
    table = pages.list_timeline(dated).frame
    assert table["In words"].tolist() == [
        "Visits of the round 2017-18, on 1 day", "Ofsted calls", "Visits of the round 2018-19, on 4 days",
        "Talk",
    ]  # fmt: skip
    chart = charts.event_timeline(events)
    assert "Visits: 5 between 3 September 2017 and 6 September 2018." in chart.alt_text
    assert "Inspections: January 2018 to December 2018." in chart.alt_text
    with pytest.raises(GradingsError, match="ends before it begins"):
        charts.event_timeline(
            events.assign(last=events["first"] - (events["first"] - events["first"].min()) * 2)
        )


def test_every_sentence_of_the_self_evaluation_names_its_source(example, ds):
    for dataset in (example, ds):
        statements = pages.evaluate(dataset)
        assert all(each.sentence and each.source for each in statements)
        assert list(dict.fromkeys(each.question for each in statements)) == [
            "What do we know?", "How do we know it?", "What do we do?",
        ]  # fmt: skip
    said = {each.sentence: each.source for each in pages.evaluate(example)}
    assert said["The visits took place from 11 September 2018 to 12 February 2019."] == (
        "19 files; the workbook lists them"
    )
    assert said["18 of 38 actions were open on 31 March 2019."] == "18 files; the workbook lists them"
    theme = next(
        sentence for sentence in said if sentence.startswith("Strengths, Practice and direct work: 7")
    )
    assert "The first: Made up: visits to children have a plan and a purpose." in theme


def test_the_self_evaluation_in_word_holds_every_sentence_with_its_source(ds):
    docx = pytest.importorskip("docx")
    data = evaluation_bytes(ds)
    told = [paragraph.text for paragraph in docx.Document(BytesIO(data)).paragraphs]
    assert [f"{each.sentence} [{each.source}]" in told for each in pages.evaluate(ds)].count(False) == 0
    assert data == evaluation_bytes(ds)
