"""Drafts of datasets: they load at once, read as the bare file does, and overwrite nothing."""

from __future__ import annotations

import tomllib
import warnings

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis.sources.drafts import draft_dataset, write_draft
from improvement_analysis.sources.forms import blank_forms, write_forms

HEADER = "service,area,team,visit_date,round,domain,grade\n"
ROWS = (
    "Safeguarding,North,Team A,04/09/2024,2024,practice,G\n"
    "Safeguarding,North,Team A,04/09/2024,2024,overall,RI\n"
    "Safeguarding,Nortth,Team B,05/09/2024,2025,practice,n/a\n"
    "Safeguarding,Nortth,Team B,05/09/2024,2025,overall,no judgement\n"
)
PAPER = """<h1>A made-up summary</h1>
<p>Our managers made 7 team diagnostic visits to four Duty teams and three Intake teams.</p>
<table>
<tr><th>Service</th><th>Quality domain</th><th>Grading</th></tr>
<tr><td>Duty</td><td>Overall conclusion</td><td>Good (3 x G, 1 x RI)</td></tr>
<tr><td>Intake</td><td>Overall conclusion</td><td>Requires Improvement (2 x RI, 1 x no judgement)</td></tr>
</table>
"""


@pytest.fixture
def file(tmp_path):
    def write(text, name="visits.csv"):
        path = tmp_path / "received" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def written(tmp_path):
    def write(*paths):
        return write_draft(draft_dataset(paths), tmp_path / "drafted")

    return write


def bare(read, path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ia.SourceWarning)
        return read(path)


def test_a_draft_loads_at_once_and_reads_as_the_bare_file(file, written):
    path = file(HEADER + ROWS)
    ds = ia.load(written(path))
    pd.testing.assert_frame_equal(ds.gradings, bare(ia.read_gradings, path))
    assert ds.about.title == "visits.csv"
    assert (ds.about.authority, ds.about.round) == (None, None)


def test_a_drafted_paper_reads_as_the_bare_file(file, written):
    path = file(PAPER, "paper.html")
    ds = ia.load(written(path))
    pd.testing.assert_frame_equal(ds.published, bare(ia.read_published, path))
    assert len(ds.gradings) == 7


def test_the_draft_names_what_was_recognised_and_what_is_open(file):
    draft = draft_dataset([file(HEADER + ROWS)])
    assert draft.loads
    lines = draft.text.splitlines()
    for line in (
        'framework = "team-diagnostic"    # team diagnostic',
        '#   "n/a", 1 time: not applicable',
        '#   "no judgement", 1 time: not judged',
        '# name = "North"    # looks like "Nortth": one area?',
        '# authority = "..."    # whose teams were graded; the files do not say',
    ):
        assert line in lines
    rounds = lines[lines.index("# Rounds, in the order in which they were met. Put the earliest first:") :]
    assert rounds[1:5] == ["# [[rounds]]", '# name = "2024"', "# [[rounds]]", '# name = "2025"']


def test_every_open_line_is_toml_once_the_mark_is_taken_away(file):
    text = draft_dataset([file(PAPER, "paper.html")]).text
    opened = text[text.index("# [[statements]]") :].replace("\n# ", "\n").removeprefix("# ")
    statements = tomllib.loads(opened)["statements"]
    assert [(each["kind"], each["number"], each["named_as"]) for each in statements] == [
        ("visits_total", 7, "team diagnostic visits"),
        ("visits", 4, "Duty teams"),
        ("visits", 3, "Intake teams"),
    ]
    assert [each.get("service") for each in statements] == [None, "Duty", "Intake"]


def test_statements_taken_over_are_set_beside_the_tables(file, written):
    folder = written(file(PAPER, "paper.html"))
    text = (folder / "source.toml").read_text(encoding="utf-8")
    at = text.index("# [[statements]]")
    (folder / "source.toml").write_text(text[:at] + text[at:].replace("# ", ""), encoding="utf-8")
    ds = ia.load(folder)
    assert ds.statements["number"].tolist() == [7, 4, 3]
    checks = ia.reconcile(ds.published, ds.statements)
    assert checks.set_index("check").loc["visits in all", ["expected", "found"]].tolist() == ["7", "7"]


def test_a_file_with_open_values_is_drafted_with_the_choices(file, written):
    path = file(HEADER + ROWS.replace("no judgement", "awaiting").replace(",RI", ","))
    draft = draft_dataset([path])
    assert not draft.loads
    for line in (
        "# Empty cells of grades: 1. Choose what they mean:",
        '# empty = "left out"',
        "#   'awaiting', 1 time",
        '# ungraded = ["awaiting"]',
    ):
        assert line in draft.text.splitlines()
    folder = written(path)
    text = (folder / "source.toml").read_text(encoding="utf-8")
    for line in ('# empty = "no judgement"', '# ungraded = ["awaiting"]'):
        text = text.replace(line, line.removeprefix("# "))
    (folder / "source.toml").write_text(text, encoding="utf-8")
    assert ia.load(folder).gradings["ungraded_reason"].dropna().tolist() == [
        "no judgement (empty)",
        "n/a",
        "awaiting",
    ]


