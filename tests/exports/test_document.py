"""The Word document opened again: the published table, headings, descriptions, marks."""

import io

import docx
import pytest
from docx.oxml.ns import qn

import improvement_analysis as ia
from improvement_analysis import charts, exports
from improvement_analysis.disclosure import INTERNAL
from improvement_analysis.exports.summary import ServiceSummary
from improvement_analysis.tables import ILLUSTRATIVE


def opened(data):
    return docx.Document(io.BytesIO(data))


@pytest.fixture(scope="module")
def safeguarding(made):
    return opened(made("document", "published", "Safeguarding"))


@pytest.fixture(scope="module")
def of_forms(made):
    return opened(made("document", "forms", "Safeguarding"))


def rows_of(document):
    (table,) = document.tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def headings_of(document):
    return [
        (int(p.style.name[-1]), p.text) for p in document.paragraphs if p.style.name.startswith("Heading")
    ]


def test_the_table_stands_as_published(safeguarding):
    assert rows_of(safeguarding) == [
        ["Quality domain", "Headline", "As published", "Where it stands"],
        [
            "Effectiveness of case allocation and workload management arrangements",
            "Requires improvement",
            "RI (5 x RI, 3 x I, 1 x G)",
            "summary_tables.csv, row 7 (page 6)",
        ],
        [
            "Quality of practice and direct work with children and families including recording",
            "Requires improvement",
            "RI (9 x RI)",
            "summary_tables.csv, row 8 (page 6)",
        ],
        [
            "Quality of performance monitoring and supervisory arrangements",
            "Requires improvement",
            "RI (5 x RI, 4 x I)",
            "summary_tables.csv, row 9 (page 6)",
        ],
        [
            "Effectiveness of joint working between social care and other agencies",
            "Requires improvement",
            "RI (6 x RI, 3 x no judgement)",
            "summary_tables.csv, row 10 (page 6)",
        ],
        [
            "Overall conclusion",
            "Requires improvement",
            "Requires Improvement (7 x RI, 2 x I)",
            "summary_tables.csv, row 11 (page 6)",
        ],
    ]


@pytest.mark.parametrize("which", ["published", "forms"])
def test_every_tally_equals_the_counts(which, made, ds, forms):
    dataset = ds if which == "published" else forms
    for service in exports.graded_services(dataset):
        counts = ia.count_grades(ia.select(dataset.standing(), service=service), "domain")
        header, *rows = rows_of(opened(made("document", which, service)))
        place = header.index("As published" if which == "published" else "Teams at each grade")
        for row, (_, expected) in zip(rows, counts.iterrows(), strict=True):
            inside = row[place].partition("(")[2].rstrip(")") or row[place]
            assert ia.parse_tally(inside) == {grade: n for grade, n in expected.items() if n}


def test_headings_are_headings(safeguarding):
    assert headings_of(safeguarding) == [
        (1, "Main findings"),
        (1, "Grades by domain"),
        (1, "What the report found"),
        (2, "Vulnerabilities"),
        (1, "Across services"),
        (2, "Strengths"),
        (2, "Vulnerabilities"),
        (1, "What to know about these figures"),
        (1, "Source"),
    ]
    assert [p.text for p in safeguarding.paragraphs if p.style.name == "Title"] == ["Safeguarding"]


def test_the_tables_header_repeats_and_no_row_is_torn(safeguarding):
    (table,) = safeguarding.tables
    header, *rows = table.rows
    assert header._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in rows)
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert (
        table._tbl.tblPr.find(qn("w:tblCaption"))
        .get(qn("w:val"))
        .startswith("Safeguarding: grades as published")
    )


def test_the_chart_is_described_as_it_describes_itself(safeguarding, ds):
    counts = ia.count_grades(ia.select(ds.gradings, service="Safeguarding"), "domain")
    chart = charts.grade_grid(
        counts,
        subject="Safeguarding",
        labels=ds.about.short_labels,
        headlines=ds.headlines("Safeguarding"),
        footnote=ds.about.source_line,
    )
    (picture,) = safeguarding.inline_shapes
    assert picture._inline.docPr.get("descr") == chart.alt_text
    assert picture.width <= safeguarding.sections[0].page_width - 2 * safeguarding.sections[0].left_margin


def test_every_finding_stands_with_its_place(safeguarding, of_forms, ds):
    words = "\n".join(p.text for p in safeguarding.paragraphs)
    crossing = ds.findings["services"].isna() & ds.findings["areas"].isna()
    own = ds.findings["services"].fillna("").str.contains("Safeguarding")
    assert (own.sum(), crossing.sum()) == (3, 32)
    for row in ds.findings[own | crossing].to_dict("records"):
        assert f"{row['text']} [{row['theme']}; {row['source']}]" in words
    assert "The report holds no finding that is about no service in particular." in "\n".join(
        p.text for p in of_forms.paragraphs
    )


def test_a_finding_recorded_often_stands_once(of_forms, forms):
    findings = ServiceSummary(forms, "Safeguarding").own_findings
    here = (forms.findings["round"] == "2018-19") & (forms.findings["services"] == "Safeguarding")
    assert sum(finding.times for finding in findings) == here.sum() == 30
    assert len({(finding.kind, finding.text) for finding in findings}) == len(findings) < 30
    often = next(finding for finding in findings if finding.times == 5)
    said = f"{often.text} (recorded 5 times) [{often.theme}; 5 files; the workbook lists them]"
    assert said in [p.text for p in of_forms.paragraphs]


def test_marks_stand_on_every_page_and_at_the_beginning(of_forms, safeguarding):
    mark = f"{ILLUSTRATIVE} {INTERNAL}"
    assert of_forms.sections[0].header.paragraphs[0].text == mark
    assert [p.text for p in of_forms.paragraphs][2] == mark
    assert safeguarding.sections[0].header.is_linked_to_previous
    words = "\n".join(p.text for p in safeguarding.paragraphs)
    assert INTERNAL not in words
    assert "Every figure here is published already, in the source named below." in words


def test_it_is_titled_british_english_on_a4(safeguarding, parts, made):
    properties = safeguarding.core_properties
    assert properties.title == "Safeguarding: summary of the team diagnostics, Worcestershire, 2017-18"
    assert properties.language == "en-GB"
    assert round(safeguarding.sections[0].page_width.cm, 1) == 21.0
    styles = parts(made("document", "published", "Safeguarding"))["word/styles.xml"]
    assert b'w:val="en-GB"' in styles


def test_texts_that_xml_cannot_hold_are_shown_as_such(ds):
    from dataclasses import replace

    rows = ds.findings.head(1).assign(text="a\x01b <c> & \ud800d", services="Care Leaving")
    words = [
        p.text for p in opened(exports.document_bytes(replace(ds, findings=rows), "Care Leaving")).paragraphs
    ]
    assert any(text.startswith("a\ufffdb <c> & \ufffdd [") for text in words)
