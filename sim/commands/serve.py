"""`cartelitos serve`."""

from __future__ import annotations

import ipaddress
import socket
from importlib.util import find_spec

import click

from sim.catalogue.installed import pip_install
from sim.commands import options, page
from sim.commands.classroom import LOOPBACK, listen, own_address

NEEDED = ("starlette", "uvicorn")
EVERYWHERE = ("0.0.0.0", "::")  # addresses that mean all of this machine's


@click.command()
@page.shown
@click.option("--host", default=LOOPBACK, show_default=True, help="Address to listen on; 0.0.0.0 opens it to the network.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Port to listen on.")
@click.option("--open", "opens", is_flag=True, help="Open it in this machine's browser.")
@options.talk
def command(
    scenario: str, host: str, port: int, worlds: int, *, opens: bool, as_json: bool, quiet: bool, verbose: int
) -> None:
    """Serve the page that `cartelitos page` writes, so that others open it by an address instead of a file.

    Whoever opens it simulates in their own browser; this machine only hands out the page, and keeps nothing. Ctrl-C ends it. Unless
    --host says otherwise nobody else reaches it. Needs the extra `class`.
    """
    missing = [library for library in NEEDED if find_spec(library) is None]
    if missing:
        raise click.UsageError(f"serving needs {', '.join(missing)}; {pip_install('class')}")
    listening = listen(host, port, "--host")
    from sim.page.server import country, run  # noqa: PLC0415

    html = page.made(scenario, worlds, quiet=quiet)
    names = [own_address() if host in EVERYWHERE else host, LOOPBACK, "localhost", socket.gethostname(), f"{socket.gethostname()}.local"]
    hosts = [f"{f'[{name}]' if ':' in name else name}:{port}" for name in dict.fromkeys(names)]
    url = f"http://{hosts[0]}"
    listening.listen()
    options.say({"url": url}, url, as_json=as_json)
    if not quiet and not _is_loopback(host):
        click.echo("whoever reaches this machine can open the page; nothing is encrypted; Ctrl-C ends it", err=True)
    if opens:
        click.launch(url)
    run(country(html, hosts), [listening])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
