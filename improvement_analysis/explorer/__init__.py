"""Looking around: a view is a picture, a table, a sentence and the code that makes them.

:func:`show_view` is the plain function, :func:`explore` puts controls above it.
"""

from improvement_analysis.charts import Chart
from improvement_analysis.charts.form import Words
from improvement_analysis.explorer.choices import Choice
from improvement_analysis.explorer.panel import Explorer, explore
from improvement_analysis.explorer.shortcuts import compare_part, count_part, draw_grid
from improvement_analysis.explorer.views import View, show_view

__all__ = [
    "Chart",
    "Choice",
    "Explorer",
    "View",
    "Words",
    "compare_part",
    "count_part",
    "draw_grid",
    "explore",
    "show_view",
]
