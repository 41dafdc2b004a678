"""A visitor without a browser: opens a page over Streamlit's own socket and talks to the run over the live route."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from dlviz.training.frames import Message, decode

T = TypeVar("T")
RUN_ID = re.compile(rb'"run":\s*"([\w-]{24})"')


def run_async(talk: Coroutine[Any, Any, T]) -> T:
    """Run one conversation to its end, on a thread of its own: the browser tests keep a loop on the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, talk).result()


def socket_address(address: str) -> str:
    return address.replace("http", "ws", 1)


async def open_page(address: str, page: str = "playground", query: str = "") -> str:
    """Open a lab's page in a new session, as a browser would; the id of the run it shows."""
    stream = f"{socket_address(address)}/_stcore/stream"
    async with connect(
        stream, subprotocols=[Subprotocol("streamlit")], max_size=None, origin=Origin(address)
    ) as socket:
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        await socket.send(message.SerializeToString())
        async with asyncio.timeout(60):
            while True:
                if found := RUN_ID.search(await socket.recv(decode=False)):
                    return found[1].decode()


class Visitor:
    """One live socket; `asks_on` gives a frame's credit back as soon as it has come."""

    def __init__(self, socket: ClientConnection, asks_on: bool) -> None:
        self.socket, self.asks_on = socket, asks_on

    async def send(self, do: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"do": do, **fields}))

    async def receive(self) -> Message:
        message = decode(await self.socket.recv(decode=False))
        if message.kind == "frame" and self.asks_on:
            await self.send("next")
        return message

    async def until(self, wanted: Callable[[Message], bool], within: float = 60.0) -> Message:
        async with asyncio.timeout(within):
            while not wanted(message := await self.receive()):
                pass
            return message

    async def ask(self, do: str, **fields: Any) -> Message:
        token = f"{do}-{asyncio.get_running_loop().time()}"
        await self.send(do, token=token, **fields)
        return await self.until(lambda message: message.numbers.get("token") == token)


@contextlib.asynccontextmanager
async def live(address: str, run: str, *, origin: str | None = "", asks_on: bool = True) -> AsyncIterator[Visitor]:
    """The live socket of a run; `origin` None sends none, "" sends the server's own."""
    path = f"{socket_address(address)}/api/live/{run}"
    sent = None if origin is None else Origin(origin or address)
    async with connect(path, origin=sent, max_size=None) as socket:
        yield Visitor(socket, asks_on)
