"""Make the illustrative team forms: 19 teams, three areas, two rounds. Everything here is made up.

    python data/raw/example-team-forms/make.py              write forms/ again, byte for byte
    python data/raw/example-team-forms/make.py -o FOLDER    write them somewhere else

What is taken from the published dataset beside this folder: the names of services and domains, and, for the
first round, how many teams of a service got each grade in each domain. Each published tally is dealt out to
that service's teams, so the totals of the first round are the published ones, cell for cell. Which team got
which grade is made up: the paper does not say.

How grades are dealt. Every team has a standing, drawn once: that of its area, and a part of its own. For each
domain a part of the day is added; the best grade of the tally goes to the team that then stands highest, and
so on. Teams without a judgement are drawn. The overall conclusion is dealt from its own published tally in
the same way as a fifth domain: it is never worked out from the other four.

Areas. Redditch/Wychavon stands higher than the others, and the areas differ in which services they have:
both Care Leaving teams, which share a low grade for performance monitoring, are in Redditch/Wychavon. So all
its teams pooled look worse there than the others', while within Safeguarding they look better. That is on
purpose: it is the trap that comparing service by service avoids. SEED was chosen so that it shows.

Second round. Grades move a little, more often up than down; one team is new (Team T), one was closed (Team
O). Some teams are graded a second time, independently. Some have an action plan. Reasons follow from
the grade; what was looked at is drawn, and so is who has private notes. Chance comes only from
``random.Random(...).random()``, whose sequence Python keeps from version to version.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

import improvement_analysis as ia
from improvement_analysis.actions import quarter_end, quarters_after
from improvement_analysis.notation import parse_tally
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED
from improvement_analysis.sources.declaration import read_about
from improvement_analysis.sources.formats.files import read_file
from improvement_analysis.sources.forms import (
    FormEvidence,
    FormFinding,
    PlannedAction,
    Progress,
    TeamForm,
    form_bytes,
    read_forms,
)
from improvement_analysis.sources.forms.folder import form_name

FOLDER = Path(__file__).resolve().parent
PUBLISHED = FOLDER.parent / "worcestershire-2018"
SEED = 1745

REDDITCH, WORCESTER, BROMSGROVE = "Redditch/Wychavon", "Worcester/Malvern", "Bromsgrove/Wyre Forest"
CONTACT, SAFEGUARDING, PERMANENCY = "Contact and Referral and Assessment", "Safeguarding", "LAC Permanency"
LEAVING, DISABILITIES = "Care Leaving", "Children with Disabilities"

#: The area and the teams of each service in the first round, by the letters of their names.
HOMES = {
    CONTACT: {WORCESTER: "AB", BROMSGROVE: "C"},
    SAFEGUARDING: {REDDITCH: "DEF", WORCESTER: "GHI", BROMSGROVE: "JKL"},
    PERMANENCY: {REDDITCH: "M", BROMSGROVE: "NO"},
    LEAVING: {REDDITCH: "PQ"},
    DISABILITIES: {WORCESTER: "R", BROMSGROVE: "S"},
}
#: How high an area's teams stand before anything of their own, on no scale that means anything.
STANDING = {REDDITCH: 0.55, WORCESTER: 0.1, BROMSGROVE: 0.0}

FIRST_ROUND, SECOND_ROUND = "2017-18", "2018-19"
VISITS = {
    FIRST_ROUND: (date(2017, 8, 7), date(2018, 1, 31)),
    SECOND_ROUND: (date(2018, 9, 10), date(2019, 2, 15)),
}
#: The last day that anything is known of: what was planned after it is still open.
KNOWN_UNTIL = date(2019, 3, 31)

SECOND_GRADED = {FIRST_ROUND: "ACDGHJMPR", SECOND_ROUND: "BDFGKLNQS"}
PLANNED = {FIRST_ROUND: "BDEGHJKMNPS", SECOND_ROUND: "AEHKLNT"}

#: How far a grade moves from one round to the next, in half steps of the scale: chances that add up to 1.
MOVES = ((0.58, 0), (0.10, 1), (0.22, 2), (0.03, -1), (0.07, -2))
#: How far a second grader's grade lies from the first's.
DIFFERENCES = ((0.66, 0), (0.10, 1), (0.10, -1), (0.07, 2), (0.07, -2))


@dataclass(frozen=True)
class Team:
    """A made-up team and how it stands: higher means better grades, and nothing else."""

    letter: str
    service: str
    area: str
    standing: float

    @property
    def name(self) -> str:
        """What it is called."""
        return f"Team {self.letter}"


def chance(*of: str) -> Random:
    """A source of chance of its own for one thing, so that a change to one leaves the others alone."""
    return Random("/".join((str(SEED), *of)))


def draw(random: Random, chances: Sequence[tuple[float, int]]) -> int:
    """One of several values, each with its chance."""
    at = random.random()
    for share, value in chances:
        if at < share:
            return value
        at -= share
    return chances[0][1]


def pick(random: Random, things: Sequence[str]) -> str:
    """One of several things, each as likely."""
    return things[int(random.random() * len(things))]


def teams() -> list[Team]:
    """The teams of the first round."""
    return [
        Team(letter, service, area, STANDING[area] + chance("standing", letter).random())
        for service, areas in HOMES.items()
        for area, letters in areas.items()
        for letter in letters
    ]


def deal(tally: Mapping[str, int], among: Sequence[Team], domain: str) -> dict[str, str]:
    """The grades of a published tally, dealt out to the teams of the service, by their letters."""
    unjudged = sorted(among, key=lambda team: chance("unjudged", domain, team.letter).random())
    without = {team.letter for team in unjudged[: tally.get(NO_JUDGEMENT, 0)]}
    day = {team.letter: team.standing + 0.6 * chance("day", domain, team.letter).random() for team in among}
    judged = sorted((team.letter for team in among if team.letter not in without), key=day.__getitem__)
    grades = [grade for grade in OFSTED.categories for _ in range(tally.get(grade, 0))]
    return {**dict.fromkeys(without, NO_JUDGEMENT), **dict(zip(judged, grades, strict=True))}


def first_grades(everyone: Sequence[Team]) -> dict[str, dict[str, str]]:
    """Every team's grade in every domain in the first round: the published tallies dealt out."""
    found: dict[str, dict[str, str]] = {team.letter: {} for team in everyone}
    for cell in ia.load(PUBLISHED).published.to_dict("records"):
        among = [team for team in everyone if team.service == cell["service"]]
        for letter, grade in deal(parse_tally(cell["tally"]), among, str(cell["domain"])).items():
            found[letter][str(cell["domain"])] = grade
    return found


