"""The tutor in headless Chromium: `make test-browser`. Skipped where there is no playwright, or no Chromium.

What the terminal shows is read from its own buffer (xterm.js keeps the text beside what it draws).
"""

import asyncio
import os
import re
import shutil
import sys
import time
from contextlib import asynccontextmanager

import pytest

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed: make test-browser")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
PICTURES = os.environ.get("RNN_TUTOR_PICTURES")  # a folder: what was seen is put there, to be looked at


@pytest.fixture
def serve(tmp_path):
    """Serve, as a command does; its link is given."""

    @asynccontextmanager
    async def served(port=8765):
        command = [sys.executable, "-m", "rnn_tutor", "serve", "--port", str(port), "--data", str(tmp_path / "data")]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        line = await process.stdout.readline()
        url = re.search(rb"http\S+", line)[0].decode()
        await asyncio.sleep(1)
        try:
            yield url
        finally:
            process.terminate()
            await process.wait()

    return served


@asynccontextmanager
async def chromium():
    async with playwright.async_playwright() as tool:
        browser = await tool.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])  # tests may run as root
        try:
            yield browser
        finally:
            await browser.close()


class Page:
    """A page with the tutor on it, read from the frames that came over its WebSocket."""

    def __init__(self, page):
        import pyte

        self.page = page
        self.outside = []
        self._screen = pyte.Screen(200, 60)
        self._stream = pyte.ByteStream(self._screen)
        page.on("websocket", lambda socket: socket.on("framereceived", self._received))
        page.on("request", lambda request: self.outside.append(request.url))

    def _received(self, payload):
        if isinstance(payload, bytes):
            self._stream.feed(payload)

    @property
    def text(self):
        return "\n".join(self._screen.display)

    async def until(self, words, seconds=20):
        end = time.monotonic() + seconds
        while words not in self.text:
            assert time.monotonic() < end, f"no {words!r} on\n{self.text}"
            await asyncio.sleep(0.05)

    async def picture(self, name):
        if PICTURES:
            await asyncio.sleep(0.5)
            await self.page.screenshot(path=f"{PICTURES}/{name}.png")

    async def press(self, *keys):
        for key in keys:
            await self.page.keyboard.press(key)
            await asyncio.sleep(0.3)


async def test_course_answer_lab_resize_and_opened_again(serve):
    async with serve() as link, chromium() as browser:
        page = await (await browser.new_context(viewport={"width": 1000, "height": 620})).new_page()
        tutor = Page(page)
        await page.goto(link)
        assert "key=" not in page.url
        await page.fill("input", "ada")
        await page.click("button")
        await tutor.until("Welcome")
        await page.click("#terminal")
        await tutor.picture("welcome")
        await tutor.press("Enter")
        await tutor.until("Up Down choose")
        await tutor.picture("course")
        await page.keyboard.type("/lstm-cell")
        await asyncio.sleep(0.5)
        await tutor.press("Enter")
        await tutor.until("The cell update")
        await page.keyboard.type("[0.95 0]")
        await tutor.press("Enter")
        await tutor.until("Right.")
        await tutor.picture("answer")
        await page.set_viewport_size({"width": 1300, "height": 800})
        await asyncio.sleep(1)
        await tutor.picture("resized")
        begun = time.monotonic()
        await page.reload()
        await page.wait_for_selector("body.-first-byte")
        again = time.monotonic() - begun
        await tutor.until("The cell update")
        await tutor.picture("again")
        await page.click("#terminal")
        await tutor.press("Control+o")
        await tutor.until("Up Down choose")
        await page.keyboard.type("/train it")
        await asyncio.sleep(0.5)
        await tutor.press("Enter")
        await tutor.until("Train it")
        await tutor.press("t")
        await asyncio.sleep(2)
        await tutor.picture("lab")
        await tutor.press("q", "q")
        await page.wait_for_selector("#ended", state="visible")
        await tutor.picture("ended")
        print(f"opened again after {again:.2f} s")  # noqa: T201 - a figure, for whoever runs this by hand
        here = link.partition("/?")[0]
        assert all(url.startswith((here, f"ws{here[4:]}", "data:")) for url in tutor.outside), tutor.outside


async def test_a_page_of_another_server_and_one_without_a_key_get_nothing(serve):
    async with serve(8766) as link, chromium() as browser:
        context = await browser.new_context()
        page = await context.new_page()
        here = link.partition("/?")[0]
        await page.goto(here)
        assert "it has a key at its end" in await page.inner_text("body")
        await page.goto(link)
        await page.fill("input", "ada")
        await page.click("button")
        await page.wait_for_selector("#terminal")
        stranger = await context.new_page()  # with the cookie, of another origin
        await stranger.goto("data:text/html,<p>hello</p>")
        opened = await stranger.evaluate(
            """url => new Promise(done => {
                const socket = new WebSocket(url);
                socket.onopen = () => done("open");
                socket.onerror = () => done("refused");
            })""",
            f"ws{here[4:]}/ws",
        )
        assert opened == "refused"
