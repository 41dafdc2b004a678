"""`app.py` is served in three ways, and leaves nothing behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.browsing import ROOT, free_port, healthy

pytestmark = pytest.mark.slow  # it starts the app three times

WAYS = {
    "streamlit run": ["-m", "streamlit", "run", "app.py", "--server.port={port}", "--server.headless=true"],
    "python": ["app.py"],
    "uvicorn": ["-m", "uvicorn", "app:app", "--port={port}"],
}


def children(pid):
    """Processes whose parent is `pid`."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it may end while we look
            if stat.read_text().rsplit(")", 1)[1].split()[1] == str(pid):
                found.append(int(stat.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("way", WAYS)
def test_the_app_is_served_and_its_workers_end_with_it(way, tmp_path):
    port = free_port()
    # `python app.py` takes no flags; Streamlit reads a person's own settings from the home folder.
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit/config.toml").write_text(f"[server]\nport = {port}\nheadless = true\n")
    env = {**os.environ, "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    command = [sys.executable, *(part.format(port=port) for part in WAYS[way])]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert healthy(f"http://127.0.0.1:{port}", within=60, process=process)
        workers = children(process.pid)
        assert len(workers) == 1
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    finally:
        process.kill()
    end = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < end:
        time.sleep(0.05)
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
    assert not list(tmp_path.glob("dlviz-*"))
