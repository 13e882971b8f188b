"""The explorer: every view is made by the code it shows, and only what leads somewhere is offered."""

import json
import re
import sys
from itertools import product
from pathlib import Path
from random import Random

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis.explorer import explore, show_view
from improvement_analysis.explorer.forms import FORMS
from improvement_analysis.explorer.panel import WITHOUT_WIDGETS
from improvement_analysis.explorer.scripts import Named, Script, literal
from improvement_analysis.scale import Scale
from improvement_analysis.vocabulary import Domain

ROOT = Path(__file__).resolve().parents[1]
BANNER = "ILLUSTRATIVE DATA, made up to show the method: not findings."


@pytest.fixture(scope="module")
def made_up():
    return ia.load(ROOT / "data" / "raw" / "example-team-forms")


@pytest.fixture(scope="module")
def datasets(ds, made_up):
    """Both datasets, and what to call them when code loads them again."""
    return {"published": ds, "made_up": made_up}


def run(code, **names):
    """What a cell of that code shows last, and every name it leaves."""
    *_, last = code.splitlines()
    assert last.isidentifier()
    exec(compile(code, "cell", "exec"), names)
    return names[last], names


# ----------------------------------------------------------------------------------- the code makes the view


def choices(dataset):
    """Every choice that a dataset has names for, whether or not it leads somewhere."""
    areas = [None, *dataset.areas]
    domains = [None, *dataset.about.short_labels]
    return list(product([None, *dataset.services], areas, domains, [None, *dataset.rounds], FORMS))


@pytest.mark.parametrize("name", ["published", "made_up"])
def test_the_code_of_a_view_makes_the_same_picture(datasets, name, monkeypatch):
    dataset = datasets[name]
    monkeypatch.setattr(ia, "load", lambda given: dataset if given == dataset.loaded_from else None)
    every, seen, refused = choices(dataset), [], 0
    Random(20180712).shuffle(every)
    while len(seen) < 10:
        service, area, domain, round_, form = every.pop()
        chosen = {"service": service, "area": area, "domain": domain, "round": round_, "form": form}
        try:
            view = show_view(dataset, **chosen)
        except ia.GradingsError:
            refused += 1
            continue
        chart, names = run(view.code)
        assert chart.alt_text == view.chart.alt_text, chosen
        assert chart.svg == view.chart.svg, chosen
        assert chart.table.html == view.table.html, chosen
        if form != "grade_grid":
            made = names["moves"] if form == "change_grid" else names["counts"]
            pd.testing.assert_frame_equal(made, view.counts)
        elsewhere = {"form", "subject", "before", "after", "focus", "footnote"}
        assert len(set(re.findall(r"\b(\w+)=", view.code.partition("charts.")[2])) - elsewhere) <= 2
        seen.append(form)
    assert refused >= 5
    assert len(set(seen)) >= 2


def test_every_form_is_drawn_by_its_own_code(made_up, monkeypatch):
    monkeypatch.setattr(ia, "load", lambda given: made_up)
    area = made_up.areas[0]
    where = {"area_comparison": {"area": area}, "team_matrix": {"service": "Safeguarding"}}
    for form in set(FORMS) - {"grade_shares", "share_heatmap"}:
        view = show_view(made_up, form=form, **where.get(form, {}))
        assert ("ds.grid(" if form == "grade_grid" else f"charts.{form}(") in view.code
        assert run(view.code)[0].svg == view.chart.svg


@pytest.mark.parametrize("form", ["grade_shares", "share_heatmap"])
def test_pooled_forms_are_drawn_where_a_row_holds_twenty(pooled, form):
    view = show_view(pooled, form=form, name="df")
    assert run(view.code, df=pooled)[0].svg == view.chart.svg


@pytest.fixture(scope="module")
def pooled():
    cell = {"service": 'A "quoted" service\'s name', "domain": "practice", "source": "example"}
    return ia.as_gradings(pd.DataFrame([{**cell, "tally": "19 x RI, 2 x G"}]))


def test_code_of_a_table_calls_it_by_its_name_and_leaves_it_alone(pooled):
    view = show_view(pooled, name="counts")
    chart, names = run(view.code, counts=pooled)
    assert chart.svg == view.chart.svg
    assert names["counts"] is pooled
    assert "counts_ = ia.count_grades(chosen" in view.code


@pytest.mark.parametrize("name", ["ia", "pd.DataFrame", "charts", "1st", "a b", ""])
def test_a_table_is_not_called_what_code_cannot_call_it(pooled, name):
    with pytest.raises(ia.GradingsError, match="cannot be what the code calls the table"):
        show_view(pooled, name=name)


