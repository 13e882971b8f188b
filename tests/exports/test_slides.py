"""The slides opened again: numbers, colours, words for those who do not see, no team named."""

import io
import re
from dataclasses import replace
from pathlib import Path

import matplotlib
import openpyxl
import pandas as pd
import pptx
import pytest
from lxml import etree
from PIL import ImageFont

import improvement_analysis as ia
from improvement_analysis import exports, pages, palette
from improvement_analysis.disclosure import INTERNAL
from improvement_analysis.tables import ILLUSTRATIVE
from improvement_analysis.vocabulary import Domain

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
FOLD = re.compile(r"[\W_]+")
NS = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}


def opened(data):
    return pptx.Presentation(io.BytesIO(data))


def texts_of(deck):
    """All words of each slide, notes left out."""
    return ["\n".join(t.text or "" for t in slide._element.iter(f"{{{NS['a']}}}t")) for slide in deck.slides]


def charts_of(deck):
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


CASES = [("published", "Safeguarding"), ("published", "Care Leaving"), ("forms", "Safeguarding")]


@pytest.fixture(params=CASES, ids="-".join)
def deck(request, made):
    return opened(made("slides", *request.param))


def test_the_slides_of_safeguarding(made):
    titles = [
        slide.shapes.title.text_frame.text
        for slide in opened(made("slides", "published", "Safeguarding")).slides
    ]
    assert titles == [
        "Safeguarding",
        "Safeguarding: what was found",
        "Safeguarding: 1 of 33 domain gradings was good, none outstanding",
        "Safeguarding: grades as published",
        "Across services: strengths (1 of 2)",
        "Across services: strengths (2 of 2)",
        "Safeguarding: vulnerabilities",
        "What to know about these figures",
        "Source",
    ]


def test_the_chart_is_native_and_holds_the_printed_numbers(made):
    (chart,) = charts_of(opened(made("slides", "published", "Safeguarding")))
    assert list(chart.plots[0].categories) == [
        "Case allocation and workload",
        "Practice and direct work",
        "Performance monitoring",
        "Joint working",
        "Overall conclusion",
    ]
    assert {series.name: list(series.values) for series in chart.plots[0].series} == {
        "Inadequate": [3, 0, 4, 0, 2],
        "Requires improvement": [5, 9, 5, 6, 7],
        "Good": [1, 0, 0, 0, 0],
        "Outstanding": [0, 0, 0, 0, 0],
        "No judgement": [0, 0, 0, 3, 0],
    }


@pytest.mark.parametrize("which", ["published", "forms"])
def test_every_chart_equals_the_counts_and_so_does_its_own_workbook(which, made, ds, forms):
    dataset = ds if which == "published" else forms
    scale = dataset.about.scale
    for service in exports.graded_services(dataset):
        counts = ia.count_grades(ia.select(dataset.standing(), service=service), "domain")
        (chart,) = charts_of(opened(made("slides", which, service)))
        expected = {scale.name(grade): counts[grade].tolist() for grade in scale.columns}
        shown = {series.name: list(series.values) for series in chart.plots[0].series}
        assert shown == {name: expected[name] for name in shown}
        assert [name for name in expected if sum(expected[name])] == [
            name for name in shown if sum(shown[name])
        ]
        assert {"Inadequate", "Requires improvement", "Good", "Outstanding", "No judgement"} <= set(shown)
        sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
        columns = list(sheet.iter_cols(min_col=2, values_only=True))
        assert {name: list(values) for name, *values in columns} == shown


def test_grades_have_the_palettes_colours_worst_first(made, forms):
    (chart,) = charts_of(opened(made("slides", "forms", "Safeguarding")))
    scale = forms.about.scale
    names = [series.name for series in chart.plots[0].series]
    order = [scale.name(grade) for grade in scale.columns]
    assert names == [name for name in order if name in names]
    assert "Requires improvement / Inadequate" in names
    for series in chart.plots[0].series:
        grade = next(grade for grade in scale.columns if scale.name(grade) == series.name)
        fill = series.format.fill
        if grade == "no judgement":
            assert str(fill.fore_color.rgb) == "FFFFFF"
            assert series.format.line.dash_style is not None
        else:
            worse, better = (colour[1:].upper() for colour in palette.fill(grade))
            found = [str(fill.fore_color.rgb)] + ([str(fill.back_color.rgb)] if worse != better else [])
            assert found == ([better, worse] if worse != better else [worse])


def test_labels_show_letters_and_numbers_and_no_zero(made):
    (chart,) = charts_of(opened(made("slides", "published", "Safeguarding")))
    formats = {series.name: series.data_labels.number_format for series in chart.plots[0].series}
    assert formats["Requires improvement"] == '"RI "0;;;'
    assert formats["No judgement"] == "0;;;"
    assert all(series.data_labels.show_value for series in chart.plots[0].series)
    (chart,) = charts_of(opened(made("slides", "forms", "Safeguarding")))
    formats = {series.name: series.data_labels.number_format for series in chart.plots[0].series}
    assert formats["Requires improvement / Inadequate"] == '"RI / I "0;;;'


