"""Where the site may listen, and whether it can: a clear sentence instead of a server that dies and dies again."""

import errno
import ipaddress
import socket
import time

HIGHEST_PORT = 65_535


class CannotListen(Exception):
    """The site cannot be served there; the message is a French sentence with its way out."""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the host, « localhost » or an address. A name of the network is not."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def refuse_open_demo(host: str) -> None:
    """A demo town is for this machine alone: its passwords are printed. Raises CannotListen."""
    if not is_loopback(host):
        raise CannotListen(
            "Une commune de démonstration n’écoute que sur cette machine (HOST=127.0.0.1) : ses mots de passe "
            "sont connus. Pour une vraie commune : make run DEMO=no, dans un autre DATA_DIR."
        )


def refuse_taken_port(host: str, port: int, *, patience: float = 3.0) -> None:
    """Raises CannotListen when another program has the port, or when it cannot be had at all.

    A port that is taken is tried again for `patience` seconds: a supervisor killed at once leaves children
    that need a moment to let it go.
    """
    deadline = time.monotonic() + patience
    while (error := _refusal(host, port)) is not None:
        if getattr(error, "errno", None) != errno.EADDRINUSE or time.monotonic() > deadline:
            raise CannotListen(_why(error, host, port))
        time.sleep(0.2)


def answers(host: str, port: int) -> bool:
    """Whether a server takes connections there."""
    nearest = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - where to knock, not to listen
    try:
        with socket.create_connection((nearest.strip("[]"), port), timeout=1):
            return True
    except OSError:
        return False


def _refusal(host: str, port: int) -> Exception | None:
    """What the system answers to who wants to listen there; None when it lets him."""
    if not 0 < port <= HIGHEST_PORT:
        return OverflowError(port)
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one just closed is free
            probe.bind(address)
    except OSError as error:
        return error
    return None


def _why(error: Exception, host: str, port: int) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return (
            f"Le port {port} est déjà pris. Arrêtez l’autre programme, ou choisissez-en un autre : "
            f"PORT={port + 1 if port < HIGHEST_PORT else 8000} make run."
        )
    if number == errno.EACCES:
        return f"Le port {port} est réservé au système. Choisissez-en un au-dessus de 1023 : PORT=8000 make run."
    return f"Cette machine ne peut pas écouter sur « {host} », port {port}. Corrigez HOST ou PORT."
