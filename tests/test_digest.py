import hashlib
import subprocess
import sys

import pytest

from rnn_tutor.digest import sha256


@pytest.mark.parametrize("data", [b"", b"rnn", bytes(range(256)) * 5000])
def test_it_is_sha_256(data):
    assert sha256(data).hexdigest() == hashlib.sha256(data).hexdigest()
    assert sha256(data).digest() == hashlib.sha256(data).digest()


def test_openssl_is_not_loaded_for_it():
    code = "import sys, rnn_tutor.digest, rnn_tutor.exercises.read, rnn_tutor.exercises.seeds as s; s.any_seed()"
    code += "; sys.exit(bool({'hashlib', '_hashlib', 'secrets'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_where_python_has_none_it_is_that_of_hashlib():
    code = "import sys; sys.modules['_sha2'] = sys.modules['_sha256'] = None; from rnn_tutor.digest import sha256"
    code += "; import hashlib; sys.exit(sha256 is not hashlib.sha256)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
