"""Every kind of page in a real browser: axe-core, and what axe-core cannot see."""

import pytest

import improvement_analysis as ia
from improvement_analysis.report.runner import Order, run_report

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = [
    "index.html",
    "overview.html",
    "data-quality.html",
    "services/safeguarding.html",
    "services/care-leaving.html",
    "areas/redditch-wychavon.html",
]


# Of the illustrative forms: the kinds of page that published tallies cannot fill.
EXAMPLE = ["index.html", "areas/redditch-wychavon.html", "rounds.html", "moderation.html"]


@pytest.fixture(scope="session")
def example(root, tmp_path_factory):
    folder = root / "data" / "raw" / "example-team-forms"
    pages = [page for page in EXAMPLE if page != "index.html"]
    order = Order(folder, tmp_path_factory.mktemp("example"), only=pages)
    outcome = run_report(ia.load(folder), order)
    assert [page.error for page in outcome.failed] == []
    return outcome.index.parent


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
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


@pytest.mark.parametrize("width", [320, 400, 1280])
def test_nothing_sticks_out_of_the_window(path, visit, width):
    page = visit(path, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_chart_is_described_and_followed_by_its_table(path, visit):
    page = visit(path)
    told = page.evaluate(
        """() => [...document.querySelectorAll('main svg[role=img]')].map(svg => {
            const after = [...document.querySelectorAll('main svg[role=img], main table')];
            const next = after[after.indexOf(svg) + 1];
            return {name: svg.getAttribute('aria-labelledby'), alt: svg.querySelector('desc').textContent,
                    next: next ? next.tagName.toLowerCase() : null};
        })"""
    )
    assert all(each["next"] == "table" and len(each["alt"]) > 40 for each in told)
    assert len(told) == page.locator("main figure").count()


def test_every_heading_of_a_table_has_a_scope(path, visit):
    assert visit(path).locator("th:not([scope])").count() == 0


def test_the_first_tab_stop_skips_to_the_content_and_shows_it(path, visit):
    page = visit(path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Skip to")
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_every_tab_stop_shows_that_it_has_the_focus(path, visit):
    page = visit(path)
    for _ in range(12):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => { const here = document.activeElement, style = getComputedStyle(here);
            return here === document.body || here.matches('.skip')
                || style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }"""
        )
        assert seen


def test_print_leaves_out_what_paper_cannot_use(path, visit):
    page = visit(path)
    page.emulate_media(media="print")
    assert not page.locator(".skip").is_visible()
    assert page.locator("h1").is_visible()
    assert page.locator(".download:visible").count() == 0
