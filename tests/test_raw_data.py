"""The raw folder says what the paper says: read with csv and tomllib only, without the package."""

from __future__ import annotations

import csv
import datetime
import hashlib
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "data" / "raw" / "worcestershire-2018"
DICTIONARY = ROOT / "docs" / "data-dictionary.md"
GLOSSARY = ROOT / "GLOSSARY.md"
PAPER = ROOT.parent / "shared" / "source"

ALLOCATION = "Effectiveness of case allocation and workload management arrangements"
PRACTICE = "Quality of practice and direct work with children and families including recording"
MONITORING = "Quality of performance monitoring and supervisory arrangements"
JOINT_WORKING = "Effectiveness of joint working between social care and other agencies"
OVERALL = "Overall conclusion"

HEADERS = {
    "summary_tables.csv": ["service", "domain", "grading", "page"],
    "statements.csv": ["kind", "service", "named_as", "number", "page", "statement"],
    "findings.csv": ["id", "kind", "theme", "domains", "services", "areas", "text", "page"],
    "deep_dives.csv": ["subject", "visited", "graded", "page", "note"],
}

# Typed from the paper a second time, apart from the file.
PRINTED = {
    ("Contact and Referral and Assessment Teams", 6): [
        (ALLOCATION, "RI (3 x RI)"),
        (PRACTICE, "RI (3 x RI)"),
        (MONITORING, "RI (3 x RI)"),
        (JOINT_WORKING, "RI (3 x RI)"),
        (OVERALL, "Requires Improvement (3 x RI)"),
    ],
    ("Safeguarding Teams", 6): [
        (ALLOCATION, "RI (5 x RI, 3 x I, 1 x G)"),
        (PRACTICE, "RI (9 x RI)"),
        (MONITORING, "RI (5 x RI, 4 x I)"),
        (JOINT_WORKING, "RI (6 x RI, 3 x no judgement)"),
        (OVERALL, "Requires Improvement (7 x RI, 2 x I)"),
    ],
    ("LAC Permanency Teams", 7): [
        (ALLOCATION, "RI (3 x RI)"),
        (PRACTICE, "I (2 x I, 1 x RI)"),
        (MONITORING, "RI (2 x RI, 1 x RI / I)"),
        (JOINT_WORKING, "RI (3 x RI)"),
        (OVERALL, "Requires Improvement (3 x RI)"),
    ],
    ("Care Leaving Teams", 7): [
        (ALLOCATION, "RI (2 x RI)"),
        (PRACTICE, "RI (2 x RI)"),
        (MONITORING, "RI / I (2 x RI / I)"),
        (JOINT_WORKING, "RI (2 x RI)"),
        (OVERALL, "Requires Improvement (2 x RI)"),
    ],
    ("Children with Disabilities Team", 8): [
        (ALLOCATION, "RI (2 x RI)"),
        (PRACTICE, "RI (2 x RI)"),
        (MONITORING, "RI (2 x RI)"),
        (JOINT_WORKING, "G (2 x G)"),
        (OVERALL, "Requires Improvement (2 x RI)"),
    ],
}
COUNTED = {
    ALLOCATION: {"RI": 15, "I": 3, "G": 1},
    PRACTICE: {"RI": 17, "I": 2},
    MONITORING: {"RI": 12, "I": 4, "RI / I": 3},
    JOINT_WORKING: {"RI": 14, "G": 2, "no judgement": 3},
    OVERALL: {"RI": 17, "I": 2},
}
STATED = [
    ("visits_total", "", "team diagnostic visits", 23, 3),
    ("visits", "Contact and Referral and Assessment", "Referral and Contact team and MASH", 1, 4),
    ("visits", "Contact and Referral and Assessment", "Assessment teams", 3, 4),
    ("visits", "Safeguarding", "Safeguarding teams", 9, 4),
    ("visits", "LAC Permanency", "Children in Care Permanency teams", 2, 4),
    ("visits", "Care Leaving", "Leaving Care teams", 3, 4),
    ("visits", "Children with Disabilities", "Children with Disabilities teams", 2, 4),
    ("visits", "Family Support", "specialist Family Support teams", 3, 4),
    ("deep_dives", "", "deep dive visits", 4, 3),
    ("workshops", "", "learning workshops", 4, 4),
]
DEEP_DIVES = [
    "Placements and Residential",
    "Fostering",
    "ICT and Performance Data",
    "Workforce, planning and learning and development",
]


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, strict=True)
    assert header == HEADERS[name]
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def about() -> dict:
    return tomllib.loads((FOLDER / "source.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def paper() -> str:
    files = sorted(PAPER.glob("*.txt"))
    if not files:
        pytest.skip("the paper does not lie beside the project")
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def several(cell: str) -> list[str]:
    return cell.split("; ") if cell else []


def declared(about: dict, table: str) -> dict[str, set[str]]:
    """Every spelling of each declared name, the name among them, without case."""
    return {
        entry["name"]: {spelling.casefold() for spelling in (entry["name"], *entry["aliases"])}
        for entry in about[table]
    }


def tally(grading: str) -> Counter[str]:
    inside = re.fullmatch(r"[^(]+ \(([^()]+)\)", grading)
    parts = [re.fullmatch(r"(\d+) x (.+)", part) for part in inside[1].split(", ")]
    return Counter({part[2]: int(part[1]) for part in parts})


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.casefold().replace("’", "'"))


def runs(text: str, length: int = 7) -> set[str]:
    found = words(text)
    return {" ".join(found[start : start + length]) for start in range(len(found) - length + 1)}


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*HEADERS, "source.toml"])
def test_files_are_plain_utf8_with_lf(name):
    raw = (FOLDER / name).read_bytes()
    raw.decode("utf-8")
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert not raw.endswith(b"\n\n")


