"""What leaves the bench for an office: a workbook, slides, a document, a page as PDF. All as bytes.

Importing it loads none of the libraries that write them; they come with the extra ``office``.
"""

from improvement_analysis.exports.document import document_bytes, evaluation_bytes
from improvement_analysis.exports.marking import mark
from improvement_analysis.exports.pdf import find_chromium, pdf_bytes
from improvement_analysis.exports.slides import slides_bytes
from improvement_analysis.exports.team_documents import note_bytes, report_bytes
from improvement_analysis.exports.workbook import graded_services, workbook_bytes
from improvement_analysis.exports.writing import write_whole

__all__ = [
    "document_bytes",
    "evaluation_bytes",
    "find_chromium",
    "graded_services",
    "mark",
    "note_bytes",
    "pdf_bytes",
    "report_bytes",
    "slides_bytes",
    "workbook_bytes",
    "write_whole",
]
