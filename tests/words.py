"""What a page shows, as words and sentences, and how hard the sentences are to read."""

import re

from bs4 import BeautifulSoup, NavigableString

#: What stands on a page and is not seen there before a fold is opened, or is seen at another width only.
UNSEEN = "style, title, desc, .unseen, .illustrative, .ia-narrow, .skip"
#: The words of the source itself, which are quoted as they are.
QUOTED = ".findings li, dl.source, footer, .download, svg, table, h1, h2, h3, h4, nav, .kicker, summary"
#: Terms that every reader of these pages knows, however long: each counts as one short word.
TERMS = [
    "case allocation and workload", "practice and direct work", "performance monitoring", "joint working",
    "overall conclusion", "requires improvement", "inadequate", "outstanding", "improvement",
    "contact and referral and assessment", "safeguarding", "lac permanency", "care leaving",
    "children with disabilities", "redditch/wychavon", "worcester/malvern", "bromsgrove/wyre forest",
]  # fmt: skip


def shown_words(html):
    """The words that a page shows before a reader opens a fold."""
    page = BeautifulSoup(html, "html.parser").body
    for part in page.select(UNSEEN):
        part.decompose()
    for fold in page.select("details"):
        for child in list(fold.children):
            if isinstance(child, NavigableString) or child.name != "summary":
                child.extract()
    return page.get_text(" ").split()


def sentences(html):
    """Every sentence of a page that is ours and not the source's, folded or not."""
    page = BeautifulSoup(html, "html.parser").body
    for part in page.select(f"{UNSEEN}, {QUOTED}"):
        part.decompose()
    for part in page.select("p, li, dt, dd, td"):
        text = " ".join(part.get_text(" ").split())
        yield from (each for each in re.split(r"(?<=[.!?])\s+(?=[A-Z\d])", text) if " " in each)


def reading_grade(texts):
    """The school year that can read *texts* (Kincaid 1975): 8 is an age of 13 to 14."""
    words = [word for text in texts for word in re.findall(r"[a-z']+", _plain(text))]
    return 0.39 * len(words) / len(texts) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _plain(text):
    text = text.casefold()
    for term in TERMS:
        text = text.replace(term, "it")
    return text


def _syllables(word):
    vowels = len(re.findall(r"[aeiouy]+", word))
    silent = (word.endswith("e") and not word.endswith(("le", "ee"))) or word.endswith(("ed", "es"))
    return max(1, vowels - silent)
