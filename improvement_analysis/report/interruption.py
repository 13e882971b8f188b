"""Requests to stop: taken tidily, never lost, and held back while a run shows what it made."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

__all__ = ["heed", "held_back", "stopping_when_asked"]

#: The requests to stop of this process. What they raise is lost where Python just clears an object away.
_ASKED: list[int] = []


def _requests() -> list[signal.Signals]:
    """The signals that ask to stop; a hang-up only where it is not to be outlived, as under nohup."""
    hang_up = getattr(signal, "SIGHUP", None)
    heeded = hang_up is not None and signal.getsignal(hang_up) != signal.SIG_IGN
    return [signal.SIGINT, signal.SIGTERM, *([hang_up] if hang_up is not None and heeded else [])]


class _Interrupt(KeyboardInterrupt):
    """An interrupt from the keyboard."""


class _Request(SystemExit):
    """A scheduler's request to end."""


@contextmanager
def stopping_when_asked() -> Iterator[None]:
    """Let an interrupt and a request to end both stop what is done here, kernels and files for a while too.

    The handlers stay when the context is over, until the process ends.
    """
    for number in _requests():
        signal.signal(number, _stop)
    if not isinstance(sys.unraisablehook, _TellOthers):
        sys.unraisablehook = _TellOthers(sys.unraisablehook)
    _ASKED.clear()
    try:
        yield
    finally:
        _ASKED.clear()


def heed() -> None:
    """Stop now, if a request to stop was lost; called wherever a run begins to wait."""
    if _ASKED and threading.current_thread() is threading.main_thread():
        _raise(_ASKED[-1])


def _stop(number: int, _: FrameType | None) -> None:
    _ASKED.append(number)
    _raise(number)


def _raise(number: int) -> NoReturn:
    if number == signal.SIGINT:
        raise _Interrupt
    raise _Request(128 + number)


class _TellOthers:
    """Tells what Python cannot raise, but no request to stop: that is heeded soon and needs no words."""

    def __init__(self, before: Callable[[sys.UnraisableHookArgs], object]) -> None:
        self.before = before

    def __call__(self, fault: sys.UnraisableHookArgs) -> None:
        if not isinstance(fault.exc_value, _Interrupt | _Request):
            self.before(fault)


@contextmanager
def held_back(*, heeding: bool = True) -> Iterator[None]:
    """Let an interrupt or a request to end wait until the context is over.

    Unless *heeding* is False, as where something is cleared away, a request that was lost is heeded before.
    Outside the main thread, where Python delivers no signals, nothing needs to be held back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    if heeding:
        heed()
    came: list[int] = []
    before = {number: signal.signal(number, lambda signum, _: came.append(signum)) for number in _requests()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        if came:
            signal.raise_signal(came[0])
