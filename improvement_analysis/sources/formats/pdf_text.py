"""The text of a PDF's pages, read in a process of its own: bytes in, JSON out.

Run as a script, so that a PDF made to run on for ever or to fill the memory ends with the process.
"""

import contextlib
import io
import json
import logging
import sys
import warnings

#: Pages, and letters of text, of a document: a longer one is no summary of gradings.
MOST_PAGES, MOST_LETTERS = 500, 2_000_000


def read_pages(data: bytes) -> "list[str]":
    """The text of each page."""
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("it is protected by a password")
    if len(reader.pages) > MOST_PAGES:
        raise ValueError(f"it has {len(reader.pages):,} pages")
    texts: list[str] = []
    for page in reader.pages:
        texts.append(page.extract_text())
        if sum(map(len, texts)) > MOST_LETTERS:
            raise ValueError(f"it has more than {MOST_LETTERS:,} letters")
    return texts


def main() -> None:
    """Read a PDF from standard input; write its pages, or what is wrong, to standard output."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
        resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]), int(sys.argv[2])))
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    answer: dict[str, object]
    try:
        answer = {"pages": read_pages(sys.stdin.buffer.read())}
    except Exception as fault:  # noqa: BLE001 (whatever a broken file provokes is told to the parent)
        answer = {"fault": str(fault) or type(fault).__name__}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


if __name__ == "__main__":
    main()
