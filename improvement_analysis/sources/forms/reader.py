"""Team diagnostic forms read back: what was filled in, and every fault with its sheet and cell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from improvement_analysis.about import About
from improvement_analysis.days import day_reader
from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.notation import NO_JUDGEMENT, GradeReading, shown
from improvement_analysis.rounds import doubt_day
from improvement_analysis.sources.formats.document import Document
from improvement_analysis.sources.formats.files import SourceFile, read_file
from improvement_analysis.sources.formats.reading import read_document
from improvement_analysis.sources.forms.layout import LAYOUTS, Layout, Table
from improvement_analysis.sources.forms.plans import read_actions, read_evidence, read_findings
from improvement_analysis.sources.forms.rows import Row, SheetReader
from improvement_analysis.sources.forms.visit import TeamForm, first_stage
from improvement_analysis.sources.recognition.cells import grade_reader, name_reader
from improvement_analysis.sources.recognition.raw_table import Reading
from improvement_analysis.sources.recognition.roles import role_of
from improvement_analysis.standing import SETTLING
from improvement_analysis.vocabulary import Term, Vocabulary, clean, fold

__all__ = ["FormReading", "is_form", "read_form"]

_YES_OR_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class FormReading:
    """What a form says.

    Attributes
    ----------
    file
        What messages call it.
    version
        Of its layout; missing where it is no form.
    form
        What is filled in. Where a problem is an error its cell is left out.
    places
        The file, sheet and cell of everything that becomes a row: a grade by ``("grade", domain)`` or
        ``("second_grade", domain)``, a finding by ``("finding", position)``, evidence by ``("evidence",
        position)``, an action by ``("action", number)``, and the visit by ``("visit", "")``.
    problems
        Errors and warnings, sorted by place.
    """

    file: str
    version: int | None = None
    form: TeamForm = field(default_factory=TeamForm)
    places: Mapping[tuple[str, object], str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether it can be used: no problem is an error."""
        return all(problem.severity == "warning" for problem in self.problems)


def is_form(document: Document) -> bool:
    """Whether a workbook is a team diagnostic form of any version, by its sheets."""
    return _layout(document) is not None


def read_form(source: SourceFile | Path, about: About) -> FormReading:
    """Read a team diagnostic form of any version.

    Parameters
    ----------
    source
        The workbook.
    about
        The dataset it belongs to: its scale, domains, services and areas are what may be filled in.

    Returns
    -------
    FormReading
        With every problem met. Nothing is raised for what stands in the file.

    Examples
    --------
    >>> from improvement_analysis.sources.forms.writer import form_bytes
    >>> about = About("example", authority="Anyshire", round="2018-19")
    >>> blank = SourceFile("blank.xlsx", form_bytes(TeamForm(service="Safeguarding", team="Team A"), about))
    >>> for problem in read_form(blank, about).problems:
    ...     print(problem)
    blank.xlsx, sheet 'Grades': found no grade, expected a form that is filled in; leave it out until it is
    blank.xlsx, sheet 'Visit', cell B10: found an empty cell, expected the day of the visit
    """
    name = source.name
    try:
        file = read_file(source) if isinstance(source, Path) else source
        document, problems = read_document(file)
        if document.faults:
            raise SourceError([*problems, *document.faults])
    except SourceError as fault:
        return FormReading(name, problems=fault.problems)
    layout = _layout(document)
    if layout is None:
        there = ", ".join(repr(grid.sheet) for grid in document.grids) or "none"
        wanted = ", ".join(map(repr, LAYOUTS[0].sheets))
        said = (f"a workbook with the sheets {there}", f"a team diagnostic form, with the sheets {wanted}")
        return FormReading(name, problems=(Problem(name, *said), *problems))
    reader = _FormReader(name, document, layout, about)
    form = reader.form()
    found = sorted([*problems, *reader.problems()], key=lambda problem: problem.sort_key)
    return FormReading(name, layout.version, form, reader.places, tuple(found))


def _layout(document: Document) -> Layout | None:
    """The layout that most of the sheets belong to; of equals the one whose number stands on the form, else
    the newest; None where none does."""
    sheets = {fold(grid.sheet or "") for grid in document.grids}
    shared = [len(sheets & {fold(sheet) for sheet in layout.sheets}) for layout in LAYOUTS]
    equals = [layout for layout, number in zip(LAYOUTS, shared, strict=True) if number == max(shared)]
    of_number = [layout for layout in equals if _has_number(document, layout)]
    return [*of_number, *equals][0] if max(shared) >= 2 else None


