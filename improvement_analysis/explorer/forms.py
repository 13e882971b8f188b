"""The forms a view can take: what each shows, what it needs, and the calls that draw it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from improvement_analysis import charts
from improvement_analysis.comparison import compare_groups, transitions
from improvement_analysis.counts import count_grades
from improvement_analysis.explorer.choices import Part
from improvement_analysis.explorer.scripts import Named, Script
from improvement_analysis.explorer.shortcuts import draw_part, published_cells
from improvement_analysis.gradings import select
from improvement_analysis.rounds import earlier_rounds, has_order
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.teams import TEAM, current_teams

__all__ = ["FORMS", "Drawn", "Form"]

#: From so many gradings in a group a share is drawn, as the charts of pooled gradings have it.
_POOLED = 20
#: Up to so many teams a square for each is easily counted.
_FEW = 12
_TEAM = list(TEAM)


@dataclass(frozen=True)
class Drawn:
    """A chart, the counts it was drawn from, and the sentence of a comparison where it holds one."""

    chart: Named
    counts: pd.DataFrame
    verdict: str = ""


@dataclass(frozen=True)
class Form:
    """A form of chart.

    Attributes
    ----------
    key
        The function of :mod:`improvement_analysis.charts`.
    title
        What it shows, for a list to choose from.
    obstacle
        Why it cannot show a part, as a clause; None where it can.
    draw
        Runs and writes the calls.
    titled
        Whether the chart's own title says whose gradings they are.
    restricted
        Whether it shows single teams.
    """

    key: str
    title: str
    obstacle: Callable[[Part], str | None]
    draw: Callable[[Part, Script], Drawn]
    titled: bool = True
    restricted: bool = False


def _gradings(part: Part, script: Script, *without: str) -> Named:
    """Write how the chosen gradings are come by."""
    subject, round_ = part.subject, part.choice.round
    into, filters = subject.variable("chosen"), part.choice.filters(*without)
    if not filters:
        return subject.stand(script, round_, into=into)
    return script.run("ia.select", select, subject.stand(script, round_), into=into, **filters)


def _counts(part: Part, script: Script, by: str | list[str]) -> Named:
    """Write how the chosen gradings are counted."""
    into = part.subject.variable("counts")
    if part.subject.dataset is None:
        return script.run("ia.count_grades", count_grades, _gradings(part, script), by, into=into)
    return script.run(
        "ds.counts", lambda by, **_: count_grades(part.gradings, by), by, into=into, **_part(part)
    )


def _part(part: Part, *without: str) -> dict[str, str]:
    """What chooses the part, for a method of the dataset."""
    several = part.choice.round is not None and len(part.subject.rounds) > 1
    return {**part.choice.filters(*without), **({"round": str(part.choice.round)} if several else {})}


def _chart(part: Part, script: Script, key: str, *values: Any, **options: Any) -> Named:
    """Write the call of a chart; options that say nothing are left out."""
    words = {name: value for name, value in options.items() if value is not None and value != ""}
    into = part.subject.variable("chart")
    return script.run(
        f"charts.{key}", getattr(charts, key), *values, into=into, **words, **part.subject.options()
    )


def _draw_grid(part: Part, script: Script) -> Drawn:
    if part.subject.dataset is not None:
        chart = script.run("ds.grid", lambda **_: draw_part(part), into="chart", **_part(part))
        return Drawn(chart, count_grades(part.gradings, part.rows))
    counts = _counts(part, script, part.rows)
    unit = None if part.rows == "domain" else "team"
    return Drawn(_chart(part, script, "grade_grid", counts, subject=part.describe(), unit=unit), counts.value)


def _draw_matrix(part: Part, script: Script) -> Drawn:
    counts = _counts(part, script, ["service", "domain"])
    cells = published_cells(part)
    headlines = None if cells is None else script.run("ds.cells", lambda: cells)
    options = {"subject": part.describe(), "headlines": headlines}
    return Drawn(_chart(part, script, "service_matrix", counts, **options), counts.value)


def _draw_comparison(part: Part, script: Script) -> Drawn:
    """Compare in all domains, so that the p allows for all that were looked at, and show those chosen."""
    area, domain, subject = part.choice.area, part.choice.domain, part.subject
    around = Part(subject, replace(part.choice, area=None))
    into, every = subject.variable("comparison"), part.without("area", "domain")
    if subject.dataset is None:
        gradings = _gradings(part, script, "area", "domain")
        comparison = script.run("ia.compare_groups", compare_groups, gradings, "area", area, into=into)
    else:
        comparison = script.run(
            "ds.compare",
            lambda *_, **__: compare_groups(every, "area", str(area), scale=subject.about.scale),
            "area",
            area,
            into=into,
            **_part(part, "area", "domain"),
        )
    if domain:
        comparison = Named(comparison.value.loc[[domain]], f"{into}.loc[{Named.of([domain]).spelling}]")
    counts = _counts(around, script, ["domain", "area"])
    options = {"focus": area, "comparison": comparison, "footnote": _shown(part.describe("area"))}
    chart = _chart(part, script, "area_comparison", counts, **options)
    sentences = comparison.value["sentence"]
    first = "overall" if "overall" in sentences.index else sentences.index[0]
    return Drawn(chart, counts.value, f"{subject.label(str(first))}: {sentences[first]}")


def _draw_changes(part: Part, script: Script) -> Drawn:
    subject, choice = part.subject, part.choice
    before, after, domain = _round_before(part), choice.round, choice.domain or "overall"
    gradings, into = _both_rounds(part, script, before, after), subject.variable("moves")
    moves = script.run("ia.transitions", transitions, gradings, before, after, into=into, domain=domain)
    titled = Part(subject, replace(choice, domain=domain)).describe("round")
    options = {"subject": titled, "before": before, "after": after}
    return Drawn(_chart(part, script, "change_grid", moves, **options), moves.value)


def _both_rounds(part: Part, script: Script, *rounds: str | None) -> Named:
    """Write how the gradings of two rounds are come by, in all domains."""
    both = [part.subject.stand(script, each) for each in rounds]
    frames = Named([each.value for each in both], f"[{', '.join(each.spelling for each in both)}]")
    into = part.subject.variable("chosen")
    joined = script.run("pd.concat", pd.concat, frames, into=into, ignore_index=True)
    filters = part.choice.filters("domain")
    return script.run("ia.select", select, joined, into=into, **filters) if filters else joined


def _draw_ranges(part: Part, script: Script) -> Drawn:
    counts = _counts(part, script, part.rows)
    footnote = _shown(part.describe())
    return Drawn(_chart(part, script, "share_ranges", counts, footnote=footnote), counts.value)


def _draw_titled(key: str, by: str | list[str] | None = None) -> Callable[[Part, Script], Drawn]:
    """A form that is told of its subject and nothing else."""

    def draw(part: Part, script: Script) -> Drawn:
        counts = _counts(part, script, by or part.rows)
        return Drawn(_chart(part, script, key, counts, subject=part.describe()), counts.value)

    return draw


def _shown(subject: str) -> str:
    """What a chart that takes no subject says in its footnote instead."""
    return f"Shown: {subject}." if subject else ""


def _any(_: Part) -> str | None:
    return None


def _several_services(part: Part) -> str | None:
    if part.choice.service:
        return "one service is chosen"
    return None if part.gradings["service"].nunique() > 1 else "all are of one service"


def _two_areas(part: Part) -> str | None:
    around = part.without("area")["area"].dropna()
    if around.empty:
        return "no grading names its area"
    if part.choice.area is None:
        return "choose an area"
    return None if around.nunique() > 1 else "no other area has such gradings"


def _named_teams(part: Part) -> str | None:
    gradings = part.gradings
    if gradings["team"].isna().any():
        return "not every grading names its team"
    teams = gradings[_TEAM].drop_duplicates()
    return "several teams have one name: choose a service" if teams["team"].duplicated().any() else None


def _round_before(part: Part) -> str | None:
    earlier = earlier_rounds(part.subject.gradings, part.choice.round)
    return earlier[-1] if earlier else None


def _two_rounds(part: Part) -> str | None:
    if not has_order(part.subject.gradings):
        return "nothing tells which round came first"
    before = _round_before(part)
    if before is None:
        return "there is no round before"
    both = []
    for each in (before, part.choice.round):
        frame = part.subject.standing(each)
        names = {**part.choice.filters(), "domain": part.choice.domain or "overall"}
        for column, name in names.items():
            frame = frame[frame[column] == name]
        if frame["team"].isna().any():
            return "not every grading names its team"
        both.append(set(current_teams(frame)))
    return None if both[0] & both[1] else "no team was graded both times"


def _judged(part: Part) -> int:
    counts = count_grades(part.gradings, part.rows)
    return int(counts.drop(columns=NO_JUDGEMENT).sum(axis=1).max())


def _many_teams(part: Part) -> str | None:
    return None if _judged(part) > _FEW else f"for more than {_FEW} judged in a row"


def _pooled(part: Part) -> str | None:
    return None if _judged(part) >= _POOLED else f"for rows of {_POOLED} judged and more"


#: Every form, the usual one first.
FORMS = {
    form.key: form
    for form in (
        Form("grade_grid", "Squares, one for every team", _any, _draw_grid),
        Form("service_matrix", "Matrix of services and domains", _several_services, _draw_matrix),
        Form(
            "area_comparison", "Comparison of the area with the others", _two_areas, _draw_comparison, False
        ),
        Form("change_grid", "Changes since the round before", _two_rounds, _draw_changes),
        Form(
            "team_matrix",
            "Matrix of teams, not for publication",
            _named_teams,
            _draw_titled("team_matrix", ["team", "domain"]),
            restricted=True,
        ),
        Form("share_ranges", "Ranges: good or better, with what is left open", _any, _draw_ranges, False),
        Form(
            "diverging_bars",
            "Bars to both sides of where good begins",
            _many_teams,
            _draw_titled("diverging_bars"),
        ),
        Form("grade_shares", "Shares of pooled gradings", _pooled, _draw_titled("grade_shares")),
        Form("share_heatmap", "Heat map of pooled gradings", _pooled, _draw_titled("share_heatmap")),
    )
}
