"""Looking around: a view is a picture, a table, a sentence and the code that makes them.

:func:`show_view` is the plain function, :func:`explore` puts controls above it.
"""

from improvement_analysis.explorer.panel import Explorer, explore
from improvement_analysis.explorer.views import View, show_view

__all__ = ["Explorer", "View", "explore", "show_view"]
