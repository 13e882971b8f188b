"""A folder of forms: written for many teams at once, and read back into one dataset."""

from __future__ import annotations

import fnmatch
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Protocol

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.errors import GradingsError, Problem, SourceError
from improvement_analysis.notation import NO_JUDGEMENT
from improvement_analysis.sources.formats.files import explain, read_file
from improvement_analysis.sources.forms.frames import (
    actions_of,
    evidence_of,
    findings_of,
    gradings_of,
    visits_of,
)
from improvement_analysis.sources.forms.reader import FormReading, read_form
from improvement_analysis.sources.forms.visit import TeamForm, first_stage
from improvement_analysis.sources.forms.writer import form_bytes
from improvement_analysis.standing import SETTLING, STAGES
from improvement_analysis.vocabulary import fold, near_duplicates

__all__ = ["FormsReading", "blank_forms", "form_name", "read_forms", "write_form", "write_forms"]


@dataclass(frozen=True)
class FormsReading:
    """What a folder of forms holds.

    Attributes
    ----------
    readings
        The forms by file name, those with faults included.
    problems
        Of all forms, and of the forms together.
    checksums
        The sha256 of every form, by name.
    tables
        ``gradings``, ``findings``, ``actions``, ``evidence``, ``visits``; empty where a problem is an error.
    """

    readings: tuple[FormReading, ...]
    problems: tuple[Problem, ...]
    checksums: dict[str, str]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """One checksum of all forms: that of the lines ``<sha256>  <name>``, sorted by name."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.checksums.items()))
        return hashlib.sha256(lines.encode()).hexdigest()


def read_forms(folder: Path, pattern: str, about: About) -> FormsReading:
    """Read every form of a folder.

    Parameters
    ----------
    folder
        The dataset's folder.
    pattern
        Which files, such as ``"forms/*.xlsx"``: a path inside *folder* whose last part may hold ``*``. Case
        is not told apart, and ``.xlsm`` is meant too.
    about
        The dataset.

    Returns
    -------
    FormsReading
        Nothing is raised for what stands in the forms; a problem that is an error leaves the tables empty.
    """
    names, problems = _names(folder, pattern)
    readings, checksums = [], {}
    for name in names:
        try:
            file = read_file(folder / name, name=name, inside=folder)
        except SourceError as fault:
            problems += fault.problems
            continue
        checksums[name] = file.sha256
        readings.append(read_form(file, about))
    problems += [problem for reading in readings for problem in reading.problems]
    problems += [*_twice(readings, about), *_two_homes(readings), *_alike(readings)]
    found = FormsReading(tuple(readings), tuple(problems), checksums)
    if any(problem.severity == "error" for problem in problems):
        return found
    tables = {
        "gradings": gradings_of(readings, about),
        "findings": findings_of(readings, about),
        "actions": actions_of(readings, about),
        "evidence": evidence_of(readings, about),
        "visits": visits_of(readings, about),
    }
    return replace(found, tables=tables)


def _names(folder: Path, pattern: str) -> tuple[list[str], list[Problem]]:
    """The files that a pattern means, by name, and what is wrong with it."""
    path = PurePosixPath(pattern)
    home = folder / path.parent
    try:
        inside = home.resolve().is_relative_to(folder.resolve())
        there = sorted(entry.name for entry in home.iterdir()) if inside and home.is_dir() else []
    except ValueError:
        inside, there = True, []
    except (OSError, RuntimeError) as failure:  # RuntimeError: a circle of links
        reason, remedy = explain(failure)
        found = f"a folder that cannot be looked into ({reason})"
        return [], [Problem(pattern, found, "a folder of forms", remedy)]
    if not inside:
        said = ("a path that leads out of the folder", "files inside the dataset's folder")
        return [], [Problem(pattern, *said)]
    matching = [name for name in there if _is_meant(name, path.name)]
    passed_over = {name: why for name in matching if (why := _passed_over(name))}
    kept = [str(path.parent / name) for name in matching if name not in passed_over]
    problems = [
        Problem(str(path.parent / name), *why, severity="warning") for name, why in passed_over.items()
    ]
    if not kept:
        remedy = "check the name in source.toml and the folder"
        problems.append(Problem(pattern, "no such file", "a team diagnostic form", remedy))
    return kept, problems


def _is_meant(name: str, pattern: str) -> bool:
    """Whether a pattern means a file: in any case, and with macros or without."""
    folded, wanted = (
        re.sub(r"\.xlsm$", ".xlsx", unicodedata.normalize("NFC", each).casefold()) for each in (name, pattern)
    )
    return fnmatch.fnmatchcase(folded, wanted)


def _passed_over(name: str) -> tuple[str, str, str] | None:
    """What to say of a file that a program or a system left beside the forms; None of a form."""
    if name.startswith(("~$", ".~lock")):
        remedy = "close it in Excel; what was saved last is read"
        return "the mark of a form that is open", "forms that are closed", remedy
    if name.startswith("._"):
        remedy = "it was passed over; delete it"
        return "a file that a Mac leaves beside those it copies", "forms alone", remedy
    return None


def _twice(readings: Sequence[FormReading], about: About) -> list[Problem]:
    """Forms that grade a visit again at a stage that another form graded."""
    first: dict[tuple[str, ...], str] = {}
    problems = []
    for reading in readings:
        form = reading.form
        if not (form.team and form.service):
            continue
        round_ = form.round or about.round or ""
        visit = (form.authority or about.authority or "", round_, form.area, form.service, form.team)
        for stage in dict.fromkeys([form.stage, *([STAGES[1]] if form.second_grades else [])]):
            file = first.setdefault((*visit, stage), reading.file)
            if file != reading.file:
                at = "" if stage == first_stage(about) else f" at the stage {stage!r}"
                found = f"team {form.team!r} of {form.service} in the round {round_} again{at}"
                expected = f"one form for a visit{' and stage' if at else ''}; the other is {file}"
                problems.append(Problem(reading.file, found, expected))
                break
    return problems


def _two_homes(readings: Sequence[FormReading]) -> list[Problem]:
    """A team of one service that stands under two areas."""
    first: dict[tuple[str, ...], tuple[str, str]] = {}
    problems = []
    for reading in readings:
        form = reading.form
        if not (form.team and form.service and form.area):
            continue
        area, file = first.setdefault((form.authority, form.service, form.team), (form.area, reading.file))
        if area != form.area:
            found = f"team {form.team!r} of {form.service} in area {form.area!r}, in {file} in {area!r}"
            remedy = "two teams of one name need a word that tells them apart"
            said = (found, "one area for a team", remedy)
            problems.append(Problem(reading.file, *said, severity="warning"))
    return problems


def _alike(readings: Sequence[FormReading]) -> list[Problem]:
    """Teams of one service whose names may be one name spelt twice: told, never merged."""
    files: dict[tuple[str, str], str] = {}
    for reading in readings:
        files.setdefault((reading.form.service, reading.form.team), reading.file)
    problems = []
    for service in dict.fromkeys(service for service, _ in files):
        teams = [team for each, team in files if each == service and team]
        for one, other in near_duplicates(teams):
            expected = f"{one!r} as in {files[service, one]}, if it is the same team; both are kept"
            found = f"team {other!r} of {service}"
            problems.append(Problem(files[service, other], found, expected, severity="warning"))
    return problems


def write_form(path: str | Path, about: About, form: TeamForm | None = None) -> Path:
    """Write a form to a file that is not there yet; returns its path.

    Parameters
    ----------
    path
        Where to. A file that is there is never overwritten: it may be filled in.
    about
        The dataset that the form will belong to.
    form
        What is known already; by default nothing.

    Raises
    ------
    SourceError
        If the file is there or cannot be written, or the form holds what could not be read back.
    """
    target = Path(path)
    data = form_bytes(_marked(form or TeamForm(), about), about)
    if target.exists():
        said = ("a file of this name", "none", "it may be filled in: move it away or choose another name")
        raise SourceError([Problem(str(target), *said)])
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            stream.write(data)
    except OSError as failure:
        found = f"a place that cannot be written to ({failure.strerror})"
        raise SourceError([Problem(str(target), found, "a file that can be written")]) from None
    return target


def write_forms(folder: str | Path, about: About, forms: Iterable[TeamForm]) -> list[Path]:
    """Write forms into a folder, each under the name of its round, service and team.

    Raises
    ------
    SourceError
        If two forms come under one name, or one cannot be written; see :func:`write_form`. Nothing is written
        where a file of one of the names is there.
    """
    ready = [_marked(form, about) for form in forms]
    paths = [Path(folder) / form_name(form) for form in ready]
    twice = {str(path): ("two forms of this name", "one") for path in paths if paths.count(path) > 1}
    there = {str(path): ("a file of this name", "none") for path in paths if path.exists()}
    if faults := {**twice, **there}:
        remedy = "it may be filled in: move it away or choose another folder"
        raise SourceError([Problem(name, *said, remedy) for name, said in faults.items()])
    return [write_form(path, about, form) for path, form in zip(paths, ready, strict=True)]


def _marked(form: TeamForm, about: About) -> TeamForm:
    """A form of an illustrative dataset is illustrative, and so is none of another."""
    return replace(form, illustrative=about.illustrative, authority=form.authority or about.authority or "")


def form_name(form: TeamForm) -> str:
    """The file name of a form: safe on every system.

    Examples
    --------
    >>> form_name(TeamForm(round="2018-19", service="LAC Permanency", team="Team A"))
    '2018-19-lac-permanency-team-a.xlsx'
    >>> form_name(TeamForm(service="Safeguarding", team="Team A", stage="agreed"))
    'safeguarding-team-a-agreed.xlsx'
    >>> form_name(TeamForm())
    'team-form.xlsx'
    """
    stage = form.stage if form.stage != STAGES[0] else ""
    words = " ".join((form.round, form.service, form.team, stage))
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:120].rstrip("-")
    return f"{stem or 'team-form'}.xlsx"


class Graded(Protocol):
    """What forms are made blank for: gradings, and the words they use."""

    @property
    def about(self) -> About: ...

    @property
    def gradings(self) -> pd.DataFrame: ...


def blank_forms(
    dataset: Graded,
    *,
    team: str | None = None,
    service: str | None = None,
    area: str | None = None,
    round: str | None = None,  # noqa: A002 (the field's word)
    stage: str | None = None,
) -> list[TeamForm]:
    """Forms to be filled in: one for each team that the dataset knows, or one for the team that is named.

    Parameters
    ----------
    dataset
        Such as a :class:`~improvement_analysis.sources.Dataset`: its gradings name teams, services, areas.
    team, service, area
        Only teams of this name, in any declared spelling. A team that no grading names gets a form of its
        own: it may be new.
    round
        The round that the forms are for; by default the dataset's.
    stage
        When the grades will be given, such as ``"second"`` or ``"agreed"``; by default first. A form of a
        later stage holds the day of the visit, and one that settles grades what was graded before.

    Returns
    -------
    list of TeamForm
        With authority, area, service, team and round. One form without a team where none is known.

    Raises
    ------
    GradingsError
        If the dataset has no stage of that name, or no team.
    """
    about = dataset.about
    asked = TeamForm(
        round=round or about.round or "",
        area=about.areas.find(area or "") or area or "",
        service=about.services.find(service or "") or service or "",
        team=team or "",
        stage=_stage_of(stage, about),
    )
    known = dataset.gradings[dataset.gradings["team"].notna()]
    for column in ("team", "service", "area"):
        if getattr(asked, column):
            known = known[known[column] == getattr(asked, column)]
    places = known[["area", "service", "team"]].drop_duplicates().astype(object)
    if places.empty:
        return [asked]
    forms = [
        replace(asked, area=area_ if isinstance(area_, str) else "", service=service_, team=team_)
        for area_, service_, team_ in places.itertuples(index=False, name=None)
    ]
    return [_begun(form, known, about) for form in forms]


def _stage_of(stage: str | None, about: About) -> str:
    """A stage as the dataset declares it."""
    stages = {fold(name): name for name in about.stages}
    if stage is None:
        return first_stage(about)
    if fold(stage) not in stages:
        known = ", ".join(map(repr, about.stages))
        raise GradingsError(
            f"unknown stage {stage!r}; known are {known}; others are declared under stages in source.toml"
        )
    return stages[fold(stage)]


def _begun(form: TeamForm, gradings: pd.DataFrame, about: About) -> TeamForm:
    """A form of a later stage with what is known of its visit: the day, and the grades that it settles."""
    if form.stage == first_stage(about):
        return form
    own = gradings[(gradings["service"] == form.service) & (gradings["team"] == form.team)]
    own = own[(own["round"] == form.round) & (own["area"].fillna("") == form.area)]
    day = own["visit_date"].dropna().min()
    given = {}
    for domain, rows in own.groupby("domain", observed=True) if form.stage in SETTLING else ():
        told = zip(rows["grader"].fillna("somebody"), rows["grade"].astype(object), strict=True)
        words = [f"{grader}: {grade if isinstance(grade, str) else NO_JUDGEMENT}" for grader, grade in told]
        given[str(domain)] = "\n".join(words)
    return replace(form, visit_date=None if pd.isna(day) else day.date(), given=given)