def test_code_calls_about_what_a_table_is_told():
    scale = Scale(("poor", "fair", "fine"), ("Poor", "Fair", "Fine"), good="fine", title="three points")
    rows = [
        {"service": "X", "domain": "practice", "grade": grade, "source": "s"} for grade in ("poor", "fine")
    ]
    df = ia.as_gradings(pd.DataFrame(rows), scale=scale)
    about = ia.About(
        "own", illustrative=True, scale=scale, domains=(Domain("practice", "Work", "Real work"),)
    )
    view = show_view(df, about=about, name="df")
    assert run(view.code, df=df, about=about)[0].svg == view.chart.svg
    assert "Real work" in view.chart.alt_text
    assert view.sentence.startswith(BANNER)
    assert "about=about)" in view.code
    assert "1 of 2 domain gradings was fine" in show_view(df).sentence


def test_code_of_a_loaded_dataset_loads_it_from_where_it_was(copy):
    view = show_view(ia.load(copy), service="Care Leaving")
    assert f"ds = ia.load({literal(str(copy))})" in view.code
    assert run(view.code)[0].svg == view.chart.svg


def test_a_comparison_of_one_domain_allows_for_all_that_were_compared(made_up):
    area = made_up.areas[0]
    of_all = show_view(made_up, area=area, form="area_comparison")
    of_one = show_view(made_up, area=area, domain="overall", form="area_comparison")
    said = of_all.sentence.partition("Overall conclusion: ")[2]
    assert "after allowing for four domains" in said
    assert of_one.sentence.endswith(said)


@pytest.mark.parametrize(
    ("value", "spelt"),
    [
        ("Team A", '"Team A"'),
        ("it's", '"it\'s"'),
        ('"so"', "'\"so\"'"),
        ("both ' and \"", "'both \\' and \"'"),
        ("line\nbreak\\", '"line\\nbreak\\\\"'),
        (["a", None], '["a", None]'),
        ({"k": True}, '{"k": True}'),
    ],
)
def test_a_literal_is_read_back_as_it_was(value, spelt):
    assert literal(value) == spelt
    assert eval(spelt) == value


def test_what_a_script_wrote_is_what_it_ran():
    script = Script()
    made = script.run("sorted", sorted, Named([3, 1], "numbers"), into="found", reverse=True)
    assert made.value == [3, 1]
    assert script.text == "found = sorted(numbers, reverse=True)"


# ----------------------------------------------------------------------------------------- honesty of a view


def test_made_up_data_says_so_in_sentence_picture_and_table(made_up):
    for form in ("grade_grid", "change_grid", "share_ranges"):
        view = show_view(made_up, form=form)
        assert view.sentence.startswith(BANNER)
        assert view.chart.alt_text.startswith(BANNER)
        assert BANNER in view.table.html


def test_a_table_taken_out_of_made_up_data_keeps_its_banner(made_up):
    taken = ia.select(made_up.gradings, service="Safeguarding")
    assert show_view(taken).sentence.startswith(BANNER)
    assert show_view(taken, about=ia.About("own")).sentence.startswith(BANNER)


def test_the_published_headline_is_shown_only_for_the_whole_service(ds):
    assert "Published headline" in show_view(ds, service="Safeguarding").chart.table.html
    assert "Published headline" not in show_view(ds).chart.table.html
    assert "headlines=ds.cells()" in show_view(ds, form="service_matrix").code


def test_single_teams_are_marked_not_for_publication(made_up):
    view = show_view(made_up, service="Safeguarding", form="team_matrix")
    assert "NOT FOR PUBLICATION: shows single teams." in view.sentence


def test_views_say_whose_gradings_they_are(ds, made_up):
    assert show_view(ds, service="Care Leaving", domain="practice").sentence == (
        "Care Leaving, Practice and direct work: both domain gradings were requires improvement."
    )
    ranges = show_view(made_up, service="Safeguarding", round="2017-18", form="share_ranges")
    assert "Safeguarding, 2017-18. Good or better: " in ranges.sentence
    assert "Shown: Safeguarding, 2017-18." in ranges.chart.alt_text


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"area": "Redditch"}, "no gradings for area 'Redditch'; none names its area"),
        (
            {"service": "Safegarding"},
            "no gradings for service 'Safegarding'; did you mean 'Safeguarding'? Known",
        ),
        ({"round": "2020"}, "no gradings for round '2020'; known are '2017-18'"),
        ({"form": "grade_gird"}, "no form 'grade_gird'; did you mean 'grade_grid'? Known are grade_grid, "),
        (
            {"form": "area_comparison"},
            "area_comparison cannot show this: no grading names its area; what can is grade_grid, "
            "service_matrix, share_ranges, diverging_bars",
        ),
    ],
)
def test_what_cannot_be_shown_is_refused_with_the_reason(ds, chosen, told):
    with pytest.raises(ia.GradingsError) as refusal:
        show_view(ds, **chosen)
    assert str(refusal.value).startswith(told)


