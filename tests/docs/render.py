"""Renders the documents that are made from the code: python tests/docs/render.py (make documents)."""

from pathlib import Path

from simsuite.lives.log_tables import event_log_document
from simsuite.report.said.sources import sources_document

DOCS = Path(__file__).parents[2] / "docs"
RENDERED = {"event_log.md": event_log_document, "sources.md": sources_document}


def main() -> None:
    for name, document in RENDERED.items():
        (DOCS / name).write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
