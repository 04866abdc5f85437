"""`cartelitos serve`."""

from __future__ import annotations

import ipaddress
import json
import os
import socket
from importlib.util import find_spec

import click

from sim.commands import options

LOOPBACK = "127.0.0.1"


@click.command()
@click.option("--host", default=LOOPBACK, show_default=True, help="Address to listen on; 0.0.0.0 opens it to the network.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Port to listen on.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that simulate.  [default: one per CPU]")
@options.talk
def command(host: str, port: int, workers: int | None, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """Serve the teaching page: levers, charts against business as usual, a map, genealogies, one world's story.

    Open the address it prints in a browser; Ctrl-C ends it. It needs the extra `web`. Nothing leaves this machine, and
    unless --host says otherwise nobody else reaches it.
    """
    if find_spec("nicegui") is None:
        raise click.UsageError("the page needs NiceGUI, which is not installed; pip install 'cartelitos[web]'")
    _refuse_taken(host, port)
    if not _is_loopback(host):
        click.echo(
            f"warning: {host} lets everybody who reaches this machine use its processors; there is no password and no encryption",
            err=True,
        )
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def ready() -> None:
        if as_json:
            click.echo(json.dumps({"schema": 1, "url": url}))
        else:
            click.echo(url)

    if not quiet:
        click.echo("loading the model (once per version it is compiled first, one or two minutes) ...", err=True)
    from sim.show.web.server import serve  # noqa: PLC0415

    serve(host, port, workers or os.cpu_count() or 1, ready)


def _refuse_taken(host: str, port: int) -> None:
    """Say now, and in words, that nobody can listen there.

    Raises:
        BadParameter: the port is taken, or the address is not one of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        raise click.BadParameter(f"cannot listen on {host}, port {port}: {error.strerror or error}", param_hint="--port") from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
