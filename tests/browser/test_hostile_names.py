"""Names and texts made to break out: through pages, tables and workbook, and into a real browser."""

import csv
import io

import openpyxl
import pytest

from improvement_analysis import SourceError, cli, load
from improvement_analysis.exports import workbook_bytes
from improvement_analysis.report.planning.plan import plan_pages
from improvement_analysis.report.runner import Order, run_report
from improvement_analysis.spreadsheets import guard, is_formula

#: What would run sets ``hit``.
NAMES = [
    "<script>hit=1</script>",
    "<img src=x onerror=hit=1>",
    '"><svg onload=hit=1>',
    "' onfocus='hit=1' autofocus='",
    "</title><script>hit=1</script>",
    "</style><script>hit=1</script>",
    "</text></svg><img src=x onerror=hit=1>",
    "--><script>hit=1</script>",
    "]]><script>hit=1</script>",
    "&lt;script&gt;hit=1&lt;/script&gt;",
    "&#60;img src=x onerror=hit=1&#62;",
    "<iframe srcdoc='<script>parent.hit=1</script>'>",
    "<a href=javascript:hit=1>Team</a>",
    "javascript:hit=1",
    "[Team](javascript:hit=1)",
    "<base href=https://example.org>",
    "<meta http-equiv=refresh content=0>",
    "<template><script>hit=1</script></template>",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "${hit=1}",
    "`hit=1`",
    "$\\frac{1}{0}$",
    "%3Cscript%3Ehit=1%3C/script%3E",
    "=HYPERLINK(1)",
    "=cmd|' /C calc'!A0",
    "+1+cmd|x",
    "-1+cmd|x",
    "@SUM(1)",
    "＝1+1",
    "－1+1",
    "CON",
    "nul.html",
    "../../etc/passwd",
    "..\\..\\windows",
    "C:\\x",
    "trailing.",
    "Team \u202egnp.exe",
    "\u2067Team\u2069 A",
    "T\u0351\u0352\u0353eam",
    "x" * 190,
    "\u05e6\u05d5\u05d5\u05ea",
    "\u0641\u0631\u064a\u0642",
    "\u961f",
    "İı",
    "Team \U0001f642",
]
#: Whether anything ran, and how much there is that could.
LIVE = "script, iframe, base, [onerror], [onload], [onclick], [onfocus], [href^='javascript:'], [http-equiv]"
RAN = f'[typeof hit, document.querySelectorAll("{LIVE}").length]'
HEADER = ["area", "service", "team", "round", "visit_date", "domain", "grade", "reasons"]
DOMAINS = ["allocation", "practice", "monitoring", "joint_working", "overall"]


def write(folder, teams):
    """A dataset in which every name is a team's, and every text is a reason."""
    folder.mkdir()
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(HEADER)
    for number, team in enumerate(teams):
        area = ("Area <script>hit=1</script>", "Area <img src=x onerror=hit=1>")[number % 2]
        for domain in DOMAINS:
            said = NAMES[number % len(NAMES)]
            rows.writerow([area, "<b onclick=hit=1>S", team, "2020-21", "04/09/2020", domain, "RI", said])
    (folder / "teams.csv").write_text(text.getvalue(), "utf-8", newline="")
    (folder / "source.toml").write_text(SOURCE, "utf-8")


SOURCE = """title = "<script>hit=1</script>"
publisher = "<img src=x onerror=hit=1>"
authority = "Council"
round = "2020-21"
licence = "none"
citation = "</footer><script>hit=1</script>"
illustrative = true
[[files]]
name = "teams.csv"
kind = "gradings"
"""


@pytest.mark.filterwarnings("ignore::improvement_analysis.errors.SourceWarning")
def test_nothing_runs_in_a_page_a_table_or_a_workbook(visit, tmp_path):
    """Names that a spreadsheet would run are refused; all others, and every text, are shown as they are."""
    write(tmp_path / "all", NAMES)
    with pytest.raises(SourceError) as refused:
        load(tmp_path / "all")
    errors = [problem for problem in refused.value.problems if problem.severity == "error"]
    formulas = [name for name in NAMES if is_formula(name)]
    assert len(errors) == len(DOMAINS) * len(formulas) == 40
    folder, out = tmp_path / "data", tmp_path / "out"
    write(folder, [name for name in NAMES if name not in formulas])
    dataset = load(folder)
    teams = [page.path for page in plan_pages(dataset) if page.kind == "team"]
    assert len(set(teams)) == len(teams) == len(NAMES) - len(formulas)
    others = [page.path for page in plan_pages(dataset) if page.kind in ("service", "area")]
    only = [*teams[:1], *others[:2], "overview.html", "data-quality.html"]
    outcome = run_report(dataset, Order(folder, out, only=only))
    assert [page.error for page in outcome.failed] == []
    (tmp_path / "live.html").write_text(NAMES[0], "utf-8")
    assert visit(tmp_path / "live.html").evaluate(RAN) == ["number", 1]
    for path in sorted(out.rglob("*.html")):
        page = visit(path)
        page.wait_for_load_state("load")
        assert page.evaluate(RAN) == ["undefined", 0]
        assert [url for url in page.asked if not url.startswith("file:")] == []
    assert cli.main(["build", str(folder), "-o", str(tmp_path / "built"), "--quiet"]) == 0
    tables = [*out.rglob("*.csv"), *tmp_path.joinpath("built").rglob("*.csv")]
    assert len(tables) > 6
    for path in tables:
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert [cell for cell in cells if guard(cell) != cell and not cell.startswith("'")] == []
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(dataset)))
    assert [cell.value for sheet in book for row in sheet for cell in row if cell.data_type == "f"] == []
