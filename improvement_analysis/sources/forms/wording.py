"""What a form says to whoever fills it in."""

from __future__ import annotations

from datetime import date

from improvement_analysis.actions import quarters_after

__all__ = ["ENTRIES", "READ_ME", "quarter_words"]

#: Beside each entry of the first sheet, by field.
ENTRIES = {
    "authority": "Whose team was visited.",
    "area": "Choose from the list. Leave empty for a team that serves the whole county.",
    "service": "Choose from the list.",
    "team": "What the team is called, always in one spelling. No name of a manager.",
    "round": "The round of visits, such as 2018-19.",
    "visit_date": "The day of the visit, day first: 04/09/2018.",
    "graders": "Roles only, such as: two service managers.",
    "partner_graders": "Roles only. Leave empty if no partner took part.",
    "stage": "When these grades are given: first on the day, second by another grader, agreed by both, "
    "or moderated. Choose from the list.",
    "private_notes": "For whoever keeps this form. They are in no table, page, report or export.",
    "illustrative": "Yes only for a made-up form. Locked.",
    "version": "Of this form. Locked.",
}

#: The lines of the sheet Read me. Its words in braces are filled in when a form is written.
READ_ME = (
    "This form holds one visit to one team: how it was graded, what was found, and what the team will do.",
    "Fill in the yellow cells. All others are locked, without a password; rows and columns can be widened.",
    "1. Visit. Say which team was visited, and when. Choose from the lists where there are lists.",
    "2. Evidence. One row for each kind: records read, practice observed, families heard, staff heard, data. "
    "Say how many, what it was, and what it showed.",
    "3. Grades. Choose a grade for every domain, the overall conclusion included. The overall conclusion is "
    "a judgement of your own: nothing works it out from the others. A split such as {split} is a grade of "
    "its own. Choose '{none}' where you could not judge; an empty cell will be sent back to you. Say why in "
    "the column for reasons: the team reads it.",
    "4. Second grader's grade. Only where somebody else graded the same visit before the two of you "
    "compared: then a grade for every domain. Otherwise leave the column empty. A second grader may have a "
    "form of their own instead, and so may what both agree.",
    "5. Strengths and vulnerabilities. One thing to a row, in a sentence: a strength, a vulnerability or a "
    "recommendation. Name the domain where it belongs to one. The number of a row is for the action plan.",
    "6. Action plan. For the team's manager, after the visit. Quarter 1 is the quarter after the one in "
    "which the visit was{quarters}. Report on each quarter when it is over: a status, and what came of it. "
    "In the last column give the number of the recommendation that an action answers.",
    "Everything but the private notes reaches the team: its page and its report. Nothing you write is in "
    "anything for publication.",
    "Write no names anywhere, neither of children and families nor of staff. Where a role belongs, what may "
    "be a name is refused.",
    "Leave sheets, headings and labels as they are called. Do not merge cells or put formulas in them.",
    "Save the form as an Excel workbook (.xlsx) and return it to whoever sent it.",
    "Grades and other words to choose from are on the sheet Lists, with their meaning.",
)

_MONTHS = {
    "1": "April to June",
    "2": "July to September",
    "3": "October to December",
    "4": "January to March",
}


def quarter_words(day: date) -> str:
    """The quarter after a day's, with its months.

    Examples
    --------
    >>> quarter_words(date(2017, 12, 4))
    '2017-18 Q4 (January to March)'
    """
    quarter = quarters_after(day, 1)[0]
    return f"{quarter} ({_MONTHS[quarter[-1]]})"
