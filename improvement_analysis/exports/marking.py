"""What an export has to say of itself on every page: made up, internal, or published already."""

from __future__ import annotations

from dataclasses import dataclass

from improvement_analysis.dataset import Dataset
from improvement_analysis.disclosure import INTERNAL
from improvement_analysis.tables import ILLUSTRATIVE

__all__ = ["Marking", "mark"]


@dataclass(frozen=True)
class Marking:
    """Whether data is made up, and whether what holds it must stay in the house.

    ``named`` is True where the dataset names teams, ``public`` where every figure is published already.
    """

    illustrative: bool
    named: bool
    public: bool

    @property
    def banners(self) -> tuple[str, ...]:
        """The short lines that stand on every page, slide and sheet; none where nothing must be said."""
        made_up = (ILLUSTRATIVE,) if self.illustrative else ()
        return made_up if self.public else (*made_up, INTERNAL)

    @property
    def status(self) -> str:
        """The banners in one line."""
        return " ".join(self.banners)

    @property
    def reason(self) -> str:
        """Why, in a sentence."""
        if self.public:
            return "Every figure here is published already, in the source named below."
        if self.named:
            return "Teams are named in the data, and single teams can be told from counts of few."
        return (
            "The data does not say that its figures are published, "
            "and single teams can be told from counts of few."
        )


def mark(dataset: Dataset) -> Marking:
    """How exports of *dataset* are to be marked: internal, unless all they hold is published.

    It is taken for published where every grading comes from a printed cell, none names its team, no action
    plan, evidence or visit is held, and the source gives the date of its publication.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> mark(load("worcestershire-2018")).banners
    ()
    >>> mark(load("example-team-forms")).banners[1]
    'Internal: not for publication.'
    """
    named = bool(dataset.gradings["team"].notna().any())
    printed = int(dataset.published["teams"].sum()) == len(dataset.gradings)
    dated = dataset.about.published is not None
    of_visits = (dataset.actions, dataset.evidence, dataset.visits)
    public = printed and dated and not named and all(table.empty for table in of_visits)
    return Marking(dataset.about.illustrative, named, public)