@pytest.mark.parametrize("name", HEADERS)
def test_no_cell_has_stray_blanks(name):
    for row in read(name):
        for cell in row.values():
            assert cell == " ".join(cell.split())


def test_every_file_is_declared_with_its_hash(about):
    stated = {entry["name"]: entry["sha256"] for entry in about["files"]}
    actual = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FOLDER.iterdir()
        if path.name != "source.toml"
    }
    assert stated == actual
    assert {entry["name"]: entry["kind"] for entry in about["files"]} == {
        "summary_tables.csv": "published",
        "statements.csv": "statements",
        "findings.csv": "findings",
        "deep_dives.csv": "deep_dives",
    }


# --- the declaration -----------------------------------------------------------------------------


def test_the_report_is_dated_when_it_was_completed(about):
    assert about["published"] == datetime.date(2018, 2, 7)
    assert any("12 July 2018" in note for note in about["notes"])
    assert about["publisher"] == "Essex County Council"
    assert about["authority"] == "Worcestershire"
    assert about["round"] == "2017-18"
    assert about["visits"] == {"first": "August 2017", "last": "January 2018"}
    assert about["illustrative"] is False


def test_domains_are_declared_as_printed(about):
    assert [(entry["key"], entry["title"], entry["headline"]) for entry in about["domains"]] == [
        ("allocation", ALLOCATION, "code"),
        ("practice", PRACTICE, "code"),
        ("monitoring", MONITORING, "code"),
        ("joint_working", JOINT_WORKING, "code"),
        ("overall", OVERALL, "words"),
    ]
    assert [entry["short"] for entry in about["domains"]] == [
        "Case allocation and workload",
        "Practice and direct work",
        "Performance monitoring",
        "Joint working",
        "Overall conclusion",
    ]


def test_services_and_areas_are_declared_in_order(about):
    assert list(declared(about, "services")) == [
        "Contact and Referral and Assessment",
        "Safeguarding",
        "LAC Permanency",
        "Care Leaving",
        "Children with Disabilities",
        "Family Support",
    ]
    assert list(declared(about, "areas")) == ["Redditch/Wychavon", "Worcester/Malvern"]


@pytest.mark.parametrize("table", ["services", "areas"])
def test_no_spelling_means_two_things(about, table):
    owners = Counter(spelling for spellings in declared(about, table).values() for spelling in spellings)
    assert [spelling for spelling, times in owners.items() if times > 1] == []


def test_programme_runs_in_order_of_time(about):
    assert [entry["date"] for entry in about["programme"]] == [
        "24 January 2017",
        "July 2017",
        "August 2017 to January 2018",
        "October 2017",
        "27 November 2017",
        "January 2018",
        "January to March 2018",
        "7 February 2018",
        "12 July 2018",
    ]


# --- the tables ----------------------------------------------------------------------------------


def test_cells_are_as_printed():
    typed = [
        {"service": service, "domain": domain, "grading": grading, "page": str(page)}
        for (service, page), cells in PRINTED.items()
        for domain, grading in cells
    ]
    assert len(typed) == 25
    assert read("summary_tables.csv") == typed


def test_tallies_add_up_to_the_hand_count():
    counted: dict[str, Counter[str]] = {domain: Counter() for domain in COUNTED}
    for row in read("summary_tables.csv"):
        counted[row["domain"]] += tally(row["grading"])
    assert {domain: dict(grades) for domain, grades in counted.items()} == COUNTED
    assert sum(sum(grades.values()) for grades in counted.values()) == 95


