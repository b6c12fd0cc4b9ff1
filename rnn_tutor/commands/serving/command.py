"""The command `rnn-tutor serve`."""

import argparse
import ipaddress
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from rnn_tutor.commands.output import complain, say
from rnn_tutor.paths import PathError, content_folders, data_folder, flags, shown

_NEEDS = "`rnn-tutor serve` needs some more packages: pip install 'rnn-tutor[serve]'."
_MOST_KEY = 200


def serve(options: argparse.Namespace) -> int:
    """Serve until Ctrl+C or SIGTERM; 2 where that cannot be begun."""
    if os.name == "nt":
        return complain("`rnn-tutor serve` works on Linux and macOS.")
    if any(find_spec(name) is None for name in ("aiohttp", "textual_serve")):
        return complain(_NEEDS)
    from aiohttp import web

    from rnn_tutor.commands.serving.server import Place, Server
    from rnn_tutor.commands.serving.visitors import Visitors, new_key

    try:
        content_folders(options.content, only=options.only)
        data = data_folder(options.data)
        place = Place(_url(options))
        key = _kept_key(Path(options.key), new_key()) if options.key is not None else new_key()
    except (PathError, ValueError) as error:
        return complain(str(error))
    except OSError as error:
        return complain(f"{shown(Path(options.key))} cannot be used: {error.strerror}.")
    server = Server(place, Visitors(key, options.visitors, 60.0 * options.idle), _of_kiosk(options, data))
    say(f"Visitors open this link: {place.url}/?key={key}")
    if not _is_loopback(options.host) and not place.secure:
        say("The line to the browsers is not encrypted: put a proxy with TLS in front (docs/lab.md).")
    say("Ctrl+C ends it; what visitors did is saved.")
    sys.stdout.flush()  # into a journal too, where whoever hands out the link reads it
    try:
        web.run_app(server.app(), host=options.host, port=options.port, print=None, access_log=None)
    except OSError as error:
        return complain(f"{options.host} port {options.port} cannot be used: {error.strerror}.")
    return 0


def _of_kiosk(options: argparse.Namespace, data: Path) -> list[str]:
    """Return the options of every kiosk: paths are whole, as a kiosk starts in another folder."""
    words = ["--data", str(data)]
    for folder in options.content or ():
        words += ["--content", str(folder.absolute())]
    words += ["--only"] if options.only else []
    if options.assignment is not None:
        words += ["--assignment", str(Path(options.assignment).absolute())]
    return words


def _url(options: argparse.Namespace) -> str:
    """Return the address that visitors use. ValueError, with a sentence, for what is none."""
    if options.public_url is None:
        host = f"[{options.host}]" if ":" in options.host else options.host
        return f"http://{host}" + (f":{options.port}" if options.port != 80 else "")
    parts = urlsplit(options.public_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise ValueError("--public-url needs an address such as https://tutor.example.org, without a path.")
    return f"{parts.scheme}://{parts.netloc}"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _kept_key(path: Path, fresh: str) -> str:
    """Return the key that a file keeps, so that a link stays when the server starts anew; made where there is none."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | flags("O_NOFOLLOW"), 0o600), "w") as file:
            file.write(f"{fresh}\n")
    except FileExistsError:
        with path.open(encoding="utf-8", errors="replace") as file:
            key = file.read(_MOST_KEY).strip()
        if len(key) < len(fresh) or not key.isascii() or not key.isprintable():
            raise ValueError(f"{shown(path)} has no key of at least {len(fresh)} characters.") from None
        return key
    return fresh