def test_letters_give_way_where_a_team_has_no_room_for_them(ds):
    cell = {"service": "X", "domain": "practice", "tally": "20 x RI, 19 x G, 1 x RI / I", "source": "p. 1"}
    gradings = ia.as_gradings(pd.DataFrame([cell]), authority="X", round="1")
    told = replace(ds, gradings=gradings, published=ds.published.head(0))
    (chart,) = charts_of(opened(exports.slides_bytes(told, "X")))
    assert {series.data_labels.number_format for series in chart.plots[0].series} == {"0;;;"}


def test_the_table_is_the_published_one(made):
    deck = opened(made("slides", "published", "Safeguarding"))
    (table,) = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    rows = [[cell.text_frame.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["Quality domain", "Published headline", "As published"]
    assert rows[1][1:] == ["Requires improvement", "RI (5 x RI, 3 x I, 1 x G)"]
    assert rows[5] == ["Overall conclusion", "Requires improvement", "Requires Improvement (7 x RI, 2 x I)"]
    assert table.first_row


# ------------------------------------------------------------------------ for those who do not see it


def test_every_slide_has_a_title_of_its_own_that_is_read_first(deck):
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert all(titles)
    assert len(set(titles)) == len(titles)
    for slide in deck.slides:
        assert slide.shapes[0].shape_id == slide.shapes.title.shape_id
        assert slide.shapes.title.is_placeholder


def test_every_chart_and_table_is_described_with_its_numbers(deck):
    seen = 0
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table or shape.shape_type == 13:
                described = shape._element.xpath(".//p:cNvPr")[0].get("descr")
                assert described
                seen += 1
                if shape.has_chart:
                    numbers = sorted(n for s in shape.chart.plots[0].series for n in s.values)
                    assert sorted(map(float, re.findall(r"\b\d+\b", described))) == numbers
    assert seen >= 2


def test_every_run_is_british_english(deck, parts, made):
    for slide in deck.slides:
        for element in (slide._element, slide.notes_slide._element):
            for run in element.iter(f"{{{NS['a']}}}r"):
                assert run.find("a:rPr", NS).get("lang") == "en-GB"
    found = parts(made("slides", "forms", "Safeguarding"))
    assert b'<c:lang val="en-GB"/>' in next(part for name, part in found.items() if "charts/chart" in name)


def test_every_slide_has_notes(deck):
    assert all(slide.notes_slide.notes_text_frame.text.strip() for slide in deck.slides)


def test_no_placeholder_is_left_empty(deck):
    for slide in deck.slides:
        assert all(holder.text_frame.text for holder in slide.placeholders)


# -------------------------------------------------------------------------------------- what it marks


def test_made_up_and_internal_slides_say_so_on_each(made, forms):
    for service in exports.graded_services(forms):
        deck = opened(made("slides", "forms", service))
        for slide, words in zip(deck.slides, texts_of(deck), strict=True):
            assert f"{ILLUSTRATIVE} {INTERNAL}" in words
            assert ILLUSTRATIVE in slide.notes_slide.notes_text_frame.text
        (chart,) = charts_of(deck)
        assert chart.chart_title.text_frame.text == ILLUSTRATIVE


def test_published_figures_bear_no_mark(made):
    words = "".join(texts_of(opened(made("slides", "published", "Safeguarding"))))
    assert ILLUSTRATIVE not in words
    assert INTERNAL not in words
    assert not charts_of(opened(made("slides", "published", "Safeguarding")))[0].has_title


def words_of_package(found):
    """Every text and every attribute in a package, each between single spaces."""
    told = []
    for name, part in found.items():
        if name.endswith((".xml", ".rels")):
            for element in etree.fromstring(part).iter():
                told += [element.text or "", element.tail or "", *element.attrib.values()]
        else:
            told.append(part.decode("utf-8", "replace"))
    return " | ".join(f" {FOLD.sub(' ', text).casefold()} " for text in told)


def test_no_team_is_named_anywhere_in_the_file(made, forms, parts):
    teams = {FOLD.sub(" ", team).casefold() for team in forms.gradings["team"].dropna()}
    assert len(teams) == 20
    for service in exports.graded_services(forms):
        words = words_of_package(parts(made("slides", "forms", service)))
        assert [team for team in teams if f" {team} " in words] == []
        assert " team diagnostics " in words


def test_a_finding_that_names_a_team_is_left_out_and_counted(forms, parts):
    here = (forms.findings["services"] == "Care Leaving") & (forms.findings["round"] == "2018-19")
    strength = here & (forms.findings["kind"] == "strength")
    texts = forms.findings["text"].where(~strength, "Supervision at Team P is regular.")
    notes = ("team-q was visited twice.",)
    told = replace(forms, findings=forms.findings.assign(text=texts), about=replace(forms.about, notes=notes))
    data = exports.slides_bytes(told, "Care Leaving")
    words = words_of_package(parts(data))
    assert " team p " not in words
    assert " team q " not in words
    assert "1 text is left out here because it names a team." in "\n".join(texts_of(opened(data)))


def test_where_nothing_is_said_of_a_service_the_slides_say_so(made):
    words = "\n".join(texts_of(opened(made("slides", "published", "Safeguarding"))))
    assert "No strength of Safeguarding is named; these are of no service in particular." in words


def test_slides_and_page_of_a_workshop_ask_the_same_questions(made, ds):
    """Every line with a question mark, but for the one that opens the talk."""
    shown = "\n".join(texts_of(opened(made("slides", "published", "Safeguarding"))))
    slides = {line for line in shown.splitlines() if line.endswith("?")}
    lists = [pages.list_prompts(ds, "Safeguarding", crossing=crossing) for crossing in (False, True)]
    page = set(re.findall(r"<strong>([^<]*\?)</strong>", "".join(each.html for each in lists)))
    assert page == {
        "What makes this work here, and what would put it at risk?",
        "Where do we see this in our own work, and what would we change first?",
    }
    assert slides - page == {
        "Which of these did we expect, which surprised us, and what do we know that the grades do not show?"
    }
    assert page < slides


def test_prompts_follow_the_findings(made, ds):
    words = "\n".join(texts_of(opened(made("slides", "published", "Safeguarding"))))
    own = ds.findings[ds.findings["services"].fillna("").str.contains("Safeguarding")]
    assert len(own) == 3
    assert all(text in words for text in own["text"])


# -------------------------------------------------------------------------------------------- it fits


def lines_of(text, width, size, bold):
    """How many lines a text takes, measured anew with the font's file."""
    font = ImageFont.truetype(str(FONTS / f"DejaVuSans{'-Bold' if bold else ''}.ttf"), 100)

    def long(words):
        return font.getlength(words) * size / 100

    lines, line = 1, ""
    for word in text.split():
        while long(word) > width:
            cut = max(n for n in range(1, len(word)) if long(word[:n]) <= width)
            word, line, lines = word[cut:], "", lines + 1
        longer = f"{line} {word}".strip()
        if long(longer) > width:
            line, lines = word, lines + 1
        else:
            line = longer
    return lines


def height_of(frame, width):
    """Points that a frame's paragraphs take, and the smallest size among them."""
    height, sizes = 0.0, []
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            size = run.font.size.pt
            sizes.append(size)
            room = width - 14.4 - (18 if paragraph._p.pPr is not None and paragraph._p.pPr.get("marL") else 0)
            after = paragraph.space_after.pt if paragraph.space_after is not None else 0
            height += lines_of(run.text, room, size, run.font.bold) * size * 1.2 + after
    return height, min(sizes, default=99)


def check_that_all_fits(deck):
    for slide in deck.slides:
        bottom = deck.slide_height.pt
        for shape in slide.shapes:
            where = (slide.shapes.title.text_frame.text, shape.name)
            assert shape.left >= 0, where
            assert shape.top >= 0, where
            assert shape.left.pt + shape.width.pt <= deck.slide_width.pt + 0.1, where
            assert shape.top.pt + shape.height.pt <= bottom + 0.1, where
            if shape.has_text_frame:
                height, smallest = height_of(shape.text_frame, shape.width.pt)
                assert height <= shape.height.pt + 8, where
                assert smallest >= 14, where
            if shape.has_table:
                assert shape.top.pt + sum(row.height.pt for row in shape.table.rows) <= 490, where
                for row in shape.table.rows:
                    for column, cell in zip(shape.table.columns, row.cells, strict=True):
                        height, smallest = height_of(cell.text_frame, column.width.pt)
                        assert height <= row.height.pt, where
                        assert smallest >= 14, where


def test_text_fits(deck):
    check_that_all_fits(deck)


LONG = "Very long and quite improbable title of a domain that somebody wrote in a hurry and nobody shortened"


def test_long_names_many_domains_and_long_findings_fit(ds):
    keys = [f"d{number}" for number in range(11)]
    domains = tuple(Domain(key, f"{LONG} {LONG} {key}", f"{LONG[:70]} {key}") for key in keys)
    service = "Service for those who are " + "looked after elsewhere and " * 8 + "visited"
    rows = [
        {
            "service": service,
            "domain": key,
            "tally": "2 x I, 1 x RI / I, 30 x RI, 6 x G, 1 x O",
            "source": "p. 1",
        }
        for key in keys
    ]
    gradings = ia.as_gradings(pd.DataFrame(rows), domains=domains, authority="X", round="1")
    findings = ds.findings.head(3).assign(services=service, text=[LONG * 20, "x" * 400, "short"])
    about = replace(ds.about, domains=domains)
    told = replace(ds, gradings=gradings, published=ds.published.head(0), findings=findings, about=about)
    deck = opened(exports.slides_bytes(told, service))
    check_that_all_fits(deck)
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert len(set(titles)) == len(titles)
    assert titles[0] == service
    assert [len(chart.plots[0].categories) for chart in charts_of(deck)] == [8, 3]
    told = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.name == "Text"]
    words = re.sub(r"\s", "", "".join(told))
    assert (LONG * 20).replace(" ", "") in words
    assert "x" * 400 in words


def test_an_unknown_service_is_refused(ds):
    with pytest.raises(ia.GradingsError, match="Safegarding"):
        exports.slides_bytes(ds, "Safegarding")
