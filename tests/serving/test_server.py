"""Who is let in, from where, and what is served: every request is tried that should be refused."""

import re

import pytest

from rnn_tutor.commands.serving import pages

from .conftest import KEY


async def test_without_the_key_nothing_opens(serve):
    async with serve() as (browser, _):
        someone = browser()
        for path in ("/", "/?key=", f"/?key={KEY[:-1]}", f"/?key={KEY}x", "/?key=%ff%00"):
            status, text, _headers = await someone.get(path)
            assert (status, "it has a key at its end" in text) == (403, True), path
        assert (await someone.post("/begin", {"learner": "ada"}))[0] == 403
        with pytest.raises(Exception, match="403"):
            await someone.websocket()


async def test_the_key_becomes_a_cookie_that_scripts_cannot_read(serve):
    async with serve() as (browser, _):
        one, other = browser(), browser()
        tokens = []
        for each in (one, other):
            status, _text, headers = await each.get(f"/?key={KEY}")
            cookie = headers["Set-Cookie"]
            assert (status, headers["Location"]) == (303, "/")
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
            token = re.match(r"rnn-tutor=([\w-]{22});", cookie)[1]  # 16 bytes in base64
            tokens.append(token)
        assert tokens[0] != tokens[1]
        assert KEY not in tokens


async def test_another_name_or_another_page_is_refused(serve):
    async with serve() as (browser, _):
        ada = browser()
        await ada.admit()
        assert (await ada.get(Host="evil.example"))[0] == 421
        assert (await ada.get(Origin="http://evil.example"))[0] == 403
        for origin in ("http://evil.example", "null", None):
            assert (await ada.post("/begin", {"learner": "bob"}, origin))[0] == 403, origin
            with pytest.raises(Exception, match="403"):
                await ada.websocket(origin)
        assert "saved under ada." in (await ada.get())[1]


async def test_every_answer_has_the_same_headers(serve):
    async with serve() as (browser, _):
        ada = browser()
        await ada.admit()
        paths = ("/", "/nothing", "/static/textual.js", "/static/page.css", "/static/no", f"/?key={KEY}")
        for path in paths:
            _status, _text, headers = await ada.get(path)
            assert headers["Content-Security-Policy"] == pages.POLICY, path
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"


async def test_only_the_few_files_are_served(serve):
    async with serve() as (browser, _):
        ada = browser()
        await ada.admit()
        for name in ("textual.js", "xterm.css", "page.css", "RobotoMono-VariableFont_wght.ttf"):
            assert (await ada.get(f"/static/{name}"))[0] == 200
        for path in ("/static/", "/static/js", "/static/..%2fpages.py", "/static/%2e%2e/server.py", "/download/x"):
            assert (await ada.get(path))[0] in (403, 404), path


async def test_pages_name_no_outside_address():
    for page in (pages.who("x", "<b>"), pages.page("t", "s"), pages.tutor("ws://here/ws", "ada"), pages.STYLE):
        addresses = re.findall(r"(?:https?|wss?):?//[^\"']+", page)
        assert addresses in ([], ["ws://here/ws"])


async def test_what_is_no_id_is_told_and_kept_and_never_markup(serve):
    async with serve() as (browser, _):
        ada = browser()
        await ada.admit(learner="")
        assert "not a password" in (await ada.get())[1]
        status, text = await ada.post("/begin", {"learner": '"><script>alert(1)</script>'})
        assert status == 200
        assert "An id has 1 to 32 letters" in text
        assert "<script>alert" not in text
        assert 'value="&quot;&gt;<script&gt;alert' in text
        assert (await ada.post("/begin", {"learner": "../../etc"}))[0] == 200
        assert (await ada.post("/begin", {"learner": "x" * 10_000}))[0] == 413


async def test_somebody_else_may_sit_down(serve):
    async with serve() as (browser, _):
        ada = browser()
        await ada.admit()
        assert (await ada.post("/leave"))[0] == 303
        assert "Who are you?" in (await ada.get())[1]


async def test_behind_a_proxy_the_cookie_is_for_tls_alone(serve):
    async with serve(url="https://tutor.example.org") as (browser, _):
        someone = browser()
        status, _text, headers = await someone.get(f"/?key={KEY}", Host="tutor.example.org")
        assert status == 303
        assert "Secure" in headers["Set-Cookie"]
