"""What a dataset shows of itself in a notebook: what it holds, by service, and which files it comes from."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.gradings import select
from improvement_analysis.vocabulary import suggest

if TYPE_CHECKING:
    from improvement_analysis.sources.dataset import Dataset

__all__ = ["holdings", "pick", "portrait_html"]

_STYLE = (
    "<style>.ia-portrait table{border-collapse:collapse}"
    ".ia-portrait caption{text-align:left;font-weight:bold}"
    ".ia-portrait .held.held :is(th,td){padding:.3em .7em;text-align:left;border-bottom:1px solid #b1b4b6}"
    ".ia-portrait .held.held .number{text-align:right}.ia-portrait tbody th{font-weight:normal}"
    ".ia-portrait dl dt{font-weight:bold;float:none;width:auto}"
    ".ia-portrait dl dd{margin:0 0 .4em 1.2em;float:none;width:auto}"
    ".ia-portrait .banner{background:#0b0c0c;color:#fff;font-weight:bold;padding:.15em .5em}</style>"
)


def pick(dataset: Dataset, name: str) -> pd.DataFrame:
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
    found["round"] = found["round"].fillna("not stated")
    rows = {
        (service, round_): (_teams(held), len(held), int(held["not_judged"].sum()))
        for (service, round_), held in found.groupby(["service", "round"], sort=False)
    }
    order = {service: number for number, service in enumerate(dataset.services)}
    keys = sorted(rows, key=lambda key: (order[str(key[0])], str(key[1])))
    index = pd.MultiIndex.from_tuples(keys, names=["service", "round"])
    return pd.DataFrame([rows[key] for key in keys], index, ["teams", "gradings", "not_judged"])


def _teams(held: pd.DataFrame) -> int:
    """The teams of one service and round: those named, and as many more as a domain grades unnamed."""
    unnamed = (
        held[held["team"].isna()].groupby(["authority", "area", "domain"], dropna=False, observed=True).size()
    )
    most = unnamed.groupby(["authority", "area"], dropna=False).max()
    return len(held.dropna(subset="team")[["authority", "area", "team"]].drop_duplicates()) + int(most.sum())


def portrait_html(dataset: Dataset) -> str:
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
    tables = ("published", "statements", "findings", "deep_dives", "actions")
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