def moved(grade: str, half_steps: int) -> str:
    """A grade so many half steps away, never beyond good in this example; it stays where there is none."""
    ranks = OFSTED.categories
    at = ranks.index(grade) + half_steps
    return ranks[at] if 0 <= at <= ranks.index("G") else grade


def later_grades(letter: str, before: Mapping[str, str]) -> dict[str, str]:
    """A team's grades in the second round."""
    found = {}
    for domain, grade in before.items():
        random = chance("move", domain, letter)
        if grade == NO_JUDGEMENT:
            found[domain] = "RI" if random.random() < 0.7 else NO_JUDGEMENT
        else:
            found[domain] = moved(grade, draw(random, MOVES))
    return found


def second_grades(letter: str, round_: str, grades: Mapping[str, str]) -> dict[str, str]:
    """What a second grader gave, where there was one."""
    if letter not in SECOND_GRADED[round_]:
        return {}
    return {
        domain: grade
        if grade == NO_JUDGEMENT
        else moved(grade, draw(chance("second", round_, domain, letter), DIFFERENCES))
        for domain, grade in grades.items()
    }


def visit_days(round_: str, letters: Sequence[str]) -> dict[str, date]:
    """A working day for each team, spread over the round, none over Christmas."""
    first, last = VISITS[round_]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    days = [day for day in days if day.weekday() < 5 and not (day.month, day.day) >= (12, 18)]
    days = [day for day in days if not (day.month == 1 and day.day < 8)]
    order = sorted(letters, key=lambda letter: chance("order", round_, letter).random())
    step = len(days) / len(order)
    return {
        letter: days[int((place + chance("day of visit", round_, letter).random()) * step)]
        for place, letter in enumerate(order)
    }


