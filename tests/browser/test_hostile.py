"""What strangers send: long links, huge values, uploads, garbage. The server says what is wrong and lives."""

import http.client
import socket

import pytest


def ask(server, path: str, method: str = "GET", body: bytes | None = None) -> tuple[int, str]:
    """Status and text of one request."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        link.request(method, path, body, {"Content-Type": "application/octet-stream"} if body else {})
        answer = link.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        link.close()


def lives(server) -> bool:
    return server.process.poll() is None and ask(server, "/")[0] == 200


@pytest.mark.parametrize(
    "query",
    [
        "treatment=" + "9" * 400,
        "treatment=1e308",
        "treatment=nan&naloxone=inf&scale=-1",
        "naloxone=99999999999@9999999999",
        "month=-999999999999&world=99999999999&spared=99999999999",
        "show=" + ",".join(["homicides"] * 500),
        "%00=%00&%ff%fe=%c0%80",
        "&".join(f"a{k}=1" for k in range(400)),
        "policy=..%2F..%2F..%2Fetc%2Fpasswd&language=xx",
        "language=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "x" * 5000,
    ],
)
def test_a_strange_link_is_answered_with_a_page(server, query):
    status, text = ask(server, f"/?{query}")
    assert status == 200
    assert "<script>alert(1)" not in text
    assert "Traceback" not in text
    assert lives(server)


def test_a_link_longer_than_any_server_takes_is_refused(server):
    assert ask(server, "/?" + "x" * 1_000_000)[0] in (400, 414, 431)
    assert lives(server)


@pytest.mark.parametrize("path", ["/", "/upload", "/_nicegui/upload", "/_nicegui_ws/socket.io/?EIO=4&transport=polling"])
def test_ten_megabytes_are_refused_with_a_sentence(server, path):
    try:
        status, text = ask(server, path, "POST", b"x" * 10_000_000)
    except (BrokenPipeError, ConnectionResetError):
        status, text = 413, "Too large"  # it hung up while we were still sending
    assert status == 413
    assert "Too large" in text
    assert lives(server)


def test_a_body_of_unknown_length_is_cut_off(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as link:
        link.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(300):
                link.sendall(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")
        except OSError:
            pass
    assert lives(server)
    assert server.memory_mb() < 600


def test_files_outside_the_page_are_not_served(server):
    for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/_nicegui/../../../etc/passwd", "/static/..%2f..%2fpyproject.toml"):
        status, text = ask(server, path)
        assert status in (400, 404), path
        assert "root:" not in text


def test_controls_that_do_not_exist_and_values_that_cannot_be_do_nothing(tab):
    one = tab()
    one.open("?naloxone=3")
    one.wait_for_pairs("naloxone=3", 2)
    one.page.evaluate("""() => {
      const hub = document.querySelector('.page');
      const send = (name, value) => {
        const e = document.createElement('input');
        e.type = 'text'; e.dataset.do = name; e.value = value;
        hub.append(e);
        e.dispatchEvent(new Event('change', {bubbles: true}));
        e.remove();
      };
      for (const value of ['NaN', 'Infinity', '-1e999', '__class__', '<b>', 'x'.repeat(100000)])
        for (const name of ['lever:__class__', 'lever:', 'since:naloxone', 'switch:x', 'month', 'world', 'spare', 'map', 'view',
                            'policy', 'goal', 'guess:homicides', 'why:x', 'hear', '__init__', 'outcome:../x', 'look'])
          send(name, value);
    }""")
    one.move("l-treatment", 1)
    one.wait_for_pairs("treatment=1", 2)
    assert one.page.url.endswith("/?naloxone=3@2007&treatment=1@2007")
