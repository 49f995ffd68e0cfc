"""A real mail server on loopback that keeps what it gets, and says no when told to."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from contextlib import contextmanager
from email.message import EmailMessage

ORDINARY = {"EHLO": "250 here", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "END": "250 kept", "NOOP": "250 ok", "RSET": "250 ok"}  # fmt: skip
HANG_UP = "hang up"


class Mailbox(socketserver.ThreadingTCPServer):
    """Answers by `says`, command by command; `END` is the answer to a whole message."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.says = dict(ORDINARY)
        self.kept: list[EmailMessage] = []
        self.lock = threading.Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that was killed is what this mailbox is for."""

    @property
    def port(self) -> int:
        return self.server_address[1]

    def ids(self) -> list[str]:
        """Return the Message-IDs received, each as often as it came."""
        with self.lock:
            return [str(mail["Message-ID"]).strip() for mail in self.kept]


class Conversation(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self.wfile.write(b"220 mailbox\r\n")
        while line := self.rfile.readline():
            verb = line[:4].decode("ascii", "replace").upper().strip()
            if verb == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            if not self.say(verb) or (verb == "DATA" and self.server.says["DATA"].startswith("354") and not self.take()):
                return

    def say(self, moment: str) -> bool:
        words = self.server.says.get(moment, "500 what?")
        if words == HANG_UP:
            return False
        self.wfile.write(f"{words}\r\n".encode())
        return not words.startswith("421")

    def take(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if line == b"":
            return False  # the sender died before the end: not a message
        if self.server.says["END"].startswith("250") or self.server.says["END"] == HANG_UP:
            with self.server.lock:
                self.server.kept.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
        return self.say("END")


@contextmanager
def open_mailbox():
    """Yield a mailbox that runs in threads of this process."""
    with Mailbox() as mailbox:
        threading.Thread(target=mailbox.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield mailbox
        finally:
            mailbox.shutdown()
