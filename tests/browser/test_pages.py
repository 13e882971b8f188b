"""Every kind of page in a real browser: axe-core, and what axe-core cannot see."""

import re
from io import BytesIO

import numpy as np
import pytest
import words
from PIL import Image

import improvement_analysis as ia
from improvement_analysis import palette
from improvement_analysis.comparison import CENSUS
from improvement_analysis.report.runner import Order, run_report

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = [
    "index.html",
    "overview.html",
    "data-quality.html",
    "services/safeguarding.html",
    "services/care-leaving.html",
    "areas/redditch-wychavon.html",
    "timeline.html",
    "self-evaluation.html",
]


# Of the illustrative forms: the kinds of page that published tallies cannot fill.
EXAMPLE = [
    "index.html",
    "areas/redditch-wychavon.html",
    "areas.html",
    "rounds.html",
    "moderation.html",
    "qprm.html",
    "workshops/safeguarding.html",
    "teams/team-d.html",
    "actions.html",
    "trace.html",
]


#: What may stand in a square of a chart.
LETTERS = re.compile("I|RI|G|O|[\u2013!?\u2713\u2715]")

#: What stands under every chart of the example.
SOURCE = "Team diagnostic forms made up to show the software"


@pytest.fixture(scope="session")
def example(root, tmp_path_factory):
    folder = root / "data" / "raw" / "example-team-forms"
    pages = [page for page in EXAMPLE if page != "index.html"]
    order = Order(folder, tmp_path_factory.mktemp("example"), only=pages)
    outcome = run_report(ia.load(folder), order)
    assert [page.error for page in outcome.failed] == []
    return outcome.index.parent


def test_the_page_of_an_area_says_that_it_is_a_census_and_what_p_answers(example):
    text = (example / "areas" / "redditch-wychavon.html").read_text(encoding="utf-8")
    assert CENSUS in text


@pytest.fixture(scope="session")
def publication(root, tmp_path_factory):
    folder = root / "data" / "raw" / "example-team-forms"
    order = Order(folder, tmp_path_factory.mktemp("publication"), publish=True)
    outcome = run_report(ia.load(folder), order)
    assert [page.error for page in outcome.failed] == []
    return outcome.index.parent


@pytest.fixture(params=[*PAGES, *(f"example/{page}" for page in EXAMPLE), "publication/index.html"])
def path(request, report):
    home, _, page = request.param.partition("/")
    if home in ("example", "publication"):
        return request.getfixturevalue(home) / page
    return report / request.param


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing(path, visit, axe, width, scheme):
    page = visit(path, width=width, scheme=scheme)
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    told = [
        (each["id"], node["target"], node["failureSummary"])
        for each in found["violations"]
        for node in each["nodes"]
    ]
    assert told == []
    assert len(found["passes"]) > 10


def test_asks_nothing_of_the_network(path, visit):
    page = visit(path)
    page.wait_for_load_state("networkidle")
    assert [address for address in page.asked if not address.startswith("data:")] == [path.as_uri()]


