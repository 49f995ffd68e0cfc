"""Keep processes alive together: start them again when they fall, stop them all at the end."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

logger = logging.getLogger("rumah.up")

STEADY_AFTER = 10  # seconds alive after which a fall counts as the first again
LONGEST_PAUSE = 30  # seconds
PATIENCE = 20  # seconds to finish what is under way


@dataclass
class Child:
    """One process to keep alive. It leads a session of its own, so Ctrl+C reaches only us."""

    name: str
    command: list[str]
    environment: dict[str, str]
    keep_open: tuple[int, ...] = ()
    process: subprocess.Popen | None = None
    started: float = 0.0
    falls: int = 0
    not_before: float = field(default=0.0)

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            pass_fds=self.keep_open,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
        self.started = time.monotonic()
        logger.info("%s started, process %d", self.name, self.process.pid)

    def look(self) -> None:
        """Start the process if it is due; notice if it fell."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.not_before:
                self.start()
        elif (code := self.process.poll()) is not None:
            self._clear_away()
            self.falls = 0 if now - self.started > STEADY_AFTER else self.falls + 1
            pause = min(LONGEST_PAUSE, 2 ** (self.falls - 1)) if self.falls else 0
            logger.warning("%s fell (code %s), starting it again in %d s", self.name, code, pause)
            self.process, self.not_before = None, now + pause

    def stop(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            logger.warning("%s did not finish in time and was ended", self.name)
        self._clear_away()

    def _clear_away(self) -> None:
        """End whatever the process left behind: a killed cluster leaves its workers running."""
        assert self.process is not None
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def keep_alive(children: list[Child]) -> None:
    """Run the children until SIGINT, SIGTERM or SIGHUP, then stop them together."""
    end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: end.set())
    try:
        while not end.wait(0.2):
            for child in children:
                child.look()
    finally:
        _stop(children)


def _stop(children: list[Child]) -> None:
    for child in children:
        if child.process is not None and child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        child.stop(deadline)


def _end_with_parent() -> None:
    """Have Linux send SIGTERM when the supervisor dies, even of SIGKILL."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
    if os.getppid() == 1:  # it died before we asked
        os._exit(1)
