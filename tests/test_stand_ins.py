"""Modules that stand for others until something is read of them."""

import sys
import threading

import pytest

from rnn_tutor.stand_ins import Late

_ROUNDS, _THREADS = 200, 8


def test_a_stand_in_is_read_by_many_threads_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    failures: list[BaseException] = []

    def read(module: Late, start: threading.Barrier) -> None:
        start.wait()
        try:
            assert callable(module.rgb_to_hls)
        except BaseException as error:  # noqa: BLE001 - whatever a thread fails at
            failures.append(error)

    try:
        for _ in range(_ROUNDS):
            stand_in, start = Late("colorsys"), threading.Barrier(_THREADS)
            monkeypatch.setitem(sys.modules, "colorsys", stand_in)
            threads = [threading.Thread(target=read, args=(stand_in, start)) for _ in range(_THREADS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    finally:
        sys.setswitchinterval(before)
    assert not failures
