"""What a Chart carries: an accessible, repeatable picture in each format, its words and its table."""

from __future__ import annotations

import base64
import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib as mpl
import matplotlib.style
import pytest

from improvement_analysis import charts
from improvement_analysis.charts.svg import make_accessible

SVG = "{http://www.w3.org/2000/svg}"
LARGEST = 70_000
#: What a notebook may have set before it draws a chart.
OWN = {"savefig.bbox": "tight", "text.parse_math": True, "svg.fonttype": "path", "lines.scale_dashes": False}


@pytest.fixture
def chart(safeguarding):
    return charts.grade_grid(safeguarding, headlines=dict.fromkeys(safeguarding.index, "RI"))


def test_the_svg_is_one_named_and_described_image(chart):
    root = ET.fromstring(chart.svg)
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == chart.title == "1 of 33 domain gradings was good, none outstanding"
    assert desc.text == chart.alt_text


def test_the_svg_takes_the_width_of_its_column_on_a_page_and_has_its_own_in_a_file(chart, tmp_path):
    root = ET.fromstring(chart.svg)
    assert root.get("width") is None
    assert root.get("height") is None
    assert "width:100%;max-width:960px;height:auto" in root.get("style")
    saved = ET.parse(chart.save(tmp_path / "chart.svg")).getroot()
    assert saved.get("width") == "720pt"
    assert saved.get("viewBox") == root.get("viewBox")


def test_text_in_the_svg_is_text_in_a_font_that_has_a_substitute(chart):
    root = ET.fromstring(chart.svg)
    assert root.get("font-family") == "DejaVu Sans, Verdana, sans-serif"
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert words.count("RI") == 5
    assert "Quality domain" in words
    assert "font-family" not in chart.svg.split(">", 1)[1]


def test_ids_are_unique_refer_to_something_and_differ_between_charts(kit, safeguarding, form):
    first = kit.build(form, safeguarding).svg
    second = kit.build(form, safeguarding, title="Another").svg
    ids = re.findall(r'\bid="([^"]+)"', first)
    assert len(ids) == len(set(ids)) >= 2
    assert set(re.findall(r'(?:url\(#|href="#)([^")]+)', first)) <= set(ids)
    assert not set(ids) & set(re.findall(r'\bid="([^"]+)"', second))


def test_every_form_is_small_and_well_formed(kit, safeguarding, form):
    chart = kit.build(form, safeguarding, ["Team A", "Team B"])
    assert len(chart.html.encode()) < LARGEST
    assert ET.fromstring(chart.svg).get("role") == "img"


def test_the_same_counts_give_the_same_bytes(kit, safeguarding, form):
    first, second = (kit.build(form, safeguarding) for _ in range(2))
    assert first.html == second.html
    assert first.png == second.png
    assert first.table.html == second.table.html


def test_a_notebook_s_own_style_changes_nothing(kit, safeguarding, form):
    plain = kit.build(form, safeguarding)
    expected = plain.html, plain.png
    with mpl.style.context(["ggplot", "dark_background"]), mpl.rc_context(OWN):
        styled = kit.build(form, safeguarding)
        found = styled.html, styled.png
        assert mpl.rcParams["savefig.bbox"] == "tight"
    assert found == expected


def test_processes_with_other_hash_seeds_and_time_zones_draw_the_same_bytes(tmp_path):
    code = (
        "import hashlib, pandas as pd\n"
        "from improvement_analysis import charts\n"
        "from improvement_analysis.scale import OFSTED\n"
        "index = pd.Index(['practice', 'overall'], name='domain')\n"
        "rows = [[3, 1, 5, 0, 1, 0, 0, 2], [2, 0, 7, 0, 0, 0, 0, 0]]\n"
        "chart = charts.grade_grid(pd.DataFrame(rows, index, list(OFSTED.columns)))\n"
        "pdf = chart.save('chart.pdf').read_bytes()\n"
        "for content in (chart.html.encode(), chart.png, pdf):\n"
        "    print(hashlib.sha256(content).hexdigest())\n"
    )
    seen = set()
    for seed, zone in (("0", "UTC"), ("7", "Asia/Kathmandu")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(Path.cwd())}
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
            cwd=tmp_path,
        )
        seen.add(done.stdout)
    assert len(seen) == 1


def test_the_bundle_holds_html_a_described_png_and_the_words(chart):
    data, metadata = chart._repr_mimebundle_()
    assert set(data) == {"text/html", "image/png", "text/plain"}
    assert data["text/html"].startswith("<figure")
    assert data["text/html"].count("<svg") == 2, "one for wide screens, one for narrow ones"
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == chart.alt_text
    assert metadata == {"image/png": {"alt": chart.alt_text}}


