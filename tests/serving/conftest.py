"""A server on a port of its own, and a browser as aiohttp has it."""

import asyncio
import json
from contextlib import asynccontextmanager

import pyte
import pytest
from aiohttp import ClientSession, CookieJar, WSMsgType
from aiohttp.test_utils import TestServer

from rnn_tutor.commands.serving.server import Place, Server
from rnn_tutor.commands.serving.visitors import Visitors

KEY = "a-key-of-twenty-two-xy"


class Browser:
    """A browser's cookies, and its requests with the headers that it sends."""

    def __init__(self, session, url):
        self.session, self.url = session, url

    async def get(self, path="/", **headers):
        async with self.session.get(f"{self.url}{path}", headers=headers, allow_redirects=False) as response:
            return response.status, await response.text("utf-8", "replace"), response.headers

    async def post(self, path, data=None, origin="own"):
        headers = {} if origin is None else {"Origin": self.url if origin == "own" else origin}
        async with self.session.post(
            f"{self.url}{path}", data=data, headers=headers, allow_redirects=False
        ) as response:
            return response.status, await response.text()

    async def admit(self, learner="ada"):
        assert (await self.get(f"/?key={KEY}"))[0] == 303
        if learner:
            assert (await self.post("/begin", {"learner": learner}))[0] == 303

    def websocket(self, origin="own", **options):
        headers = {} if origin is None else {"Origin": self.url if origin == "own" else origin}
        return self.session.ws_connect(f"{self.url}/ws?width=80&height=24", headers=headers, **options)


class Screen:
    """What a browser's terminal shows of a WebSocket."""

    def __init__(self, socket, columns=80, rows=24):
        self.socket = socket
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)

    def resize(self, columns, rows):
        self._screen.resize(rows, columns)

    @property
    def text(self):
        return "\n".join(self._screen.display)

    async def until(self, words, seconds=30):
        """Read until these words are on the screen; None: until the other end closes."""
        async with asyncio.timeout(seconds):
            while words is None or words not in self.text:
                message = await self.socket.receive()
                if message.type is WSMsgType.BINARY:
                    self._stream.feed(message.data)
                elif message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING):
                    assert words is None, f"closed without {words!r}:\n{self.text}"
                    return self.text
        return self.text

    async def type(self, text):
        await self.socket.send_str(json.dumps(["stdin", text]))


@pytest.fixture
def serve(tmp_path):
    """Serve, and give a way to make browsers."""

    @asynccontextmanager
    async def served(most=5, idle=1_000.0, url=None, **visitors):
        there = Visitors(KEY, most, idle, **visitors)
        test_server = TestServer(Server(Place("http://x"), there, ["--data", str(tmp_path)]).app())
        server = test_server.app
        await test_server.start_server()
        own = url or f"http://127.0.0.1:{test_server.port}"
        place_in(server, own)
        sessions = []

        def browser():
            sessions.append(ClientSession(cookie_jar=CookieJar(unsafe=True)))
            return Browser(sessions[-1], f"http://127.0.0.1:{test_server.port}")

        try:
            yield browser, there
        finally:
            for session in sessions:
                await session.close()
            await test_server.close()

    return served


def place_in(app, url):
    """Tell a server where it is: its port is known only when it runs."""
    handler = next(route.handler for route in app.router.routes() if route.resource.canonical == "/begin")
    handler.__self__._place = Place(url)
