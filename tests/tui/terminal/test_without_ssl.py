import subprocess
import sys

import pytest


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_asyncio_is_there_without_ssl_and_ssl_for_who_wants_it():
    done = run("""
import sys
from rnn_tutor.tui.terminal.lean_app import import_asyncio
import_asyncio()
assert "asyncio" in sys.modules and "ssl" not in sys.modules and "_ssl" not in sys.modules
import asyncio
async def main():
    await asyncio.sleep(0)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    return await process.wait()
assert not {"asyncio.sslproto", "subprocess", "logging"} & set(sys.modules)
assert asyncio.run(main()) == 0
assert asyncio.subprocess.PIPE == sys.modules["subprocess"].PIPE
assert asyncio.subprocess.STDOUT == sys.modules["subprocess"].STDOUT
assert asyncio.subprocess.DEVNULL == sys.modules["subprocess"].DEVNULL
import ssl
assert ssl.create_default_context()
""")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("before", ["import asyncio", "import ssl", "import ssl, asyncio"])
def test_what_is_there_already_stays(before):
    done = run(f"""
import sys
{before}
there = {{name: sys.modules.get(name) for name in ("asyncio", "ssl")}}
from rnn_tutor.tui.terminal.lean_app import import_asyncio
import_asyncio()
assert all(sys.modules.get(name) is module for name, module in there.items() if module is not None)
""")
    assert done.returncode == 0, done.stderr


def test_where_asyncio_cannot_do_without_it_is_imported_as_ever():
    done = run("""
import sys
class Wants:
    def find_spec(self, name, path=None, target=None):
        if name == "asyncio.streams" and sys.modules.get("ssl", 1) is None:
            raise ImportError("ssl is wanted")
sys.meta_path.insert(0, Wants())
from rnn_tutor.tui.terminal.lean_app import import_asyncio
import_asyncio()
import asyncio, ssl
assert asyncio.sslproto.ssl is ssl and not hasattr(asyncio.base_events.subprocess, "real")
""")
    assert done.returncode == 0, done.stderr


def test_what_asyncio_logs_is_logged():
    done = run("""
import sys
from rnn_tutor.tui.terminal.lean_app import import_asyncio
import_asyncio()
import asyncio
from asyncio.log import logger
logger.debug("nobody wants to know")
assert "logging" not in sys.modules
logger.warning("a warning")
import logging
logging.basicConfig(level=logging.DEBUG)
logger.debug("somebody does")
assert asyncio.futures.STACK_DEBUG == logging.DEBUG - 1
""")
    assert done.returncode == 0, done.stderr
    assert "a warning" in done.stderr and "DEBUG:asyncio:somebody does" in done.stderr
    assert "nobody" not in done.stderr
