"""`cartelitos serve`: one page for whoever asks by the address that was given out, and nothing else."""

import http.client
import json
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

pytest.importorskip("starlette", reason="serving needs the extra `class`")
from ports import free_port

from sim import cli
from sim.page import build

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def served():
    port = free_port()
    command = [sys.executable, "-m", "sim.cli", "serve", "--json", "-q", "-n", "2", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    url = json.loads(process.stdout.readline())["url"]
    assert url == f"http://127.0.0.1:{port}"
    yield port
    process.send_signal(signal.SIGINT)
    assert process.wait(60) in (0, 130)
    assert not process.stderr.read().strip()


def ask(port, path="/", method="GET", body=None, **headers):
    """Status, headers and content of an answer."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        link.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = link.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        link.close()


def test_it_is_the_page_that_a_file_would_hold(served):
    status, headers, content = ask(served)
    assert status == 200
    html = content.decode()
    assert 'id="told"' in html
    assert headers["content-security-policy"] == build.policy(html)
    assert "unsafe-inline" not in headers["content-security-policy"].split("script-src")[1].split(";")[0]
    assert headers["x-content-type-options"] == "nosniff"
    _, headers, small = ask(served, accept_encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    assert len(small) < len(content)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1"])
def test_a_name_that_points_here_from_elsewhere_is_refused(served, host):
    assert ask(served, host=host)[0] == 421


def test_nothing_can_be_sent(served):
    assert ask(served, method="POST", body=b"{}", content_type="application/json")[0] == 403
    own = {"origin": f"http://127.0.0.1:{served}", "content_type": "application/json"}
    assert ask(served, method="POST", body=b"{}", **own)[0] == 405
    assert ask(served, method="POST", body=b"x" * 70_000, **own)[0] == 413
    assert ask(served, method="PUT")[0] == 405


@pytest.mark.parametrize("path", ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/static/..%2f..%2fpyproject.toml", "/x"])
def test_there_is_nothing_else(served, path):
    assert ask(served, path)[0] in (400, 404)


def test_a_link_longer_than_any_server_takes_is_refused(served):
    with suppress(ConnectionError):  # it hung up while we were still sending
        assert ask(served, "/?" + "x" * 1_000_000)[0] in (400, 414, 431)
    assert ask(served)[0] == 200


def test_a_taken_port_is_said(served, capfd):
    assert cli.status(["serve", "--port", str(served)]) == 2
    said = capfd.readouterr().err
    assert f"cannot listen on 127.0.0.1, port {served}" in said
    assert "Traceback" not in said