def _has_number(document: Document, layout: Layout) -> bool:
    """Whether the form says that it is of this version."""
    labels = [fold(label) for label, name in layout.visit.fields.items() if name == "version"]
    return any(
        fold(row[0]) in labels and row[1].strip() == str(layout.version)
        for grid in document.grids
        if fold(grid.sheet or "") == fold(layout.visit.sheet)
        for row in grid.rows
        if len(row) > 1
    )


class _FormReader:
    """Reads one sheet after another."""

    def __init__(self, file: str, document: Document, layout: Layout, about: About) -> None:
        self.file, self.document, self.layout, self.about = file, document, layout, about
        self.places: dict[tuple[str, object], str] = {}
        self._sheets: list[SheetReader] = []
        self._problems: list[Problem] = []

    def problems(self) -> list[Problem]:
        return [*self._problems, *(problem for sheet in self._sheets for problem in sheet.problems)]

    def form(self) -> TeamForm:
        layout = self.layout
        visit = self._sheet(layout.visit)
        entries = self._visit(visit.labelled()) if visit else TeamForm()
        planned = entries.stage == first_stage(self.about)
        self._strange_sheets(
            {*layout.sheets, *layout.beside} - ({layout.actions.sheet} if not planned else set())
        )
        grades = self._sheet(layout.grades)
        entries = self._grades(grades, entries) if grades else entries
        evidence = self._sheet(layout.evidence) if layout.evidence else None
        findings = self._sheet(layout.findings)
        actions = self._sheet(layout.actions) if planned else None
        return replace(
            entries,
            evidence=read_evidence(evidence, self.about, self.places) if evidence else (),
            findings=read_findings(findings, self.about, self.places) if findings else (),
            actions=read_actions(actions, self.about, self.places, entries.visit_date) if actions else (),
        )

    def _sheet(self, table: Table) -> SheetReader | None:
        grid = next(
            (grid for grid in self.document.grids if fold(grid.sheet or "") == fold(table.sheet)), None
        )
        if grid is None:
            there = ", ".join(repr(grid.sheet) for grid in self.document.grids)
            said = (
                f"the sheets {there}",
                f"a sheet {table.sheet!r} too",
                "copy the entries into a fresh form",
            )
            self._problems.append(Problem(self.file, *said))
            return None
        reader = SheetReader(self.file, grid, table)
        self._sheets.append(reader)
        return reader

    def _strange_sheets(self, sheets: Collection[str]) -> None:
        known = {fold(sheet) for sheet in sheets}
        for grid in self.document.grids:
            if fold(grid.sheet or "") not in known:
                said = ("a sheet that the form does not have", "the form's own sheets", "it was not read")
                self._problems.append(Problem(self.file, *said, sheet=grid.sheet, severity="warning"))

    # ---------------------------------------------------------------------------------------------- visit

    def _visit(self, rows: Mapping[str, Row]) -> TeamForm:
        about, role = self.about, role_of(self.about)
        self._version(rows)
        names = {
            "authority": name_reader("authority", Vocabulary("authority"), may_be_empty=True),
            "round": name_reader("round", about.rounds, may_be_empty=True),
            "area": name_reader("area", about.areas, may_be_empty=True),
            "service": name_reader("service", about.services),
            "team": name_reader("team", Vocabulary("team")),
            "graders": role,
            "partner_graders": role,
            "stage": name_reader("stage", Vocabulary("stage", map(Term, about.stages)), may_be_empty=True),
        }
        texts = {name: rows[name].read(name, read) or "" for name, read in names.items() if name in rows}
        form = TeamForm(
            authority=texts.get("authority", ""),
            round=texts.get("round", ""),
            area=texts.get("area", ""),
            service=texts.get("service", ""),
            team=texts.get("team", ""),
            visit_date=self._day(rows),
            graders=texts.get("graders", ""),
            partner_graders=texts.get("partner_graders", ""),
            illustrative=self._illustrative(rows),
            stage=texts.get("stage") or first_stage(about),
            private_notes=rows["private_notes"].text("private_notes") if "private_notes" in rows else "",
        )
        if "graders" in rows:
            self.places["visit", ""] = rows["graders"].place("graders")
        self._check_day(rows, form)
        return form

    def _version(self, rows: Mapping[str, Row]) -> None:
        if "version" not in rows:
            return
        text = rows["version"].text("version")
        if text != str(self.layout.version):
            newer = text.isdecimal() and int(text) > LAYOUTS[0].version
            remedy = (
                "a newer version of this package reads it" if newer else "copy the entries into a fresh form"
            )
            found = shown(text) if text else "an empty cell"
            rows["version"].fault("version", found, f"form version {self.layout.version}", remedy)

    def _day(self, rows: Mapping[str, Row]) -> date | None:
        if "visit_date" not in rows:
            return None
        row = rows["visit_date"]
        day = row.read("visit_date", day_reader(row.sheet.grid.epoch, self.about.date_format))
        if not row.text("visit_date"):
            row.fault("visit_date", "an empty cell", "the day of the visit")
        elif day is not None and not 1990 <= day.year <= 2100:
            row.fault("visit_date", f"the day {day}", "the day of the visit, from 1990 to 2100")
            return None
        return day

    def _illustrative(self, rows: Mapping[str, Row]) -> bool:
        """Whether the form is marked as made up. It must not pass for a real one."""
        if "illustrative" not in rows:
            return self.about.illustrative
        row = rows["illustrative"]
        marked = _YES_OR_NO.get(fold(row.text("illustrative")))
        if marked is None:
            text = row.text("illustrative")
            row.fault("illustrative", shown(text) if text else "an empty cell", "'yes' or 'no'")
        elif marked and not self.about.illustrative:
            expected = "forms of real visits: source.toml does not say illustrative = true"
            row.fault("illustrative", "a form marked as made up", expected, "take it out of the folder")
        elif self.about.illustrative and not marked:
            expected = "made-up forms only: source.toml says illustrative = true"
            row.fault("illustrative", "a form that is not marked as made up", expected, severity="warning")
        return bool(marked)

    def _check_day(self, rows: Mapping[str, Row], form: TeamForm) -> None:
        """Whether the day can have been, and lies near its round."""
        day = form.visit_date
        if day is None:
            return
        name = form.round or self.about.round or ""
        doubt = doubt_day(day, name, self.about.dated_rounds, self.about.published)
        if doubt is not None:
            severity, found, expected = doubt
            remedy = "both are kept" if severity == "warning" else ""
            rows["visit_date"].fault("visit_date", found, expected, remedy, severity)

    # --------------------------------------------------------------------------------------------- grades

    def _grades(self, sheet: SheetReader, form: TeamForm) -> TeamForm:
        """*form* with its grades and reasons."""
        rows = self._rows_by_domain(sheet)
        texts = {name: {key: row.text(name) for key, row in rows.items()} for name in _JUDGED}
        form = replace(form, reasons=texts["reason"], given=texts["given"]).tidied()
        if rows and not any(texts["grade"].values()):
            sheet.fault(None, None, "no grade", "a form that is filled in", "leave it out until it is")
            return form
        # What nobody differed about need not be settled.
        settled = {key: row for key, row in rows.items() if form.stage not in SETTLING or texts["grade"][key]}
        second = any(texts["second_grade"].values())
        return replace(
            form,
            grades=self._column(settled, "grade"),
            second_grades=self._column(rows, "second_grade") if second else {},
        )

    def _rows_by_domain(self, sheet: SheetReader) -> dict[str, Row]:
        known = Vocabulary("domain", self.about.domains)
        rows: dict[str, Row] = {}
        tabled = sheet.tabled()
        unknown = 0
        for row in tabled:
            key = row.read("domain", name_reader("domain", known))
            if key in rows:
                row.fault("domain", f"the domain {key} again", "each domain once")
            elif key is not None:
                rows[key] = row
            unknown += key is None
        for domain in self.about.domains if tabled and not unknown else ():
            if domain.key not in rows:
                sheet.fault(None, None, f"no row for the domain {domain.key}", "a row for every domain")
        return {domain.key: rows[domain.key] for domain in self.about.domains if domain.key in rows}

    def _column(self, rows: Mapping[str, Row], name: str) -> dict[str, str]:
        found = {}
        for key, row in rows.items():
            reading = row.read(name, _grade_of(self.about, name))
            if reading is not None:
                found[key] = reading.grade or reading.reason or ""
                self.places[name, key] = row.place(name)
        return found


_JUDGED = ("grade", "second_grade", "given", "reason")


def _grade_of(about: About, name: str) -> Callable[[str], Reading[GradeReading]]:
    """A reader of grades that says of an empty cell what it is."""
    read_text = grade_reader(about.scale)

    def read(text: str) -> Reading[GradeReading]:
        reading = read_text(text)
        if clean(text):
            return reading
        remedy = f"write {NO_JUDGEMENT!r} where there was none"
        if name == "second_grade":
            remedy += ", or empty the whole column"
        return Reading(None, "an empty cell", reading.expected, remedy)

    return read
