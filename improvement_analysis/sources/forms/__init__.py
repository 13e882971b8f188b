"""The team diagnostic form: a workbook for each visit, written, filled in by hand, and read back.

A form is a :class:`TeamForm`, whatever workbook holds it. Writing one and reading it back gives it again.
"""

from improvement_analysis.sources.forms.folder import (
    FormsReading,
    blank_forms,
    read_forms,
    write_form,
    write_forms,
)
from improvement_analysis.sources.forms.meetings import write_meetings
from improvement_analysis.sources.forms.reader import FormReading, is_form, read_form
from improvement_analysis.sources.forms.visit import (
    FormEvidence,
    FormFinding,
    PlannedAction,
    Progress,
    TeamForm,
)
from improvement_analysis.sources.forms.writer import form_bytes

__all__ = [
    "FormEvidence",
    "FormFinding",
    "FormReading",
    "FormsReading",
    "PlannedAction",
    "Progress",
    "TeamForm",
    "blank_forms",
    "form_bytes",
    "is_form",
    "read_form",
    "read_forms",
    "write_form",
    "write_forms",
    "write_meetings",
]
