"""Signals end a run, but not in the midst of what must be whole."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from kgraph.runs.stopping import Interrupted, stoppable


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_block_at_once(number: int, status: int) -> None:
    before = signal.getsignal(number)
    with pytest.raises(Interrupted, match=signal.Signals(number).name) as caught, stoppable():
        os.kill(os.getpid(), number)
        pytest.fail("not reached")
    assert caught.value.status == status
    assert signal.getsignal(number) is before


def test_what_is_held_is_done_whole() -> None:
    done = []
    with pytest.raises(Interrupted), stoppable() as stop:
        with stop.held():
            os.kill(os.getpid(), signal.SIGTERM)
            done.append("whole")
        done.append("more")
    assert done == ["whole"]


def test_a_second_ctrl_c_is_not_waited_with() -> None:
    with pytest.raises(KeyboardInterrupt), stoppable() as stop, stop.held():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        pytest.fail("not reached")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_in_what_is_held_goes_first() -> None:
    with pytest.raises(ValueError, match="no"), stoppable() as stop, stop.held():
        os.kill(os.getpid(), signal.SIGINT)
        raise ValueError("no")


def test_in_another_thread_nothing_changes() -> None:
    def work() -> None:
        with stoppable() as stop, stop.held():
            found.append(signal.getsignal(signal.SIGINT))

    found: list[object] = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [signal.default_int_handler]