def test_a_dataset_is_not_told_what_it_says_itself(ds):
    with pytest.raises(ia.GradingsError, match="a dataset says itself"):
        show_view(ds, about=ia.About("other"))


@pytest.mark.parametrize("thing", [pd.DataFrame({"a": [1]}), "worcestershire-2018", None])
def test_only_gradings_are_explored(thing):
    with pytest.raises(ia.GradingsError):
        explore(thing)


def test_a_name_cannot_smuggle_markup_into_a_view():
    rows = [{"service": "<script>x</script>", "domain": "practice", "grade": "RI", "source": "s"}]
    view = show_view(ia.as_gradings(pd.DataFrame(rows)), service="<script>x</script>")
    assert "<script>" not in view.html
    assert "&lt;script&gt;" in view.html


def test_a_view_is_shown_as_page_and_as_text(ds):
    view = show_view(ds, service="Care Leaving")
    bundle = view._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert view.code in bundle["text/plain"]
    assert 'tabindex="0" role="region" aria-label="The code that makes this view"' in bundle["text/html"]
    assert view._repr_mimebundle_(exclude=["text/html"]) == {"text/plain": str(view)}
    assert repr(view) == "<View 'Care Leaving: none of 8 domain gradings was good or better.'>"


# ---------------------------------------------------------------------------------------------- the explorer


def controls(explorer):
    """The widgets by their labels; words that stand in place of one are under their text."""
    row = explorer.widget.children[0].children
    return {getattr(each, "description", "") or each.value: each for each in row}


def test_nothing_is_offered_that_leads_nowhere(made_up):
    explorer = explore(made_up)
    random = Random(7)
    for _ in range(8):
        part = explorer.part
        field = random.choice(["service", "area", "domain", "round"])
        name = random.choice([*part.options[field], *([None] if field != "round" else [])])
        explorer.choose(field, name)
        assert explorer.forms[explorer.view.choice.form] is None
        form = random.choice([key for key, why in explorer.forms.items() if why is None])
        assert explorer.choose("form", form).choice.form == form
        assert all(explorer.part.options.values())


def test_the_controls_choose_and_follow(made_up):
    explorer = explore(made_up)
    named = controls(explorer)
    assert list(named) == ["Service", "Area", "Domain", "Round", "Form"]
    named["Service"].value = "Safeguarding"
    assert explorer.view.choice.service == "Safeguarding"
    named["Form"].value = "team_matrix"
    assert "charts.team_matrix(" in explorer.view.code
    explorer.choose("area", "Worcester/Malvern")
    assert named["Area"].value == "Worcester/Malvern"
    assert "area_comparison" in [value for _, value in named["Form"].options]
    _, status, page, notes, _ = explorer.widget.children
    assert explorer.view.chart.svg in page.value
    assert "Safeguarding, Worcester/Malvern" in status.value
    assert "Shares of pooled gradings (for rows of 20 judged and more)" in notes.value


def test_a_form_that_can_no_longer_show_the_choice_gives_way_and_says_so(made_up):
    explorer = explore(made_up, area="Worcester/Malvern", form="area_comparison")
    named = controls(explorer)
    named["Area"].value = ""
    assert explorer.view.choice.form == named["Form"].value == "grade_grid"
    told = "Comparison of the area with the others: cannot show this (choose an area). Shown instead: Squares"
    assert explorer.notice.startswith(told)
    assert told in explorer.widget.children[1].value


def test_where_no_area_is_named_words_stand_in_place_of_a_list(ds):
    named = controls(explore(ds))
    assert [name for name in named if not name.startswith("<")] == ["Service", "Domain", "Form"]
    said = " ".join(named)
    assert "<strong>Area</strong>: no grading names its area, so nothing can be said of one area" in said
    assert "<strong>Round</strong>: 2017-18" in said


def test_a_refused_choice_changes_nothing(ds):
    explorer = explore(ds, service="Safeguarding")
    before = explorer.view
    with pytest.raises(ia.GradingsError):
        explorer.choose("form", "team_matrix")
    with pytest.raises(ia.GradingsError):
        explorer.choose("area", "Redditch")
    assert explorer.view is before
    assert explorer.part.choice == before.choice