# ------------------------------------------------------------------------------------------- made-up words

STRENGTHS = {
    "allocation": (
        "Made up: new cases reach a worker within two days, and everyone knows who holds what.",
        "Made up: the weekly allocation meeting looks at how full each caseload is.",
        "Made up: newly qualified workers have the smaller caseloads they were promised.",
        "Made up: when somebody is away, it is settled beforehand who looks after their cases.",
    ),
    "practice": (
        "Made up: children's own words can be found in most of the records that were read.",
        "Made up: visits to children have a plan and a purpose.",
        "Made up: fathers are asked, and what they say is written down.",
        "Made up: assessments say what life is like for the child.",
    ),
    "monitoring": (
        "Made up: supervision takes place every month and its decisions are on file.",
        "Made up: the team looks at its own figures every week and can say what lies behind them.",
        "Made up: file checks are talked through with the worker, and followed up.",
        "Made up: late visits are noticed within the week.",
    ),
    "joint_working": (
        "Made up: the health visitor and the school nurse come to the team's planning meeting.",
        "Made up: partners answer quickly and are told what became of their concerns.",
        "Made up: police and social workers plan their first visit together.",
        "Made up: schools know whom to ring, and do.",
    ),
}
VULNERABILITIES = {
    "allocation": (
        "Made up: cases wait for a worker when somebody is away.",
        "Made up: two workers hold far more cases than the others.",
        "Made up: cases that could be closed stay open for months.",
        "Made up: nobody can say how many hours a case of each kind takes.",
    ),
    "practice": (
        "Made up: plans list tasks without saying what is to change for the child.",
        "Made up: chronologies stop some months before the visit.",
        "Made up: genograms are missing from half of the files.",
        "Made up: the reason for a decision is often not written down.",
    ),
    "monitoring": (
        "Made up: supervision notes repeat the last ones.",
        "Made up: nobody could say which visits were late.",
        "Made up: file checks find the same faults each time.",
        "Made up: supervision is put off when the team is busy.",
    ),
    "joint_working": (
        "Made up: minutes of joint meetings are not shared with the school.",
        "Made up: requests to the adult services go unanswered for weeks.",
        "Made up: partners are invited to meetings two days before.",
        "Made up: housing is missing from most joint plans.",
    ),
}
RECOMMENDATIONS = {
    "allocation": "Made up: review every caseload with its worker, and agree how many cases are too many.",
    "practice": "Made up: rewrite the plans of ten children together with their families.",
    "monitoring": "Made up: check one supervision file of every worker each month.",
    "joint_working": "Made up: agree with each partner who answers, and by when.",
}
ACTIONS = {
    "allocation": (
        "Made up: reduce the two largest caseloads",
        "Made up: no caseload above the agreed number",
    ),
    "practice": ("Made up: rewrite ten plans with families", "Made up: ten plans re-read and found clear"),
    "monitoring": ("Made up: hold monthly file checks", "Made up: a check on file for each worker and month"),
    "joint_working": ("Made up: meet each partner once a quarter", "Made up: four meetings with notes"),
}
FURTHER_ACTIONS = (
    ("Made up: bring chronologies up to date", "Made up: every chronology no older than a month"),
    ("Made up: share the findings in a team meeting", "Made up: a meeting held, with notes"),
)
OUTCOMES = {
    "not started": ("Made up: waits for a vacancy to be filled.",),
    "in progress": ("Made up: half of it done.", "Made up: begun, slower than planned."),
    "closed": ("Made up: done, and checked by the practice lead.",),
    "stopped": ("Made up: overtaken by the new structure.",),
}
#: Why a grade was given, by domain: below requires improvement, at it, above it.
REASONS = {
    "allocation": (
        "Made up: cases wait, and two workers carry most of them.",
        "Made up: cases are allocated in time, but nobody looks at how full caseloads are.",
        "Made up: caseloads are even, and every case has a worker from the second day.",
    ),
    "practice": (
        "Made up: in most records the child cannot be heard.",
        "Made up: visits are made and written down; plans do not say what is to change.",
        "Made up: plans are clear, and families know them.",
    ),
    "monitoring": (
        "Made up: supervision notes are missing for half of the workers.",
        "Made up: supervision takes place, but its decisions are not followed up.",
        "Made up: the team knows its figures and acts on them.",
    ),
    "joint_working": (
        "Made up: partners say that they are told of decisions late.",
        "Made up: partners come to meetings; what was agreed is not always written down.",
        "Made up: partners plan with the team from the first day.",
    ),
    "overall": (
        "Made up: what was found in most records outweighs what goes well.",
        "Made up: the basis is there; what families notice of it differs from worker to worker.",
        "Made up: what was seen was sound in every part of the day.",
    ),
}
UNJUDGED = "Made up: too little was seen on the day to judge it."