def test_nothing_sticks_out_of_the_window_and_a_laptop_shows_every_column(path, visit):
    """Narrower, a table scrolls within its own frame."""
    page = visit(path, width=320)
    for width in (320, 400, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    wide = page.evaluate(
        """() => [...document.querySelectorAll('.ia-scroll, .scroll')]
               .filter(frame => frame.scrollWidth > frame.clientWidth + 1)
               .map(frame => [frame.innerText.split('\\n')[0], frame.scrollWidth, frame.clientWidth])"""
    )
    assert wide == []


@pytest.mark.parametrize("name", ["actions.html", "qprm.html"])
@pytest.mark.parametrize("width", [400, 1280])
def test_the_name_of_a_team_stays_in_one_line(example, visit, name, width):
    lines = visit(example / name, width=width).evaluate(
        """() => [...document.querySelectorAll('.ia-table td')]
               .filter(cell => /^Team [A-Z]$/.test(cell.textContent.trim()))
               .map(cell => {
                   const text = document.createRange();
                   text.selectNodeContents(cell);
                   return text.getClientRects().length;
               })"""
    )
    assert len(lines) > 10
    assert set(lines) == {1}


def test_every_chart_is_described_and_followed_by_its_table_and_headings_have_a_scope(path, visit):
    page = visit(path)
    told = page.evaluate(
        """() => [...document.querySelectorAll('main .ia-wide svg, main figure > svg')].map(svg => {
            const after = [...document.querySelectorAll('main .ia-wide svg, main figure > svg, main table')];
            const next = after[after.indexOf(svg) + 1];
            return {name: svg.getAttribute('aria-labelledby'), alt: svg.querySelector('desc').textContent,
                    next: next ? next.tagName.toLowerCase() : null};
        })"""
    )
    assert all(each["next"] == "table" and len(each["alt"]) > 40 for each in told)
    assert len(told) == page.locator("main figure").count()
    assert page.locator("th:not([scope])").count() == 0


def test_the_first_tab_stop_skips_to_the_content_and_every_one_shows_its_focus(path, visit):
    page = visit(path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Skip to")
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    for _ in range(12):
        seen = page.evaluate(
            """() => { const here = document.activeElement, style = getComputedStyle(here);
            return here === document.body || here.matches('.skip')
                || style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }"""
        )
        assert seen
        page.keyboard.press("Tab")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["index.html", "services/safeguarding.html"])
def test_grades_keep_their_colours_where_all_others_are_forced(report, visit, scheme, page):
    opened = visit(report / page, scheme=scheme, forced="active")
    opened.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    ground, edge = (255, 0) if scheme == "light" else (0, 255)
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == f"rgb{(ground,) * 3}"
    pixels = np.asarray(Image.open(BytesIO(opened.locator(".chip").first.screenshot())).convert("RGB"))
    orange = tuple(bytes.fromhex(palette.fill("RI")[0].lstrip("#")))
    assert (pixels == orange).all(axis=2).mean() > 0.3
    assert (pixels[:3] == edge).all(axis=2).any()


def test_print_leaves_out_what_paper_cannot_use(path, visit):
    page = visit(path)
    page.emulate_media(media="print")
    assert not page.locator(".skip").is_visible()
    assert page.locator("h1").is_visible()
    assert page.locator(".download:visible").count() == 0


def printed_pages(page, path):
    """The letters and digits of each sheet of paper, and nothing else: lines break where they like."""
    import pypdfium2

    page.pdf(path=path, prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(path)
    texts = [squeezed(sheet.get_textpage().get_text_bounded()) for sheet in document]
    document.close()
    return texts


def squeezed(text):
    return re.sub(r"\W|_", "", text)


@pytest.mark.parametrize("name", ["qprm.html", "actions.html"])
def test_on_paper_nothing_is_torn_apart(example, visit, tmp_path, name):
    """A heading stands on the page of its table's first row, a row on one page, a chart on one page."""
    page = visit(example / name)
    sheets = printed_pages(page, tmp_path / "page.pdf")
    assert 3 <= len(sheets) <= 9
    headed = page.evaluate(
        """() => [...document.querySelectorAll('main h2')].map(h2 => {
            let next = (h2.closest('summary') || h2).nextElementSibling;
            while (next && next.tagName === 'P') next = next.nextElementSibling;
            const row = next && next.matches('.ia-scroll') ? next.querySelector('tbody tr') : null;
            return row && [h2.textContent, ...[...row.cells].map(cell => cell.textContent)];
        }).filter(each => each)"""
    )
    assert len(headed) >= 3
    rows = [row.locator("th, td").all_text_contents() for row in page.locator("main tbody tr").all()]
    charts = [[title.split(",")[0], SOURCE] for title in page.locator("main svg title").all_text_contents()]
    assert charts
    for parts in (*headed, *rows, *charts):
        words = [squeezed(part) for part in parts]
        assert any(all(word in text for word in words) for text in sheets), parts


#: Words that a page shows before a fold is opened, at most: see docs/reports.md.
BUDGETS = {
    "overview.html": 600,
    "data-quality.html": 500,
    "services/safeguarding.html": 500,
    "services/care-leaving.html": 500,
    "areas/redditch-wychavon.html": 650,
    "example/areas/redditch-wychavon.html": 650,
    "example/rounds.html": 500,
    "example/moderation.html": 500,
    "example/qprm.html": 700,
    "example/workshops/safeguarding.html": 750,
    "example/teams/team-d.html": 750,
    "example/actions.html": 700,
}


@pytest.mark.parametrize("name", BUDGETS)
def test_a_page_keeps_to_its_budget_of_words_and_each_sentence_is_short_and_plain(name, request, report):
    home = request.getfixturevalue("example") if name.startswith("example/") else report
    html = (home / name.removeprefix("example/")).read_text(encoding="utf-8")
    assert len(words.shown_words(html)) <= BUDGETS[name]
    told = list(words.sentences(html))
    assert [each for each in told if len(each.split()) > 30] == []
    assert words.reading_grade(told) <= 7
    assert not re.search(r"lopsided|\bdeals?\b|completion|all the same|of which", " ".join(told))


@pytest.mark.parametrize(
    "name", ["overview.html", "services/safeguarding.html", "example/areas/redditch-wychavon.html"]
)
def test_the_first_chart_begins_above_the_fold(name, request, report, visit):
    home = request.getfixturevalue("example") if name.startswith("example/") else report
    figure = visit(home / name.removeprefix("example/")).locator("figure").first
    assert figure.bounding_box()["y"] < 600


def test_the_text_of_every_chart_is_as_large_on_a_telephone_as_beside_it(path, visit):
    """12 pixels, and 9 for the letters in a square, at every width."""
    page = visit(path, width=400)
    for width in (400, 700, 1000, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        drawn = page.evaluate(
            """() => [...document.querySelectorAll('figure svg')].flatMap(svg => {
                const seen = svg.getBoundingClientRect(), scale = seen.width / svg.viewBox.baseVal.width;
                return seen.width ? [...svg.querySelectorAll('text')].map(
                    text => [parseFloat(getComputedStyle(text).fontSize) * scale, text.textContent]) : [];
            })"""
        )
        letters = [size for size, text in drawn if LETTERS.fullmatch(text)]
        assert min(letters, default=9) >= 9
        assert min((size for size, text in drawn if not LETTERS.fullmatch(text)), default=12) >= 11.99
