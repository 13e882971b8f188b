"""What a comparison comes to in a few words: the domain to begin with, and its verdict as a title puts it."""

from __future__ import annotations

import pandas as pd

__all__ = ["choose_lead", "phrase_verdict"]


def choose_lead(frame: pd.DataFrame) -> str:
    """The domain that a page begins with: one that is claimed, one is open, else overall or the first.

    Examples
    --------
    >>> choose_lead(pd.DataFrame({"verdict": ["too_few", "could_be_chance"]}, ["practice", "overall"]))
    'overall'
    """
    names = sorted(map(str, frame.index), key=lambda domain: domain != "overall")
    for verdict in ("unlikely_chance", "depends_on_open"):
        for domain in names:
            if frame["verdict"].loc[domain] == verdict:
                return domain
    return names[0]


def phrase_verdict(verdict: object, superiority: float) -> str:
    """The verdict of one group against the others; only a claim has a direction.

    Examples
    --------
    >>> phrase_verdict("could_be_chance", 0.9), phrase_verdict("unlikely_chance", 0.9)
    ('no difference can be claimed', 'graded higher than elsewhere')
    """
    if verdict == "unlikely_chance":
        return f"graded {'higher' if superiority > 0.5 else 'lower'} than elsewhere"
    if verdict == "depends_on_open":
        return "the answer depends on open grades"
    return "no difference can be claimed"
