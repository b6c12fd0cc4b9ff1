"""The web server: pages, the link that lets a visitor in, and the WebSocket between a browser and a kiosk.

Every request has to name this server (Host); whatever changes something, and the WebSocket, has to come from its own
pages (Origin), with the cookie of a visitor. The cookie is set when a link with the right key is opened.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web

from rnn_tutor.commands.serving import pages
from rnn_tutor.commands.serving.terminal import KioskTerminal, kiosk_command
from rnn_tutor.commands.serving.visitors import Visitor, Visitors
from rnn_tutor.paths import PathError, learner_id

COOKIE = "rnn-tutor"
MOST_MESSAGE = 64 << 10  # bytes: a paste of the longest answer is under 40,000
_MOST_FORM = 4 << 10
_LOOKS = 10.0  # seconds from one look for idle kiosks to the next
_STATIC = {
    "textual.js": ("js/textual.js", "text/javascript"),
    "xterm.css": ("css/xterm.css", "text/css"),
    "RobotoMono-VariableFont_wght.ttf": ("fonts/RobotoMono-VariableFont_wght.ttf", "font/ttf"),
}
_HEADERS = {
    "Content-Security-Policy": pages.POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer, forms come from the Origin "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_NO_KEY = "Open the link that you were given: it has a key at its end."
_FULL = "All places are taken. Try again in a few minutes."
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Place:
    """Where visitors find the server. url: what stands in front of every path, without a slash at its end."""

    url: str

    @property
    def host(self) -> str:
        """What the Host of every request has to be."""
        return urlsplit(self.url).netloc

    @property
    def secure(self) -> bool:
        """Whether visitors come over TLS."""
        return self.url.startswith("https://")

    @property
    def websocket(self) -> str:
        """Where the WebSocket is."""
        return f"ws{self.url.removeprefix('http')}/ws"


class Server:
    """What answers requests. options: of every kiosk, such as --data and --content."""

    def __init__(self, place: Place, visitors: Visitors, options: Sequence[str]) -> None:
        self._place = place
        self._visitors = visitors
        self._options = options
        self._sockets: dict[str, web.WebSocketResponse] = {}

    def app(self) -> web.Application:
        """Return the application, for a runner or a test."""
        app = web.Application(middlewares=[self._guard], client_max_size=_MOST_FORM)
        app.add_routes([
            web.get("/", self._index),
            web.post("/begin", self._begin),
            web.post("/leave", self._leave),
            web.get("/ws", self._websocket),
            web.get("/static/{name}", _static),
        ])  # fmt: skip
        app.cleanup_ctx.append(self._looking)
        app.on_shutdown.append(self._end_all)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse what is meant for another server, or comes from the pages of one; give all the same headers."""
        origin = request.headers.get("Origin")
        asks = request.method != "GET" or request.path == "/ws"
        if request.headers.get("Host") != self._place.host:
            response: web.StreamResponse = _said(421, "This server has another name.")
        elif (asks and origin is None) or origin not in (None, self._place.url):
            response = _said(403, "This was asked for by a page of another server.")
        else:
            try:
                response = await handler(request)
            except web.HTTPException as error:
                response = _said(error.status, error.reason)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    def _visitor(self, request: web.Request) -> Visitor | None:
        return self._visitors.of(request.cookies.get(COOKIE, ""))

    async def _index(self, request: web.Request) -> web.StreamResponse:
        if (key := request.query.get("key")) is not None:
            visitor = self._visitor(request) or self._visitors.admitted(key)
            if visitor is None:
                return _said(403, _NO_KEY)
            response = _see_other()  # the key is in no address from here on
            secure = self._place.secure
            response.set_cookie(COOKIE, visitor.token, httponly=True, samesite="Lax", secure=secure, path="/")
            return response
        visitor = self._visitor(request)
        if visitor is None:
            return _said(403, _NO_KEY)
        if not visitor.learner:
            return _html(pages.who())
        return _html(pages.tutor(self._place.websocket, visitor.learner))

    async def _begin(self, request: web.Request) -> web.StreamResponse:
        visitor = self._visitor(request)
        if visitor is None:
            return _said(403, _NO_KEY)
        typed = str((await request.post()).get("learner", "")).strip()
        try:
            learner = learner_id(typed)
        except PathError as error:
            return _html(pages.who(str(error), typed[:64]))
        if learner != visitor.learner and visitor.terminal is not None:
            await visitor.terminal.end()
        visitor.learner = learner
        return _see_other()

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        visitor = self._visitor(request)
        if visitor is not None:
            visitor.learner = ""
            if visitor.terminal is not None:
                await visitor.terminal.end()
        return _see_other()

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        visitor = self._visitor(request)
        if visitor is None or not visitor.learner:
            return _said(403, _NO_KEY)
        if not visitor.playing and self._visitors.full:
            return _said(503, _FULL)
        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=MOST_MESSAGE)
        await socket.prepare(request)
        before = self._sockets.get(visitor.token)
        self._sockets[visitor.token] = socket
        if before is not None and not before.closed:
            await before.close(message=b"opened in another window")
        await self._play(visitor, socket, _number(request, "width", 80), _number(request, "height", 24))
        return socket

    async def _play(self, visitor: Visitor, socket: web.WebSocketResponse, columns: int, rows: int) -> None:
        """Stand between a browser and the visitor's kiosk, which goes on where it was, until either has gone."""
        send = socket.send_bytes
        terminal = visitor.terminal
        if terminal is None or not terminal.running:
            terminal = visitor.terminal = KioskTerminal(kiosk_command(visitor.learner, self._options))
            terminal.begin(send)
            await terminal.start(columns, rows)
        else:
            terminal.resize(columns, rows)
            terminal.attach(send)
        closing = asyncio.create_task(_close_at_the_end(terminal, socket))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._received(visitor, terminal, message.data, socket)
        finally:
            closing.cancel()
            with suppress(asyncio.CancelledError):
                await closing
            terminal.detach(send)

    async def _received(
        self, visitor: Visitor, terminal: KioskTerminal, text: str, socket: web.WebSocketResponse
    ) -> None:
        """Take one message of a browser; what is none of ours is dropped."""
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return
        match message:
            case ["stdin", str(typed)]:
                self._visitors.touched(visitor)
                await terminal.typed(typed.encode("utf-8", "replace"))
            case ["resize", {"width": int(width), "height": int(height)}]:
                terminal.resize(width, height)
            case ["ping", str(mark)]:
                await socket.send_json(["pong", mark[:32]])
            case _:
                pass

    async def _looking(self, _app: web.Application) -> AsyncIterator[None]:
        """End what is idle, now and then, as long as the server runs."""

        async def look() -> None:
            while True:
                await asyncio.sleep(_LOOKS)
                for visitor in self._visitors.idle():
                    if visitor.terminal is not None:
                        await visitor.terminal.end()

        task = asyncio.create_task(look())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def _end_all(self, _app: web.Application) -> None:
        for socket in list(self._sockets.values()):
            await socket.close(message=b"the server ends")
        await self._visitors.end_all()


async def _close_at_the_end(terminal: KioskTerminal, socket: web.WebSocketResponse) -> None:
    await terminal.ended.wait()
    await socket.close(message=b"the tutor has ended")


async def _static(request: web.Request) -> web.StreamResponse:
    """Give one of the few files that there are; no folder is listed."""
    name = request.match_info["name"]
    if name == "page.css":
        return web.Response(text=pages.STYLE, content_type="text/css")
    if name not in _STATIC:
        return _said(404, "There is nothing here.")
    path, kind = _STATIC[name]
    return web.Response(body=files("textual_serve").joinpath("static", path).read_bytes(), content_type=kind)


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html")


def _see_other() -> web.Response:
    """Send a browser on to the first page."""
    return web.Response(status=303, headers={"Location": "/"})


def _said(status: int, sentence: str) -> web.Response:
    return _html(pages.page("rnn-tutor", sentence), status)


def _number(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else default
