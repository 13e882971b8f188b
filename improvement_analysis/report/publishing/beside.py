"""What stands beside the pages: the methods, a front page over all reports, and a report in one file."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from improvement_analysis.about import About
from improvement_analysis.errors import ReportError
from improvement_analysis.report.publishing.manifest import MANIFEST, read_manifest, versions

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["METHODS", "read_findings", "render_methods", "write_front_page", "zip_report"]

METHODS = "methods.html"

_TEMPLATES = Path(__file__).parents[1] / "template"
_GENERATOR = "improvement_analysis front page"
#: Folders of a report that a reader of it does not need.
_OWN = ("earlier", "failed")


def read_findings(overview: Path) -> list[str]:
    """What the page of all services answers first; nothing where there is no such page."""
    if not overview.is_file():
        return []
    from bs4 import BeautifulSoup

    brief = BeautifulSoup(overview.read_bytes(), "html.parser").select_one("ul.brief")
    return [] if brief is None else [item.get_text(" ", strip=True) for item in brief.find_all("li")]


def render_methods(about: About) -> str:
    """The page that says how the numbers are made."""
    return _template("methods").render(
        style=_style(),
        kicker=" \u00b7 ".join(filter(None, about.heading)),
        illustrative=about.illustrative,
        program=f"improvement_analysis {versions()['improvement-analysis']}",
    )


def write_front_page(output: Path) -> Path | None:
    """An index of all reports in a folder; None where it holds none, or an index that is not ours.

    Raises
    ------
    ReportError
        If it cannot be written.
    """
    path, reports = output / "index.html", list(map(_report, sorted(output.glob(f"*/{MANIFEST}"))))
    if not reports or (path.exists() and _GENERATOR.encode() not in path.read_bytes()):
        return None
    text = _template("front").render(style=_style(), generator=_GENERATOR, reports=reports)
    _replace(path, text.encode("utf-8"))
    return path


def _report(manifest: Path) -> dict[str, object]:
    told = read_manifest(manifest.parent)
    dataset, name = told.get("dataset", {}), manifest.parent.name
    words = [dataset.get("authority") or dataset.get("title"), dataset.get("round")]
    return {
        "link": f"{name}/index.html",
        "title": f"{', '.join(word for word in words if word) or name} ({name})",
        "illustrative": dataset.get("illustrative", False),
        "pages": sum(1 for page in told.get("pages", []) if page.get("sha256")),
    }


def zip_report(folder: Path) -> Path:
    """A report as one file beside its folder, to be sent or put on a shared drive; same report, same bytes.

    Raises
    ------
    ReportError
        If it cannot be written.
    """
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            parts = path.relative_to(folder).parts
            if path.is_file() and parts[0] not in _OWN and not any(part.startswith(".") for part in parts):
                entry = zipfile.ZipInfo("/".join((folder.name, *parts)), (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(entry, path.read_bytes())
    target = folder.with_name(f"{folder.name}.zip")
    _replace(target, content.getvalue())
    return target


def _replace(path: Path, data: bytes) -> None:
    """Write a file aside and put it in its place at once."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as failure:
        draft.unlink(missing_ok=True)
        reason = failure.strerror or str(failure)
        raise ReportError(f"{path}: cannot be written ({reason}); see that it may be written") from None


def _style() -> str:
    return (_TEMPLATES / "findings" / "page.css").read_text(encoding="utf-8")


@lru_cache(maxsize=2)
def _template(name: str) -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(_TEMPLATES / name)
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True
    ).get_template("index.html.j2")