def test_a_refusal_behind_a_control_is_told_not_swallowed(ds, monkeypatch):
    explorer = explore(ds)

    def refuse(field, name):
        raise ia.GradingsError("there is a reason")

    monkeypatch.setattr(explorer, "choose", refuse)
    controls(explorer)["Service"].value = "Safeguarding"
    assert "Nothing to show: there is a reason." in explorer.widget.children[1].value
    assert explorer.widget.children[2].value == ""


def test_the_page_of_an_explorer_holds_its_view_beside_the_widget(ds):
    explorer = ds.explore()
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"] == explorer.view.html
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "VBox" not in bundle["text/plain"]


def test_without_widgets_the_view_is_shown_with_what_to_install(ds, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    explorer = ds.explore()
    assert explorer.widget is None
    bundle = explorer._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"].startswith(WITHOUT_WIDGETS)
    assert explorer.choose("service", "Safeguarding").sentence.startswith("Safeguarding: 1 of 33")
    assert "pip install ipywidgets" in WITHOUT_WIDGETS
    assert "show_view" in WITHOUT_WIDGETS


# ----------------------------------------------------------------- what a dataset and a scale show, and tabs


def test_a_dataset_shows_what_it_holds(ds, made_up):
    page = ds._repr_html_()
    assert '<th scope="row">Safeguarding</th><td>2017-18</td><td class="number">9</td>' in page
    assert "no grading names its area" in page
    assert f"summary_tables.csv (sha256 {ds.checksums['summary_tables.csv'][:12]}…)" in page
    assert "Illustrative data" not in page
    assert "Illustrative data, made up to show the method: not findings." in made_up._repr_html_()
    assert "Redditch/Wychavon; Worcester/Malvern; Bromsgrove/Wyre Forest" in made_up._repr_html_()


@pytest.mark.parametrize("name", ["published", "made_up"])
def test_a_dataset_counts_its_teams_as_the_library_does(datasets, name):
    from improvement_analysis.dataset import holdings

    dataset = datasets[name]
    for (service, round_), row in holdings(dataset).iterrows():
        part = ia.select(dataset.gradings, service=service, round=round_)
        assert row.tolist() == [ia.count_teams(part), len(part), int(part["grade"].isna().sum())]


def test_a_dataset_escapes_what_it_shows(copy):
    book = (copy / "source.toml").read_text(encoding="utf-8")
    title = next(line for line in book.splitlines() if line.startswith("title"))
    (copy / "source.toml").write_text(book.replace(title, 'title = "<b>bold</b>"'), encoding="utf-8")
    page = ia.load(copy)._repr_html_()
    assert "<b>" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page


def test_a_scale_shows_its_grades_and_where_good_begins():
    page = ia.OFSTED._repr_html_()
    assert (
        page.index("Inadequate") < page.index("Requires improvement / Inadequate") < page.index("Outstanding")
    )
    assert "either side of good, split" in page
    assert page.count("below good") == 3
    assert "no judgement lies outside it" in page


def test_a_name_picks_the_gradings_of_a_service_or_an_area(ds, made_up):
    assert len(ds["Safeguarding"]) == 45
    assert set(made_up["Worcester/Malvern"]["area"]) == {"Worcester/Malvern"}
    with pytest.raises(ia.GradingsError, match="did you mean 'Safeguarding'"):
        ds["Safegarding"]
    with pytest.raises(TypeError):
        iter(ds)


@pytest.mark.parametrize("jedi", [True, False])
def test_the_tab_key_completes_services_and_areas(made_up, jedi):
    from IPython.core.completer import provisionalcompleter
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.Completer.use_jedi = jedi
    shell.user_ns["ds"] = made_up
    with provisionalcompleter():
        offered = {each.text for each in shell.Completer.completions('ds["Wor', 7)}
    assert any("Worcester/Malvern" in text for text in offered)
    with provisionalcompleter():
        offered = {each.text for each in shell.Completer.completions('ds["', 4)}
    assert any("Safeguarding" in text for text in offered)


# ---------------------------------------------------------------------------------------- what documents say


def test_the_code_of_the_document_runs(monkeypatch, ds):
    monkeypatch.chdir(ROOT)
    text = (ROOT / "docs" / "explore.md").read_text(encoding="utf-8")
    blocks = [block.split("```")[0] for block in text.split("```python\n")[1:]]
    assert len(blocks) == 3
    names = {}
    for block in blocks:
        exec(compile(block, "explore.md", "exec"), names)
    assert "good or better" in names["view"].sentence.lower()


def test_the_notebook_of_the_first_quarter_of_an_hour_has_about_ten_cells_of_code():
    book = json.loads((ROOT / "notebooks" / "explore.ipynb").read_text(encoding="utf-8"))
    code = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    assert 8 <= len(code) <= 12
    assert "ds.explore()" in code