#: What was looked at: from how many to how many, what it showed, and the domain it bears on.
EVIDENCE = {
    "records read": (6, 12, "Made up: case records, chosen by the graders, open and closed.", "practice"),
    "practice observed": (1, 3, "Made up: home visits and an allocation meeting.", "allocation"),
    "families heard": (1, 4, "Made up: parents and young people, by telephone.", None),
    "staff heard": (3, 8, "Made up: workers, a team manager and two partners.", "joint_working"),
    "data": (0, 0, "Made up: supervision dates and visits of the last quarter.", "monitoring"),
}
PRIVATE_NOTES = (
    "",
    "",
    "Made up: these notes stay on the form. The next visit wants a larger room.",
)

ROLES = ("team manager", "practice lead", "service manager", "group manager")


#: Which finding of a form is its recommendation.
RECOMMENDED = 3


def findings(letter: str, round_: str, grades: Mapping[str, str]) -> tuple[FormFinding, ...]:
    """A strength of the domain graded best, a vulnerability of the one graded worst, and what to do."""
    random = chance("findings", round_, letter)
    judged = {domain: OFSTED.rank(grade) for domain, grade in grades.items() if grade != NO_JUDGEMENT}
    judged.pop("overall", None)
    tie = {domain: random.random() for domain in judged}
    order = sorted(judged, key=lambda domain: (judged[domain], tie[domain]))
    worst, best = order[0], order[-1]
    return (
        FormFinding("strength", pick(random, STRENGTHS[best]), best),
        FormFinding("vulnerability", pick(random, VULNERABILITIES[worst]), worst),
        FormFinding("recommendation", RECOMMENDATIONS[worst], worst),
    )


def reasons(grades: Mapping[str, str]) -> dict[str, str]:
    """Why each grade was given."""
    middle = OFSTED.rank("RI")
    return {
        domain: UNJUDGED
        if grade == NO_JUDGEMENT
        else REASONS[domain][(OFSTED.rank(grade) >= middle) + (OFSTED.rank(grade) > middle)]
        for domain, grade in grades.items()
    }


def evidence(letter: str, round_: str) -> tuple[FormEvidence, ...]:
    """What was looked at: records always, other kinds at most visits."""
    random = chance("evidence", round_, letter)
    found = []
    for kind, (least, most, text, domain) in EVIDENCE.items():
        is_used, share = random.random() < 0.8, random.random()
        if is_used or kind == "records read":
            number = least + int(share * (most - least + 1)) if most else None
            found.append(FormEvidence(kind, text, domain, number))
    return tuple(found)


def plan(letter: str, round_: str, visit: date, about_to_mend: str) -> tuple[PlannedAction, ...]:
    """An action plan for some teams, with what was reported by the last day that is known."""
    if letter not in PLANNED[round_]:
        return ()
    wanted = [(*ACTIONS[about_to_mend], about_to_mend), *((*texts, None) for texts in FURTHER_ACTIONS)]
    number = 1 + int(chance("actions", round_, letter).random() * len(wanted))
    return tuple(
        action(letter, round_, visit, place, *words) for place, words in enumerate(wanted[:number], start=1)
    )