def test_each_service_has_its_number_of_teams_in_every_domain():
    teams: dict[str, list[int]] = {}
    for row in read("summary_tables.csv"):
        teams.setdefault(row["service"], []).append(tally(row["grading"]).total())
    assert list(teams.values()) == [[3] * 5, [9] * 5, [3] * 5, [2] * 5, [2] * 5]


def test_each_headline_is_the_most_frequent_grade_of_its_tally():
    for row in read("summary_tables.csv"):
        headline = row["grading"].split(" (")[0].replace("Requires Improvement", "RI")
        (first, most), *others = tally(row["grading"]).most_common()
        assert headline == first
        assert all(number < most for _, number in others)


def test_tables_name_declared_services_and_domains(about):
    spellings = declared(about, "services")
    titles = {entry["title"] for entry in about["domains"]}
    for row in read("summary_tables.csv"):
        assert [name for name, known in spellings.items() if row["service"].casefold() in known] != []
        assert row["domain"] in titles


# --- statements ----------------------------------------------------------------------------------


def test_statements_are_those_of_the_prose():
    found = [
        (row["kind"], row["service"], row["named_as"], int(row["number"]), int(row["page"]))
        for row in read("statements.csv")
    ]
    assert found == STATED


def test_visits_add_up_to_the_total_of_the_prose():
    rows = read("statements.csv")
    assert sum(int(row["number"]) for row in rows if row["kind"] == "visits") == 23
    assert [row["number"] for row in rows if row["kind"] == "visits_total"] == ["23"]


def test_statements_name_declared_services_by_a_declared_alias(about):
    spellings = declared(about, "services")
    for row in read("statements.csv"):
        if row["kind"] == "visits":
            assert row["named_as"].casefold() in spellings[row["service"]]
        else:
            assert row["service"] == ""


# --- findings ------------------------------------------------------------------------------------


def test_finding_ids_run_in_the_paper_s_order():
    rows = read("findings.csv")
    assert [row["id"] for row in rows] == [f"f{number:02d}" for number in range(1, 44)]
    pages = [int(row["page"]) for row in rows]
    assert pages == [4] * 14 + [5] * 20 + [8] * 9


def test_findings_are_strengths_or_vulnerabilities():
    kinds = {row["id"]: row["kind"] for row in read("findings.csv")}
    assert set(kinds.values()) == {"strength", "vulnerability"}
    strengths = [*range(1, 6), *range(9, 12), *range(35, 44)]
    assert [key for key, kind in kinds.items() if kind == "strength"] == [f"f{n:02d}" for n in strengths]


def test_findings_name_what_is_declared(about):
    services, areas = declared(about, "services"), declared(about, "areas")
    keys = {entry["key"] for entry in about["domains"]} - {"overall"}
    for row in read("findings.csv"):
        for column, known in (("domains", keys), ("services", set(services)), ("areas", set(areas))):
            names = several(row[column])
            assert set(names) <= known, (row["id"], column)
            assert len(names) == len(set(names)), (row["id"], column)


def test_only_three_findings_name_areas_and_they_name_both():
    named = {row["id"]: row["areas"] for row in read("findings.csv") if row["areas"]}
    assert named == dict.fromkeys(["f09", "f10", "f11"], "Redditch/Wychavon; Worcester/Malvern")


def test_each_finding_is_one_sentence_said_once():
    texts = [row["text"] for row in read("findings.csv")]
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert text[0].isupper()
        assert text.endswith(".")
        assert ". " not in text


def test_themes_are_those_of_the_dictionary():
    section = DICTIONARY.read_text(encoding="utf-8").split("### Themes")[1].split("\n## ")[0]
    listed = re.findall(r"^\| `([^`]+)` \| \S", section, flags=re.MULTILINE)
    assert listed == sorted({row["theme"] for row in read("findings.csv")})


# --- deep dives ----------------------------------------------------------------------------------


def test_deep_dives_were_visited_and_not_graded():
    found = [(row["subject"], row["visited"], row["graded"], row["page"]) for row in read("deep_dives.csv")]
    assert found == [(subject, "yes", "no", "8") for subject in DEEP_DIVES]


# --- the pages that describe them ----------------------------------------------------------------


