"""`class`: what it prints, what it refuses, and that it goes on where it was."""

import json
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from functools import partial
from types import SimpleNamespace

import pytest

from sim import cli

pytest.importorskip("segno", reason="a class needs the extra `class`")
import httpx
from ports import free_port
from processes import wait_until


@pytest.fixture
def call(capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> SimpleNamespace:
        capfd.readouterr()
        status = cli.status(["class", *arguments])
        return SimpleNamespace(status=status, **dict(zip(("out", "err"), capfd.readouterr(), strict=True)))

    return run


def test_an_unknown_lesson_is_named(call):
    found = call("one-haed")
    assert found.status == 2
    assert "did you mean 'one-head'?" in found.err


def test_a_taken_port_and_a_foreign_address_are_named(call):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        found = call("one-head", "--address", "127.0.0.1", "--port", str(other.getsockname()[1]), "-q")
    assert found.status == 2
    assert "--port" in found.err
    found = call("one-head", "--address", "203.0.113.9", "--port", str(free_port()), "-q")
    assert found.status == 2
    assert "--address" in found.err


def test_what_is_missing_is_said_with_its_remedy(call, monkeypatch):
    monkeypatch.setattr("sim.commands.pages.find_spec", lambda name: None)
    found = call("one-head")
    assert found.status == 2
    assert "a class needs segno, starlette, uvicorn; pip install " in found.err
    assert "[class]'" in found.err


def answers(url: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(url, timeout=60).is_success
    return False


@pytest.mark.slow
def test_it_ends_at_ctrl_c_and_goes_on_where_it_was(tmp_path):
    port, seen = free_port(), []
    for turn in range(2):
        arguments = ("class", "one-head", "--address", "127.0.0.1", "--json", "-q", *(("--port", str(port)) if turn == 0 else ()))
        server = subprocess.Popen([sys.executable, "-m", "sim.cli", *arguments], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
        told = json.loads(server.stdout.readline())
        seen.append(told)
        assert wait_until(partial(answers, told["pupils"]))
        if turn == 0:
            httpx.post(f"{told['pupils']}/join", json={"role": 1}, headers={"origin": told["pupils"]}, timeout=60).raise_for_status()
            second = [sys.executable, "-m", "sim.cli", *arguments[:-2], "--port", str(free_port())]
            busy = subprocess.run(second, cwd=tmp_path, capture_output=True, text=True, check=False)
            assert busy.returncode == 4
        with httpx.stream("GET", f"{told['pupils']}/events", timeout=60) as stream:
            first = next(line for line in stream.iter_lines() if line.startswith("data:"))
            assert json.loads(first[5:])["seats"] == 1
            server.send_signal(signal.SIGINT)
            assert server.wait(60) == 130
    assert seen[0] == seen[1]
