"""The app with other sources of its data sets: `python -m tests.browser.fetching_app PORT SOURCES.json`.

Runs train in threads of this process (DLVIZ_ENGINE=thread), since sources are exchanged in this one only.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main(port: str, file: str) -> None:
    os.environ["DLVIZ_ENGINE"] = "thread"
    from dlviz.data.fetching import from_words
    from dlviz.labs.cnn.sources import SOURCES

    given = json.loads(Path(file).read_text(encoding="utf-8"))
    SOURCES.update({name: tuple(from_words(sources)) for name, sources in given.items()})
    from streamlit.web.cli import main as streamlit

    sys.argv = ["streamlit", "run", "app.py", f"--server.port={port}", "--server.address=127.0.0.1",
                "--server.headless=true"]  # fmt: skip
    streamlit()


if __name__ == "__main__":
    main(*sys.argv[1:])