def test_the_bundle_makes_only_what_is_asked_for(chart):
    assert set(chart._repr_mimebundle_(include=["text/html"])[0]) == {"text/html"}
    data, metadata = chart._repr_mimebundle_(exclude=["image/png"])
    assert set(data) == {"text/html", "text/plain"}
    assert metadata == {}


def test_a_notebook_draws_a_chart_once(tmp_path):
    code = (
        "import sys, pandas as pd\n"
        "from improvement_analysis import charts\n"
        "assert 'matplotlib' not in sys.modules, 'imported before it was needed'\n"
        "from improvement_analysis.scale import OFSTED\n"
        "from improvement_analysis.charts import agreements, areas, changes, diverging, grids\n"
        "from improvement_analysis.charts import heatmaps, matrices, ranges, shares\n"
        "assert 'matplotlib' not in sys.modules, 'imported by a form'\n"
        "counts = pd.DataFrame([[0, 0, 2, 0, 0, 0, 0, 0]], ['practice'], list(OFSTED.columns))\n"
        "charts.grade_grid(counts)._repr_mimebundle_()\n"
        "assert 'matplotlib.pyplot' not in sys.modules, 'a pyplot figure would be shown twice'\n"
        "assert 'seaborn' not in sys.modules, 'seaborn is for pooled forms'\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=tmp_path)


def test_a_kernel_that_wants_no_png_gets_none(tmp_path):
    code = (
        "import pandas as pd\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "from improvement_analysis import charts\n"
        "from improvement_analysis.scale import OFSTED\n"
        "counts = pd.DataFrame([[0, 0, 2, 0, 0, 0, 0, 0]], ['practice'], list(OFSTED.columns))\n"
        "formatter = InteractiveShell.instance().display_formatter\n"
        "shown = lambda: sorted(formatter.format(charts.grade_grid(counts))[0])\n"
        "assert shown() == ['image/png', 'text/html', 'text/plain'], shown()\n"
        "formatter.active_types = ['text/html', 'text/plain']\n"
        "assert shown() == ['text/html', 'text/plain'], shown()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "IPYTHONDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=tmp_path)


def test_drawing_opens_no_pyplot_figure(kit, safeguarding, form):
    import matplotlib.pyplot as plt

    kit.build(form, safeguarding)
    assert plt.get_fignums() == []


def test_saved_pictures_carry_no_date(chart, tmp_path):
    from PIL import Image

    pdf = chart.save(tmp_path / "chart.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert b"CreationDate" not in pdf
    png = Image.open(io.BytesIO(chart.save(str(tmp_path / "chart.png")).read_bytes()))
    assert png.info.get("Title") == chart.title
    assert "Creation Time" not in png.info
    assert "<dc:date>" not in chart.save(tmp_path / "chart.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["chart.jpg", "chart"])
def test_an_unknown_ending_is_refused_and_nothing_written(chart, tmp_path, name):
    with pytest.raises(ValueError, match=r"a chart is saved as \.svg, \.png or \.pdf, not as"):
        chart.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_names_are_escaped_and_stay_true_in_the_svg(kit, safeguarding):
    name = "<script>alert(1)</script> & $x_1$ 🦊"
    chart = charts.grade_grid(safeguarding, labels={"practice": name})
    assert "<script" not in chart.html
    assert "<script" not in chart.table.html
    words = " ".join(text.text for text in ET.fromstring(chart.svg).iter(f"{SVG}text"))
    assert "$x_1$ 🦊" in words
    assert name in chart.alt_text
    drawn = " ".join(text.get_text() for text in kit.texts(chart))
    assert "$x_1$ □" in drawn


def test_characters_that_no_page_may_hold_are_replaced(safeguarding):
    chart = charts.grade_grid(safeguarding, labels={"practice": "A\x00B\ud800C\nD"})
    assert ET.fromstring(chart.svg) is not None
    assert "A\ufffdB\ufffdC D" in chart.alt_text
    assert chart.html.encode()


def test_what_is_no_svg_is_refused():
    with pytest.raises(ValueError, match="not an SVG"):
        make_accessible("<html></html>", title="t", description="d", inline=True)


def test_the_shop_window_of_charts_names_every_form(kit):
    assert set(kit.FORMS) == {n for n in charts.__all__ if n != "Chart" and not n.startswith("plot_")}
    assert all(callable(getattr(charts, name)) for name in charts.__all__)
    with pytest.raises(AttributeError, match="no attribute 'pie'"):
        charts.pie  # noqa: B018
