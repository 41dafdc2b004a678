"""Start the app and print its address."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path

from dlviz.cli.output import as_json, say
from dlviz.cli.settings import whole_number
from dlviz.core.errors import InvalidInput

NAME = "serve"
HELP = "start the app and print its address"
ROOT = Path(__file__).parent.parent.parent
PORT, ADDRESS = "DLVIZ_PORT", "DLVIZ_ADDRESS"


def arguments(parser: argparse.ArgumentParser) -> None:
    """[--port N] [--address A]."""
    port, address = os.environ.get(PORT, "8501"), os.environ.get(ADDRESS, "127.0.0.1")
    parser.add_argument("--port", metavar="N", default=port, help=f"where to listen (else {PORT}, else 8501)")
    for_whom = f"127.0.0.1: for this machine; 0.0.0.0: for everybody (else {ADDRESS}, else the first)"
    parser.add_argument("--address", metavar="A", default=address, help=for_whom)


def check_free(address: str, port: int) -> None:
    """Raise `InvalidInput` when nobody could listen there."""
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise InvalidInput("--address", "must be an address of this machine", address, "127.0.0.1") from None
    with socket.socket(family, kind, protocol) as listener:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(target)
        except PermissionError:
            raise InvalidInput("--port", "must be one that this user may open", port, "8501") from None
        except OSError as problem:
            rule = f"must be free on {address} ({problem.strerror})"
            raise InvalidInput("--port", rule, port, str(port + 1 if port < 65535 else 8501)) from None


def command(address: str, port: int) -> list[str]:
    """What runs the app. Headless: Streamlit asks nothing on a first start, and opens no browser by itself."""
    return [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), f"--server.port={port}",
            f"--server.address={address}", "--server.headless=true"]  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Become the server: signals reach it directly."""
    port = whole_number(args.port, "--port", 1, 65535, 8501)
    if not (ROOT / "app.py").is_file():
        raise InvalidInput("serve", "needs app.py beside the package", str(ROOT), "a checkout of the repository")
    check_free(args.address, port)
    shown = "localhost" if args.address in ("127.0.0.1", "0.0.0.0", "::", "::1") else args.address
    url = f"http://{shown}:{port}"
    say(as_json({"url": url}) if args.json else f"dlviz is at {url}    (Ctrl-C stops it)")
    os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml from the current folder
    os.execv(sys.executable, command(args.address, port))
