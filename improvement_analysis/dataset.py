"""A dataset as a value: gradings, the tables beside them, and what they say of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, ClassVar, Unpack

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.errors import GradingsError, Problem
from improvement_analysis.evidence import as_evidence, as_visits
from improvement_analysis.gradings import select, select_standing
from improvement_analysis.rounds import list_rounds, name_rounds
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.vocabulary import Vocabulary, suggest

if TYPE_CHECKING:
    from improvement_analysis.explorer import Chart, Explorer, Words

__all__ = ["Dataset", "holdings"]

_STYLE = (
    "<style>.ia-portrait table{border-collapse:collapse}"
    ".ia-portrait caption{text-align:left;font-weight:bold}"
    ".ia-portrait .held.held :is(th,td){padding:.3em .7em;text-align:left;border-bottom:1px solid #b1b4b6}"
    ".ia-portrait .held.held .number{text-align:right}.ia-portrait tbody th{font-weight:normal}"
    ".ia-portrait dl dt{font-weight:bold;float:none;width:auto}"
    ".ia-portrait dl dd{margin:0 0 .4em 1.2em;float:none;width:auto}"
    ".ia-portrait .banner{background:#0b0c0c;color:#fff;font-weight:bold;padding:.15em .5em}</style>"
)


@dataclass(frozen=True)
class Dataset:
    """Everything a dataset folder holds.

    Attributes
    ----------
    gradings : DataFrame, one row per grading
        See :func:`improvement_analysis.as_gradings`. From team gradings where there are any, otherwise from
        the published tallies.
    published : DataFrame, one row per printed cell
        ``service, domain, grading`` (source spelling), ``headline, tally, teams`` (what the tally sums to),
        ``source, teams_declared`` (missing where the source states none). Empty where nothing is published.
    statements, findings, deep_dives, meetings, actions, evidence, visits : DataFrame
        The tables beside them; empty where the dataset has none.
    problems : tuple of Problem
        Warnings met while reading; what stops a reading is raised instead.
    about : About
        Origin, vocabulary, scale.
    apart : dict of DataFrame
        The gradings of each domain that has a scale of its own, by its key: never counted with the others.
    checksums : dict
        The sha256 of every file read, by name.
    loaded_from : str
        What :func:`load` was given, so that code can be written that loads it again.
    """

    gradings: pd.DataFrame
    published: pd.DataFrame
    statements: pd.DataFrame
    findings: pd.DataFrame
    deep_dives: pd.DataFrame
    actions: pd.DataFrame
    problems: tuple[Problem, ...]
    about: About
    checksums: dict[str, str]
    evidence: pd.DataFrame = field(default_factory=as_evidence)
    visits: pd.DataFrame = field(default_factory=as_visits)
    meetings: pd.DataFrame = field(default_factory=pd.DataFrame)
    apart: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    loaded_from: str = field(default="", repr=False, compare=False)
    #: What the process that a report forks from has found out for all pages; empty elsewhere.
    found_before: dict[str, pd.DataFrame] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def services(self) -> list[str]:
        """The services that have gradings, in declared order."""
        return _in_order(self.gradings["service"], self.about.services)

    @property
    def rounds(self) -> list[str]:
        """The rounds that have gradings, earliest first: see :func:`~.rounds.list_rounds`."""
        return list_rounds(self.gradings)

    def standing(self, round: str | None = None) -> pd.DataFrame:  # noqa: A002 (the field's word)
        """The gradings of one round, the latest by default, one for each team and domain."""
        return select_standing(self.gradings, round)

    @property
    def areas(self) -> list[str]:
        """The areas that have gradings, in declared order; empty where no grading names its area."""
        return _in_order(self.gradings["area"].dropna(), self.about.areas)

    def headlines(self, service: str | None = None) -> pd.Series | None:
        """The published headline of each cell; *no judgement* where that is what is printed.

        By domain for one service, by service and domain without; None where nothing is published.
        """
        found = self._cells(service, "headline")
        return None if found is None else found.astype(object).fillna(NO_JUDGEMENT)

    def printed(self, service: str | None = None) -> pd.Series | None:
        """Each published cell in the source's spelling, keyed as :meth:`headlines`."""
        return self._cells(service, "grading")

    def cells(self, service: str | None = None) -> pd.DataFrame | None:
        """The published cells of one service, or of all; None where nothing is published.

        Charts take them as ``headlines=``, and print the source's spelling in the table too.
        """
        cells = self.published
        if service is not None:
            cells = cells[cells["service"] == service]
        return None if cells.empty else cells

    def _cells(self, service: str | None, column: str) -> pd.Series | None:
        cells = self.cells(service)
        keys = ["service", "domain"] if service is None else ["domain"]
        return None if cells is None else cells.set_index(keys)[column]

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The gradings of a service or an area by its name; the tab key completes it."""
        return _pick(self, name)

    __iter__: ClassVar[None] = None

    def _ipython_key_completions_(self) -> list[str]:
        return [*self.services, *self.areas]

    # What follows goes the one way up from this floor; pyproject.toml names it.

    def counts(
        self,
        by: str | Sequence[str] = "domain",
        *,
        service: str | None = None,
        area: str | None = None,
        domain: str | None = None,
        round: str | None = None,  # noqa: A002 (the field's word)
    ) -> pd.DataFrame:
        """Count the gradings at each grade, one for each team and domain: groups x grades.

        Of one round, by default the latest; of each where *by* names ``round``.

        Raises
        ------
        GradingsError
            If a name or a column is not there.
        """
        from improvement_analysis.explorer import Choice, count_part

        return count_part(self, by, Choice(service, area, domain, round))

    def grid(
        self,
        by: str | None = None,
        *,
        service: str | None = None,
        area: str | None = None,
        domain: str | None = None,
        round: str | None = None,  # noqa: A002 (the field's word)
        **words: Unpack[Words],
    ) -> Chart:
        """A square for each team at its grade: the chart of :func:`~improvement_analysis.charts.grade_grid`.

        It says whose gradings they are, shows the published headlines of a whole service, names the source
        and is marked where the dataset is made up.

        Parameters
        ----------
        by
            The column whose names become rows; by default ``domain``, or what divides a chosen domain.
        service, area, domain, round
            The part to show; by default all, of the latest round.

        Raises
        ------
        GradingsError
            If a name or a column is not there.
        """
        from improvement_analysis.explorer import Choice, draw_grid

        return draw_grid(self, by, Choice(service, area, domain, round), **words)

    def compare(
        self,
        column: str,
        focus: str,
        other: str | Iterable[str] | None = None,
        *,
        strata: str | Sequence[str] | None = "service",
        service: str | None = None,
        round: str | None = None,  # noqa: A002 (the field's word)
    ) -> pd.DataFrame:
        """One area (or service, or council) against the others, domain by domain, with verdict and sentence.

        Of one round, by default the latest: see :func:`improvement_analysis.compare_groups`.

        Raises
        ------
        GradingsError
            If a name is not there, or one side holds nobody.
        """
        from improvement_analysis.explorer import Choice, compare_part

        return compare_part(self, column, focus, other, strata, Choice(service, round=round))

    def explore(self) -> Explorer:
        """Look around with controls: see :func:`improvement_analysis.explore`."""
        from improvement_analysis.explorer import explore

        return explore(self)

    def _repr_html_(self) -> str:
        return _portrait_html(self)

    def __repr__(self) -> str:
        about = self.about
        what = ", ".join(filter(None, ("illustrative" * about.illustrative, about.scope)))
        return (
            f"Dataset {about.name!r} ({what}): "
            f"{len(self.gradings)} gradings, {len(self.services)} services, {len(self.findings)} findings"
        )


def _in_order(names: pd.Series, declared: Vocabulary) -> list[str]:
    """The names that occur, declared ones in their declared order, then others as they come."""
    found = [str(name) for name in names.unique()]
    return [*(name for name in declared.names if name in found), *(n for n in found if n not in declared)]


def _pick(dataset: Dataset, name: str) -> pd.DataFrame:
    """The gradings of the service of that name, or of the area where no service has it.

    Raises
    ------
    GradingsError
        If there is neither; the message gives the names that are.
    """
    for column, names in (("service", dataset.services), ("area", dataset.areas)):
        if name in names:
            return select(dataset.gradings, **{column: name})
    known = [*dataset.services, *dataset.areas]
    close = suggest(str(name), known)
    hint = f"did you mean {close!r}? Known" if close else "known"
    raise GradingsError(f"no gradings for service or area {name!r}; {hint} are {', '.join(map(repr, known))}")


def holdings(dataset: Dataset) -> pd.DataFrame:
    """How many teams and gradings each service has in each round.

    Returns
    -------
    DataFrame of int, indexed by service and round
        ``teams`` (where the source names none, those of the most graded domain), ``gradings`` (of every
        grader) and of these ``not_judged``. Without gradings a service has no row in a round.
    """
    found = dataset.gradings.assign(not_judged=dataset.gradings["grade"].isna())
    rounds = [*name_rounds(found), "not stated"]
    found["round"] = found["round"].astype("object").fillna(rounds[-1])
    rows = {
        (service, round_): (_teams(held), len(held), int(held["not_judged"].sum()))
        for (service, round_), held in found.groupby(["service", "round"], sort=False)
    }
    order = {service: number for number, service in enumerate(dataset.services)}
    keys = sorted(rows, key=lambda key: (order[str(key[0])], rounds.index(str(key[1]))))
    index = pd.MultiIndex.from_tuples(keys, names=["service", "round"])
    return pd.DataFrame([rows[key] for key in keys], index, ["teams", "gradings", "not_judged"])


def _teams(held: pd.DataFrame) -> int:
    """The teams of one service and round: those named, and as many more as a domain grades unnamed."""
    unnamed = (
        held[held["team"].isna()].groupby(["authority", "area", "domain"], dropna=False, observed=True).size()
    )
    most = unnamed.groupby(["authority", "area"], dropna=False).max()
    return len(held.dropna(subset="team")[["authority", "area", "team"]].drop_duplicates()) + int(most.sum())


def _portrait_html(dataset: Dataset) -> str:
    """The dataset as HTML: what it is, teams and gradings by service, the other tables, its files."""
    about, banner = dataset.about, "Illustrative data, made up to show the method: not findings."
    opening = f"<strong>Dataset {escape(about.name)}</strong>: {escape(about.source_line or about.title)}"
    said = f'<p><span class="banner">{banner}</span></p>' if about.illustrative else ""
    return (
        f'{_STYLE}<section class="ia-portrait" aria-label="Dataset {escape(about.name)}">'
        f"<p>{opening}</p>{said}{_services(holdings(dataset))}{_facts(dataset)}</section>"
    )


def _services(held: pd.DataFrame) -> str:
    heads = ("Service", "Round", "Teams", "Gradings", "Not judged")
    lines = "".join(
        f'<tr><th scope="row">{escape(service)}</th><td>{escape(round_)}</td>'
        + "".join(f'<td class="number">{number}</td>' for number in numbers)
        + "</tr>"
        for (service, round_), *numbers in held.itertuples(name=None)
    )
    head = "".join(
        f'<th scope="col"{" class=number" * (place > 1)}>{words}</th>' for place, words in enumerate(heads)
    )
    return (
        f'<table class="held"><caption>Teams and gradings by service</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{lines}</tbody></table>"
    )


def _facts(dataset: Dataset) -> str:
    beside = ("published", "statements", "findings", "deep_dives", "meetings")
    tables = (*beside, "actions", "evidence", "visits")
    held = [f"{name} ({len(table)} rows)" for name in tables if len(table := getattr(dataset, name))]
    files = [f"{name} (sha256 {checksum[:12]}…)" for name, checksum in dataset.checksums.items()]
    facts = {
        "Areas": dataset.areas or ["no grading names its area"],
        "Tables beside the gradings": held or ["none"],
        "Problems met while reading": [str(problem) for problem in dataset.problems] or ["none"],
        "Files read": files
        if len(files) <= 8
        else [*files[:7], f"and {len(files) - 7} more: see .checksums"],
    }
    return "<dl>{}</dl>".format(
        "".join(f"<dt>{words}</dt><dd>{escape('; '.join(items))}</dd>" for words, items in facts.items())
    )
