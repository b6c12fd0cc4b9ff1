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
assert asyncio.run(main()) == 0
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
        if name == "asyncio.sslproto" and sys.modules.get("ssl", 1) is None:
            raise ImportError("ssl is wanted")
sys.meta_path.insert(0, Wants())
from rnn_tutor.tui.terminal.lean_app import import_asyncio
import_asyncio()
import asyncio, ssl
assert asyncio.sslproto.ssl is ssl
""")
    assert done.returncode == 0, done.stderr
