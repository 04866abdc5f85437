"""A port of this machine for a server that a test starts."""

import random
import socket


def free_port() -> int:
    """Free now, and none that the system gives to whoever asks for any while the server starts."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)):
                return port