@pytest.mark.parametrize("name", HEADERS)
def test_dictionary_describes_every_column_in_order(name):
    section = DICTIONARY.read_text(encoding="utf-8").split(f"### `{name}`")[1].split("\n### ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE) == HEADERS[name]


def test_dictionary_repeats_the_hand_count():
    text = DICTIONARY.read_text(encoding="utf-8")
    keys = ["allocation", "practice", "monitoring", "joint_working", "overall"]
    for key, grades in zip(keys, COUNTED.values(), strict=True):
        cells = [grades.get(grade, 0) for grade in ("I", "RI / I", "RI", "G", "no judgement")]
        assert f"| `{key}` | {' | '.join(map(str, cells))} | 19 |" in text


def test_dictionary_describes_every_key_of_the_declaration(about):
    section = DICTIONARY.read_text(encoding="utf-8").split("### `source.toml`")[1].split("\n## ")[0]
    keys_column = "\n".join(line.split(" | ")[0] for line in section.splitlines() if line.startswith("| `"))
    described = set(re.findall(r"`([^`]+)`", keys_column))
    tables = {key: value for key, value in about.items() if isinstance(value, dict)}
    lists = {key: value for key, value in about.items() if value and isinstance(value, list)}
    arrays = {key: value for key, value in lists.items() if isinstance(value[0], dict)}
    assert set(about) - set(tables) - set(arrays) <= described
    for key, table in tables.items():
        assert {f"[{key}]", *table} <= described
    for key, array in arrays.items():
        assert {f"[[{key}]]", *array[0]} <= described
        assert all(set(entry) == set(array[0]) for entry in array)


def test_glossary_lists_each_term_once_and_in_order():
    text = GLOSSARY.read_text(encoding="utf-8")
    terms = re.findall(r"^\| \*\*([^*]+)\*\* \| \S", text, flags=re.MULTILINE)
    assert len(set(terms)) == len(terms)
    assert {
        *("grade", "grading", "split grade", "no judgement", "headline", "tally", "domain", "service"),
        *("overall conclusion", "team", "area", "authority", "round", "visit", "deep dive", "QPRM"),
        *("learning workshop", "illustrative", "counts", "share", "discrepancy", "reconciliation"),
    } <= set(terms)
    for section in text.split("\n## ")[1:]:
        order = re.findall(r"^\| \*\*([^*]+)\*\*", section, flags=re.MULTILINE)
        assert order == sorted(order, key=lambda term: term.casefold().replace(".", ""))


# --- against the paper ---------------------------------------------------------------------------


def test_what_is_spelt_as_printed_stands_in_the_paper(about, paper):
    flat = " ".join(paper.split())
    for row in read("summary_tables.csv"):
        assert f"{row['domain']} {row['grading']}" in flat
        assert f"{row['service']} The overall judgements" in flat
    for subject in DEEP_DIVES:
        assert f"**{subject}**" in flat
    for row in read("statements.csv"):
        assert row["named_as"].casefold() in flat.casefold()
    for table in ("services", "areas"):
        for entry in about[table]:
            for alias in entry["aliases"]:
                assert alias.casefold() in flat.casefold()


def test_each_printed_table_is_the_one_transcribed(paper):
    lines = re.findall(r"^(.+)\t((?:RI|I|G|O|Requires Improvement)\b.*)$", paper, flags=re.MULTILINE)
    assert lines == [(row["domain"], row["grading"]) for row in read("summary_tables.csv")]


def test_pages_of_the_tables_are_those_of_the_contents(paper):
    pages = dict(re.findall(r"^(.+?)[ .]*\t(\d+)$", paper, flags=re.MULTILINE))
    for row in read("summary_tables.csv"):
        assert pages[row["service"]] == row["page"]
    assert {pages["'Deep Dive' Visits"]} == {row["page"] for row in read("deep_dives.csv")}
    assert pages["Conclusion"] == read("findings.csv")[-1]["page"]


def test_no_sentence_of_the_paper_is_copied(about, paper):
    ours = [row["text"] for row in read("findings.csv")]
    ours += [row["statement"] for row in read("statements.csv")]
    ours += [row["note"] for row in read("deep_dives.csv")]
    ours += [about["title"], about["licence"], *about["notes"]]
    ours += [entry["event"] for entry in about["programme"]] + [entry["origin"] for entry in about["files"]]
    for page in (DICTIONARY, GLOSSARY):
        # Gradings quoted as examples are facts, not sentences.
        ours += re.sub(r"`[^`]*\d x [^`]*`", "", page.read_text(encoding="utf-8")).splitlines()
    theirs = runs(paper)
    assert len(theirs) > 1000
    assert {text: runs(text) & theirs for text in ours if runs(text) & theirs} == {}
