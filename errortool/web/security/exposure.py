"""Decide who may reach the server: this computer alone, or others by sign-in or at a known risk."""

import os
import socket
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from streamlit import config

from errortool.errors import ExposureError
from errortool.web.security import signin

INSECURE_VARIABLE: Final = "ERRORTOOL_INSECURE"


def refuse_strangers() -> None:
    """Raise ExposureError if the server would be open to strangers, or its sign-in can't work."""
    signin.refuse_unsafe()
    address = str(config.get_option("server.address") or "")
    if not (is_loopback(address) or shared()):
        message = (
            f"{address or 'every address'!r} can be reached from other computers, which needs a "
            "sign-in (see Sharing on the page Help), or --insecure if everybody there may read and "
            "change everything"
        )
        raise ExposureError(message)


def refuse_foreign_address() -> None:
    """Raise ExposureError if the server's address isn't one of this computer's."""
    address = str(config.get_option("server.address") or "")
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            probe.bind((address, 0))
    except (OSError, TypeError, UnicodeError) as error:  # TypeError: not a host name at all
        message = f"{address!r} isn't an address of this computer: give --host one that is"
        raise ExposureError(message) from error


def shared() -> bool:
    """Return whether other computers have access: by sign-in, or the risk was accepted."""
    return signin.required() or os.environ.get(INSECURE_VARIABLE, "0") not in {"", "0"}


def address() -> str:
    """Return the address at which users open the app."""
    if public := signin.origin():
        return public
    host = "localhost" if anywhere() else str(config.get_option("server.address"))
    scheme = "https" if config.get_option("server.sslCertFile") else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{config.get_option('server.port')}"


def host() -> str:
    """Return the host of that address."""
    return urlsplit(address()).hostname or "localhost"


def anywhere() -> bool:
    """Return whether the server listens on all addresses of this computer."""
    address = str(config.get_option("server.address") or "0.0.0.0")  # noqa: S104  compared only
    return is_address(address) and ip_address(address).is_unspecified


def is_loopback(address: str) -> bool:
    """Return whether only this computer can reach `address`; False if in doubt."""
    return address == "localhost" or (is_address(address) and ip_address(address).is_loopback)


def is_address(text: str) -> bool:
    """Return whether a text is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