def test_a_framework_is_recognised_by_its_domains(file):
    rows = "Home,Team A,,safe,Good\nHome,Team A,,well-led,Inspected but not rated\n"
    draft = draft_dataset([file("service,team,visit_date,domain,grade\n" + rows)])
    assert 'framework = "cqc"    # Care Quality Commission' in draft.text
    assert draft.loads


def test_two_frameworks_that_fit_equally_are_both_named(file):
    rows = "Home,Team A,Help and protection,Good\n"
    with pytest.raises(ia.SourceError) as fault:
        draft_dataset([file("service,team,domain,grade\n" + rows)])
    assert str(fault.value) == (
        "1 problem in visits.csv\n  found headings that two frameworks have, expected those of one; write "
        'framework = "ofsted-ilacs" or framework = "ofsted-sccif" in source.toml, or [scale] and [[domains]] '
        "where it is neither"
    )


def test_a_folder_is_drafted_in_its_place_and_what_cannot_be_read_is_left_out(file):
    folder = file(HEADER + ROWS).parent
    file("Nothing but a note.\n", "note.txt")
    draft = draft_dataset([folder])
    assert write_draft(draft, folder) == folder
    assert [file.name for file in draft.files if file.problems] == ["note.txt"]
    ds = ia.load(folder)
    assert len(ds.gradings) == 4
    assert [problem.file for problem in ds.problems if "does not declare" in problem.found] == ["note.txt"]


def test_forms_are_declared_by_one_name(ds, tmp_path):
    write_forms(tmp_path / "received", ds.about, blank_forms(ds, service="Safeguarding", team="Team A"))
    write_forms(tmp_path / "received", ds.about, blank_forms(ds, service="Safeguarding", team="Team B"))
    draft = draft_dataset([tmp_path / "received"])
    assert [(file.name, file.kind, len(file.parts)) for file in draft.files] == [("*.xlsx", "forms", 2)]


def test_nothing_is_overwritten(file, tmp_path):
    draft = draft_dataset([file(HEADER + ROWS)])
    folder = write_draft(draft, tmp_path / "drafted")
    (folder / "source.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(ia.SourceError, match="found a file that is there"):
        write_draft(draft, folder)
    assert (folder / "source.toml").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_a_dataset_is_not_drafted(file, written):
    with pytest.raises(ia.SourceError, match=r"found a folder with a source\.toml"):
        draft_dataset([written(file(HEADER + ROWS))])


def test_outcomes_of_authorities_are_read_as_received(file, written):
    rows = (
        "urn,local_authority,region_code,inspection_end_date,overall_effectiveness_grade,care_leavers_grade\n"
        "1,northshire,NE,15/09/2023,good,inspection_pre_dates_judgement\n"
        "2,southshire,SE,13/06/2025,requires improvement,good\n"
    )
    ds = ia.load(written(file(rows, "outcomes.csv")))
    assert ds.services == ["Children's services"]
    assert ds.areas == ["NE", "SE"]
    grades = ds.gradings.set_index(["authority", "domain"])["grade"].astype(object)
    assert grades["southshire"].to_dict() == {"overall": "RI", "care_leavers": "G"}
    assert ds.gradings["ungraded_reason"].dropna().tolist() == [
        "not applicable (inspection_pre_dates_judgement)"
    ]


HISTORY = (
    "urn,home,published,framework,Overall,Safe\n"
    "1,North,09/05/2025,cqc,Good,Good\n"
    "2,North,19/11/2021,cqc,Good,Good\n"
    "3,South,19/11/2021,cqc,Good,Good\n"
)


def test_what_tells_repeated_gradings_apart_is_proposed(file):
    path = file(HISTORY.replace("home", "local authority"))
    text = draft_dataset([path]).text
    assert '# number_rounds_by = "published"    # the first inspection, the second ...\n' in text
    assert '# columns.team = "urn"    # what is graded in each row\n' in text
    assert '"framework"' not in text
    assert "Choose what tells them apart" not in draft_dataset([file(HEADER + ROWS)]).text


def test_a_draft_counts_what_stops_it_by_kind(file, tmp_path):
    rows = "".join(f"Safeguarding,North,Team {n},04/09/2024,2024,practice,TBC\n" for n in range(40))
    draft = draft_dataset([file(HEADER + rows)])
    (line,) = [line for line in draft.text.splitlines() if "column 'grade'" in line]
    assert "found 'TBC' and 39 more of its kind (row 3, row 4, row 5, row 6; 35 more), expected" in line


def test_many_days_far_from_their_round_are_told_once(file):
    rows = "".join(f"Safeguarding,North,Team {n},{n % 28 + 1}/09/2014,2024,practice,G\n" for n in range(40))
    problems = [p for p in draft_dataset([file(HEADER + rows)]).problems if p.column == "visit_date"]
    assert [str(problem) for problem in problems] == [
        "visits.csv, row 2, column 'visit_date': found the day 01/09/2014 and 39 more of its kind (row 3, "
        "row 4, row 5, row 6; 35 more), expected a day near the round 2024, 01/01/2024 to 31/12/2024"
    ]
