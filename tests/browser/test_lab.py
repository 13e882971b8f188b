"""The notebooks as an analyst meets them: a real JupyterLab, a real Chromium, no network but this machine.

The variable LAB_SCREENSHOTS names a folder for pictures of what was seen.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
TOKEN = "only-for-this-test"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
EXAMPLE = "example-team-forms"
#: Notebooks that need named teams, areas, rounds or graders.
OF_TEAMS = [
    name
    for name in (
        "action_plans",
        "area_comparison",
        "areas",
        "moderation",
        "qprm_pack",
        "round_comparison",
        "team_pack",
        "trace",
    )
    if name in NOTEBOOKS
]
#: How many pictures and tables a notebook shows at least.
PICTURES = {
    "explore": 2,
    "overview": 1,
    "service_findings": 1,
    "area_comparison": 1,
    "areas": 1,
    "round_comparison": 1,
}
TABLES = {"explore": 5, "overview": 1, "service_findings": 1, "data_quality": 3, "publication": 1}
SETTINGS = {
    # The first completion of a busy kernel may take its time.
    "completer-extension/manager": {"providerTimeout": 60_000},
    # Every cell is in the page, also those that are out of sight.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab with its own settings, over a copy of the notebooks."""
    pytest.importorskip("jupyterlab")
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    of_example(home / "notebooks")
    for name, settings in SETTINGS.items():
        place = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(settings), encoding="utf-8")
    places = {
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
        "IPYTHONDIR": home / "ipython",
    }
    root = ["--allow-root"] if os.name != "nt" and os.geteuid() == 0 else []
    options = [
        "--no-browser",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0",
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={home / 'notebooks'}",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    with (home / "log.txt").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options, *root],
            cwd=home,
            env={**os.environ, **{name: str(place) for name, place in places.items()}},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield address_of(server, home)
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def of_example(folder):
    """Let notebooks that published tallies leave empty look at the illustrative forms; explore, at both."""
    for name, copied in {**{name: name for name in OF_TEAMS}, "explore": "explore_example"}.items():
        book = (folder / f"{name}.ipynb").read_text(encoding="utf-8")
        assert "worcestershire-2018" in book
        changed = book.replace("worcestershire-2018", EXAMPLE)
        (folder / f"{copied}.ipynb").write_text(changed, encoding="utf-8")


def address_of(server, home):
    """Where the server listens, once it does."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        for told in (home / "runtime").glob("jpserver-*.json"):
            try:
                return json.loads(told.read_text(encoding="utf-8"))["url"]
            except (ValueError, KeyError):
                pass
        time.sleep(0.1)
    raise AssertionError((home / "log.txt").read_text(encoding="utf-8")[-3000:])


class Desk:
    """JupyterLab in a window, and every address that its page asked for."""

    def __init__(self, browser, lab):
        height = 2400 if os.environ.get("LAB_SCREENSHOTS") else 900
        self.context = browser.new_context(viewport={"width": 1280, "height": height})
        self.context.set_default_timeout(60_000)
        self.context.route(lambda url: urlsplit(url).hostname not in LOOPBACK, lambda route: route.abort())
        self.lab, self.asked = lab, []
        self.page = self.context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.goto(f"{lab}lab?token={TOKEN}")
        self.page.get_by_text("overview.ipynb").first.wait_for()

    @property
    def outside(self):
        """What was asked of other machines."""
        there = [url for url in self.asked if not url.startswith(("data:", "blob:"))]
        return [url for url in there if urlsplit(url).hostname not in LOOPBACK]

    @property
    def book(self):
        """The notebook that is in front."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    @contextmanager
    def open(self, name):
        """Open a notebook from the list of files and wait for its kernel, which is stopped afterwards."""
        with self.page.expect_websocket(lambda socket: "/channels" in socket.url):
            self.page.locator(".jp-DirListing-item", has_text=re.compile(rf"^{name}\.ipynb")).dblclick()
        # The kernel has answered once it was busy or idle for a while.
        self.page.locator(".jp-StatusBar-Widget").get_by_text("| Idle").wait_for()
        try:
            yield self
        finally:
            self.picture(name)
            for session in self.ask("GET", "sessions").json():
                self.ask("DELETE", f"sessions/{session['id']}")

    def ask(self, method, path):
        headers = {"Authorization": f"token {TOKEN}"}
        return self.context.request.fetch(f"{self.lab}api/{path}", method=method, headers=headers)

    def run_all(self):
        """Run > Run All Cells, as a hand would."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        self.wait_until_run()

    def wait_until_run(self):
        self.page.wait_for_function(
            r"""() => [...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell')]
                .every(cell => /^\[\d+\]:$/.test(cell.querySelector('.jp-InputPrompt').textContent.trim()))"""
        )

    def add_cell(self):
        """A new cell below the last, with the cursor in it."""
        self.book.locator(".jp-CodeCell").last.locator(".jp-InputPrompt").click()
        for key in ("b", "Enter"):
            self.page.keyboard.press(key)
        return self.book.locator(".jp-CodeCell").last

    def picture(self, name):
        if folder := os.environ.get("LAB_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            outputs = self.book.locator(".jp-CodeCell .jp-OutputArea-output:visible")
            for number in range(outputs.count()):
                outputs.nth(number).screenshot(path=Path(folder) / f"{name}-{number}.png")
            self.page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.fixture(scope="module")
def desk(browser, lab):
    made = Desk(browser, lab)
    yield made
    made.context.close()


def shown_cells(name):
    """The numbers of the code cells that end in something to show."""
    book = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    code = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    ends = [ast.parse(source).body[-1] for source in code]
    # "chart and chart.table" shows nothing without a chart, nor a last time where no meeting is recorded.
    return [
        number
        for number, last in enumerate(ends)
        if isinstance(last, ast.Expr)
        and not isinstance(last.value, ast.BoolOp)
        and not ast.unparse(last).startswith("pages.list_last_time(")
    ]


RENDERED = """cells => cells.map(cell => {
    // A chart of one picture keeps its size: what scrolls around it must end in the cell.
    const edge = svg => {
        const scrolls = each => /auto|scroll/.test(getComputedStyle(each).overflowX);
        let seen = svg;
        if (svg.closest('figure.ia-chart:not(:has(.ia-narrow))'))
            for (let each = svg.parentElement; each !== cell; each = each.parentElement)
                if (scrolls(each)) { seen = each; break; }
        return seen.getBoundingClientRect().right;
    };
    const outputs = [...cell.querySelectorAll('.jp-OutputArea-output')];
    return {
        text: outputs.map(each => each.textContent.trim()).join(''),
        failed: outputs.filter(each => /stderr|[.]error/.test(each.dataset.mimeType))
            .map(each => each.textContent),
        svgs: [...cell.querySelectorAll('.jp-OutputArea-output svg[role=img]')].map(svg => ({
            told: svg.querySelector('desc').textContent.length, shown: svg.checkVisibility(),
            wide: svg.getBoundingClientRect().width,
            beyond: edge(svg) - cell.getBoundingClientRect().right})),
        charts: [...cell.querySelectorAll('.jp-OutputArea-output figure.ia-chart')].map(chart => {
            const whole = Number(/ia-w([0-9]+)/.exec(chart.className)?.[1] ?? 0);
            return {
                due: [chart.clientWidth < whole ? 'ia-narrow' : 'ia-wide'],
                seen: [...chart.querySelectorAll('svg[role=img]')].filter(svg => svg.checkVisibility())
                    .map(svg => svg.parentElement.className)};
        }),
        illustrative: outputs.map(each => each.textContent).join('').includes('ILLUSTRATIVE DATA'),
        tables: cell.querySelectorAll('.jp-OutputArea-output table').length,
    };
})"""


def check_rendered(desk, name):
    """Nothing failed, everything that is to be shown is, and no picture sticks out of its cell."""
    cells = desk.book.locator(".jp-CodeCell").evaluate_all(RENDERED)
    assert [cell["failed"] for cell in cells if cell["failed"]] == []
    empty = [number for number in shown_cells(name) if not cells[number]["text"]]
    assert empty == []
    svgs = [svg for cell in cells for svg in cell["svgs"]]
    assert [svg for svg in svgs if svg["told"] < 40] == []
    # Of the two pictures of a chart one is seen: the wide one wherever it has its room.
    assert [chart for cell in cells for chart in cell["charts"] if chart["seen"] != chart["due"]] == []
    shown = [svg for svg in svgs if svg["shown"]]
    assert [svg for svg in shown if svg["wide"] < 300 or svg["beyond"] > 0] == []
    assert len(shown) >= PICTURES.get(name, 0)
    assert sum(cell["tables"] for cell in cells) >= TABLES.get(name, 0)
    assert all(cell["illustrative"] for cell in cells if cell["svgs"] and name in OF_TEAMS)


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if name != "explore"])
def test_every_notebook_runs_and_shows_what_it_promises(desk, name):
    with desk.open(name):
        desk.run_all()
        check_rendered(desk, name)


class Controls:
    """The explorer in the notebook in front."""

    def __init__(self, desk):
        self.desk, self.box = desk, desk.book.locator(".ia-explorer")

    def of(self, label):
        return self.box.get_by_label(label, exact=True)

    @property
    def code(self):
        return self.box.locator(".ia-code code").text_content()

    @property
    def sentence(self):
        return self.box.locator(".ia-sentence").text_content()

    @property
    def described(self):
        return self.box.locator("svg[role=img]:visible desc").text_content()

    def choose(self, label, option, *, shows):
        """Choose from a list, as a hand would; the milliseconds until the code holds *shows*."""
        begun = time.perf_counter()
        self.of(label).select_option(label=option)
        self.box.locator(".ia-code code", has_text=shows).wait_for()
        return round((time.perf_counter() - begun) * 1000)


def first_view(desk):
    """Run the explorer's cell once more, on the warm kernel; the milliseconds until its picture is there."""
    cell = desk.book.locator(".jp-CodeCell", has_text="ds.explore()").last
    cell.locator(".jp-InputArea-editor").click()
    desk.book.locator(".ia-explorer").evaluate("box => box.classList.add('before')")
    begun = time.perf_counter()
    desk.page.keyboard.press("Control+Enter")
    desk.book.locator(".ia-explorer:not(.before) svg[role=img]:visible").wait_for()
    return round((time.perf_counter() - begun) * 1000)


def test_the_explorer_of_the_published_dataset_follows_its_controls(desk, record_property):
    with desk.open("explore"):
        desk.run_all()
        check_rendered(desk, "explore")
        first = first_view(desk)
        seen = Controls(desk)
        assert seen.box.get_by_text(
            "no grading names its area, so nothing can be said of one area"
        ).is_visible()
        assert seen.of("Area").count() == 0
        before = seen.code, seen.sentence, seen.described
        took = [seen.choose("Service", "Safeguarding", shows='service="Safeguarding"')]
        assert seen.sentence == "Safeguarding: 1 of 33 domain gradings was good, none outstanding."
        assert "9 teams" in seen.described
        took.append(
            seen.choose("Form", "Ranges: good or better, with what is left open", shows="share_ranges")
        )
        assert seen.sentence == "Safeguarding. Good or better: 1 of 33 domain gradings."
        took.append(seen.choose("Domain", "Joint working", shows='domain="joint_working"'))
        assert len({*before, seen.code, seen.sentence, seen.described}) == 6
        # The keyboard alone: one service further down the list.
        seen.of("Service").focus()
        desk.page.keyboard.press("ArrowDown")
        assert "Good or better" in seen.box.get_by_role("status").text_content()
        seen.box.locator(".ia-code code", has_text='service="LAC Permanency"').wait_for()
        tell(record_property, first, took)
        complete_by_tab(desk)


def complete_by_tab(desk):
    """The tab key completes the name of a service."""
    cell = desk.add_cell()
    desk.page.keyboard.insert_text('ds["Saf')
    desk.page.keyboard.press("Tab")
    desk.page.locator(".jp-Completer").get_by_text("Safeguarding").wait_for()
    desk.page.keyboard.press("Enter")
    cell.get_by_text('"Safeguarding').wait_for()


def test_the_explorer_of_made_up_data_is_labelled_and_its_code_makes_its_picture(desk, axe):
    with desk.open("explore_example"):
        desk.run_all()
        check_rendered(desk, "explore")
        seen = Controls(desk)
        assert seen.sentence.startswith("ILLUSTRATIVE DATA, made up to show the method: not findings.")
        check_labels(desk, seen, axe)
        seen.choose("Area", "Worcester/Malvern", shows='area="Worcester/Malvern"')
        seen.choose("Form", "Comparison of the area with the others", shows="charts.area_comparison(")
        assert "ILLUSTRATIVE DATA" in seen.described
        code, described = seen.code, seen.described
        cell = desk.add_cell()
        desk.page.keyboard.insert_text(code)
        desk.page.keyboard.press("Control+Enter")
        made = cell.locator(".jp-OutputArea-output svg[role=img]:visible desc")
        made.wait_for(state="attached")
        assert made.text_content() == described


def check_labels(desk, seen, axe):
    """Every control has its label and its place in the tab order."""
    reached = []
    seen.of("Service").focus()
    for _ in range(5):
        told = "document.activeElement.labels?.[0]?.textContent ?? document.activeElement.className"
        reached.append(desk.page.evaluate(told))
        desk.page.keyboard.press("Tab")
    assert reached == ["Service", "Area", "Domain", "Round", "Form"]
    desk.page.evaluate(axe)
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa"]}}
    found = desk.page.evaluate("rules => axe.run('.ia-explorer', rules)", rules)
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []


def test_nothing_was_asked_of_another_machine(desk):
    assert len(desk.asked) > 50
    assert desk.outside == []
    # Such a question would have been refused, and seen.
    elsewhere = "https://elsewhere.invalid/"
    assert (
        desk.page.evaluate("url => fetch(url).then(() => 'answered', () => 'refused')", elsewhere)
        == "refused"
    )
    assert desk.outside == [elsewhere]


def tell(record_property, first, took):
    """Times are told, not judged: how fast it is depends on what else the machine does."""
    record_property("first_view_ms", first)
    record_property("change_ms", took)
    print(f"explorer: first view {first} ms, changes {', '.join(map(str, took))} ms")
