"""Keys of source.toml that say how a file is to be read: each in a small file of its own."""

from __future__ import annotations

import pytest

import improvement_analysis as ia
from improvement_analysis import pages

TOP = 'title = "T"\nauthority = "Northshire"\nround = "2024"\n'
HEADER = "service,team,visit_date,domain,grade\n"


@pytest.fixture
def dataset(tmp_path):
    def write(text, keys="", file="", name="gradings.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        files = f'[[files]]\nname = "{name}"\nkind = "gradings"\n{file}\n'
        (tmp_path / "source.toml").write_text(TOP + keys + "\n" + files, encoding="utf-8")
        return ia.load(tmp_path)

    return write


def refused(dataset, *args, **kwargs):
    with pytest.raises(ia.SourceError) as fault:
        dataset(*args, **kwargs)
    return [str(problem) for problem in fault.value.problems]


@pytest.mark.parametrize(
    ("empty", "reason"),
    [("no judgement", "no judgement (empty)"), ("not applicable", "not applicable (empty)")],
)
def test_an_empty_cell_means_what_is_declared(dataset, empty, reason):
    ds = dataset(HEADER + "S,Team A,,practice,G\nS,Team A,,overall,\n", f'empty = "{empty}"')
    assert ds.gradings["ungraded_reason"].dropna().tolist() == [reason]
    assert len(ds.gradings) == 2


def test_an_empty_cell_may_be_left_out(dataset):
    ds = dataset(HEADER + "S,Team A,,practice,G\nS,Team A,,overall,\n", 'empty = "left out"')
    assert ds.gradings["domain"].tolist() == ["practice"]
    assert ds.problems == ()


def test_an_empty_cell_is_refused_where_nothing_is_declared(dataset):
    assert refused(dataset, HEADER + "S,Team A,,practice,\n") == [
        "gradings.csv, row 2, column 'grade': found an empty cell, expected one of I, RI, G, O, "
        "a split such as 'RI / I', or 'no judgement'; write 'no judgement' where the team was not graded"
    ]


def test_declared_words_keep_not_judged_and_not_applicable_apart(dataset):
    keys = 'ungraded = ["see letter"]\nnot_applicable = ["no such team"]'
    rows = "S,Team A,,practice,See letter\nS,Team A,,overall,No such team\n"
    ds = dataset(HEADER + rows, keys)
    assert ds.gradings["ungraded_reason"].tolist() == ["See letter", "not applicable (No such team)"]


@pytest.mark.parametrize(
    ("order", "text", "day"),
    [
        ("day first", "04/09/2024", "2024-09-04"),
        ("month first", "04/09/2024", "2024-04-09"),
        ("year first", "2024/09/04", "2024-09-04"),
    ],
)
def test_days_are_read_in_the_declared_order(dataset, order, text, day):
    ds = dataset(HEADER + f"S,Team A,{text},practice,G\n", f'date_format = "{order}"')
    assert str(ds.gradings["visit_date"].iloc[0].date()) == day


def test_a_day_that_contradicts_the_declared_order_is_refused(dataset):
    assert refused(dataset, HEADER + "S,Team A,25/09/2024,practice,G\n", 'date_format = "month first"') == [
        "gradings.csv, row 2, column 'visit_date': found '25/09/2024', expected a date, "
        "month first as declared, such as 09/04/2017 or 2017-09-04; it only makes sense day first: "
        "write 09/25/2024"
    ]


def test_only_the_declared_rows_are_read(dataset):
    rows = "S,Team A,home,practice,G\nS,Team B,Home,practice,RI\nS,Team C,agency,practice,I\n"
    ds = dataset(HEADER.replace("visit_date", "kind") + rows, file='where = {kind = "HOME"}')
    assert ds.gradings["team"].tolist() == ["Team A", "Team B"]


def test_a_column_or_a_value_that_is_not_there_is_told(dataset):
    rows = HEADER + "S,Team A,,practice,G\n"
    assert refused(dataset, rows, file='where = {kind = "home"}') == [
        "gradings.csv, row 1: found 'service', 'team', 'visit_date', 'domain', 'grade', expected the "
        "column 'kind' that 'where' names"
    ]
    assert refused(dataset, rows, file='where = {team = ["Team X", "Team Y"]}') == [
        "gradings.csv, row 1, column 'team': found no such row, expected a row with 'Team X' or 'Team Y', as "
        "'where' declares"
    ]


def test_the_header_stands_where_it_is_declared(dataset):
    text = "service,team,notes,domain,grade\n" + HEADER + "S,Team A,,practice,G\n"
    ds = dataset(text, file="header_row = 2")
    assert ds.gradings["source"].tolist() == ["gradings.csv, row 3"]


def test_a_framework_is_named_and_added_to(dataset):
    keys = 'framework = "cqc"\nungraded = ["awaiting"]\n[[domains]]\nkey = "safe"\naliases = ["Safety"]\n'
    keys += '[[domains]]\nkey = "kitchen"\ntitle = "The kitchen"\n'
    rows = "S,Team A,,Safety,Inspected but not rated\nS,Team A,,The kitchen,awaiting\nS,Team A,,caring,GOOD\n"
    ds = dataset(HEADER + rows, keys)
    assert [domain.key for domain in ds.about.domains] == [
        *("overall", "safe", "effective", "caring", "responsive", "well_led", "kitchen")
    ]
    assert ds.gradings.set_index("domain")["grade"].dropna().to_dict() == {"caring": "G"}


def test_an_alias_that_a_dataset_gives_another_domain_is_its_own_there(dataset):
    keys = 'framework = "team-diagnostic"\n[[domains]]\nkey = "practice"\naliases = ["Supervision"]\n'
    ds = dataset(HEADER + "S,Team A,,Supervision,G\n", keys)
    assert ds.gradings["domain"].tolist() == ["practice"]


def test_domains_without_a_framework_are_all_there_are_and_borrow_its_words(dataset):
    ds = dataset(HEADER + "S,Team A,,Recording,G\n", '[[domains]]\nkey = "practice"\n')
    assert [domain.key for domain in ds.about.domains] == ["practice"]
    assert ds.gradings["domain"].tolist() == ["practice"]


def test_a_scale_is_named_or_spelt_out(dataset):
    ds = dataset(HEADER + "S,Team A,,practice,5 - Very good\n", 'scale = "care-inspectorate"')
    assert ds.gradings["grade"].tolist() == ["5"]
    spelt = '[scale]\ncodes = ["Lo", "Hi"]\nnames = ["Low", "High"]\n'
    ds = dataset(HEADER + "S,Team A,,practice,high\n", spelt)
    assert ds.about.scale.good is None
    assert ds.gradings["grade"].tolist() == ["Hi"]


@pytest.mark.parametrize(("digits", "grade"), [("1 is best", "O"), ("1 is worst", "I")])
def test_digits_run_as_declared(dataset, digits, grade):
    ds = dataset(HEADER + "S,Team A,,practice,1\n", f'digits = "{digits}"')
    assert ds.gradings["grade"].tolist() == [grade]


def test_what_is_not_known_is_answered_with_what_is(dataset):
    keys = 'framework = "ofsted"\nempty = "nothing"\ndate_format = "%d"\ndigits = "up"\n'
    assert refused(dataset, HEADER, keys, "header_row = 0\nwhere = {team = 3}") == [
        "source.toml: found date_format = '%d', expected one of 'day first', 'month first', 'year first'",
        "source.toml: found digits = 'up', expected one of '1 is worst', '1 is best'",
        "source.toml: found empty = 'nothing', expected one of 'no judgement', 'not applicable', 'left out'",
        "source.toml: found files.header_row = 0, expected a whole number from 1 upwards, without quotes",
        "source.toml: found files.where.team = 3, expected a text in double quotes, or a list of them",
        "source.toml: found framework = 'ofsted', expected one of 'team-diagnostic', 'ofsted-ilacs', "
        "'ofsted-sccif', 'area-send', 'cqc', 'hmip-youth-justice', 'care-inspectorate', "
        "'ofsted-report-card', 'practice-audit'; did you mean 'ofsted-sccif'?",
    ]


def test_pages_say_how_many_gradings_without_a_grade_are_not_applicable(dataset):
    rows = "S,Team A,,practice,n/a\nS,Team A,,overall,no judgement\n"
    rows += "S,Team B,,practice,n/a\nS,Team B,,overall,G\n"
    told = pages.caveats(dataset(HEADER + rows)).items
    assert told[0] == (
        "Of 3 gradings without a grade, 2 are not applicable: there was nothing to grade. 1 could have been "
        "graded and was not."
    )
    rows = rows.replace("n/a", "no judgement")
    assert "without a grade" not in " ".join(pages.caveats(dataset(HEADER + rows)).items)


def test_a_service_whose_gradings_all_have_a_grade_says_nothing_of_it(dataset):
    ds = dataset(HEADER + "S,Team A,,practice,n/a\nT,Team B,,practice,G\n")
    assert "without a grade" not in " ".join(pages.caveats(ds, "T").items)


HISTORY = (
    "local_authority,published,inspected,Overall effectiveness,Care leavers\n"
    "North,09/05/25,,good,good\n"
    "North,19/11/2021,08/10/2021,inadequate,requires improvement\n"
    "South,01/02/2024,12/01/2024,outstanding,good\n"
    "North,01/06/14,,requires improvement,good\n"
)
ILACS = 'framework = "ofsted-ilacs"\n'


def history(tmp_path, text=HISTORY, keys='number_rounds_by = "published"\n'):
    (tmp_path / "history.csv").write_text(text, encoding="utf-8")
    files = '[[files]]\nname = "history.csv"\nkind = "gradings"\n'
    (tmp_path / "source.toml").write_text(f'title = "T"\n{ILACS}{keys}{files}', encoding="utf-8")
    return tmp_path


def test_days_number_the_inspections_of_each_authority_as_its_rounds(tmp_path):
    ds = ia.load(history(tmp_path))
    overall = ds.gradings[ds.gradings["domain"] == "overall"]
    assert dict(
        zip(zip(overall["authority"], overall["round"], strict=True), overall["grade"], strict=True)
    ) == {
        ("North", "Round 1"): "RI",
        ("North", "Round 2"): "I",
        ("North", "Round 3"): "G",
        ("South", "Round 1"): "O",
    }
    assert ds.gradings["round"].cat.ordered
    assert not any("published" in str(problem) and "not known" in str(problem) for problem in ds.problems)


def test_the_day_of_the_visit_may_number_the_rounds(tmp_path):
    text = HISTORY.replace("inspected", "inspection_end_date").replace(",,", ",02/02/2025,", 1)
    text = text.replace(",,", ",02/02/2014,")
    ds = ia.load(history(tmp_path, text, 'number_rounds_by = "inspection_end_date"\n'))
    north = ds.gradings[(ds.gradings["authority"] == "North") & (ds.gradings["domain"] == "overall")]
    assert north["round"].tolist() == ["Round 1", "Round 2", "Round 3"]
    assert north["visit_date"].dt.year.tolist() == [2014, 2021, 2025]


@pytest.mark.parametrize(
    ("text", "keys", "message"),
    [
        (
            HISTORY.replace("09/05/25", ""),
            "",
            "history.csv, row 2, column 'published': found an empty cell, expected a day; rounds are "
            "numbered by it: leave the row out with 'where', or name another column",
        ),
        (
            HISTORY.replace("published", "when"),
            "",
            "history.csv, row 1: found 'local_authority', 'when', 'inspected', 'Overall effectiveness', "
            "'Care leavers', expected the column 'published' that 'number_rounds_by' names",
        ),
        (
            HISTORY,
            'round = "2024"\n',
            "source.toml: found number_rounds_by beside round, expected rounds that are numbered, or rounds "
            "with names",
        ),
    ],
)
def test_rounds_that_cannot_be_numbered_are_refused(tmp_path, text, keys, message):
    with pytest.raises(ia.SourceError) as fault:
        ia.load(history(tmp_path, text, f'number_rounds_by = "published"\n{keys}'))
    assert message in [str(problem) for problem in fault.value.problems]