def action(
    letter: str, round_: str, visit: date, number: int, text: str, measure: str, domain: str | None
) -> PlannedAction:
    """One line of a plan."""
    random = chance("action", round_, letter, str(number))
    due = visit + timedelta(days=60 + int(random.random() * 200))
    role = pick(random, ROLES)
    ends, is_stopped = random.random() < 0.75, random.random() < 0.1
    end = due + timedelta(days=int(random.random() * 90) - 45)
    begun = visit + timedelta(days=20 + int(random.random() * 80))
    last = KNOWN_UNTIL if ends else date.max
    progress = tuple(
        report(random, visit, begun, end if ends else last, "stopped" if is_stopped else "closed")
    )
    closed_on = end if progress and progress[-1].status == "closed" else None
    answers = (RECOMMENDED,) if domain else ()
    return PlannedAction(number, text, domain, role, due, measure, closed_on, progress, answers)


def report(random: Random, visit: date, begun: date, end: date, how_it_ends: str) -> Iterator[Progress]:
    """What was reported on each quarter until the action ended, as far as is known."""
    for number, quarter in enumerate(quarters_after(visit, 4), start=1):
        last_day = quarter_end(quarter)
        if last_day > KNOWN_UNTIL:
            return
        status = how_it_ends if end <= last_day else "in progress" if begun <= last_day else "not started"
        yield Progress(number, status, pick(random, OUTCOMES[status]))
        if end <= last_day:
            return


def forms() -> list[TeamForm]:
    """Every form of both rounds, in the order of rounds and teams."""
    everyone = teams()
    first = first_grades(everyone)
    newcomer = Team("T", SAFEGUARDING, BROMSGROVE, 0.5)
    start = dict.fromkeys(first["J"], "RI")
    stayed = [team for team in everyone if team.letter != "O"]
    second = {team.letter: later_grades(team.letter, first[team.letter]) for team in stayed}
    second["T"] = later_grades("T", start)
    rounds = {FIRST_ROUND: (everyone, first), SECOND_ROUND: ([*stayed, newcomer], second)}
    return [
        form(team, round_, day, grades[team.letter])
        for round_, (there, grades) in rounds.items()
        for days in [visit_days(round_, [team.letter for team in there])]
        for team in there
        for day in [days[team.letter]]
    ]


def form(team: Team, round_: str, visit: date, grades: Mapping[str, str]) -> TeamForm:
    """One team's form in one round."""
    found = findings(team.letter, round_, grades)
    return TeamForm(
        authority=about().authority or "",
        round=round_,
        area=team.area,
        service=team.service,
        team=team.name,
        visit_date=visit,
        graders="two team managers",
        partner_graders="two team managers of the improvement partner" if round_ == FIRST_ROUND else "",
        illustrative=True,
        grades=grades,
        second_grades=second_grades(team.letter, round_, grades),
        reasons=reasons(grades),
        evidence=evidence(team.letter, round_),
        private_notes=pick(chance("private notes", round_, team.letter), PRIVATE_NOTES),
        findings=found,
        actions=plan(team.letter, round_, visit, found[1].domain or ""),
    )


def about() -> ia.sources.About:
    """What this folder says of itself."""
    return read_about(read_file(FOLDER / "source.toml"), FOLDER.name)


def main() -> None:
    """Write every form; one that is there is replaced."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "-o", "--output", type=Path, default=FOLDER / "forms", help="default: forms, beside this"
    )
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    made = forms()
    for each in made:
        (output / form_name(each)).write_bytes(form_bytes(each, about()))
    found = read_forms(output.parent, f"{output.name}/*.xlsx", about())
    print(f"{len(made)} forms written to {output}; their sha256, for source.toml: {found.sha256}")


if __name__ == "__main__":
    main()
