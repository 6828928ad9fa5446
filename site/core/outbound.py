"""Calling addresses that other people gave us: over https, never redirected, and never into our own network.

A name is resolved once, every address it has must be a public one, and the call goes to one of those addresses, so
that a name which answers differently the second time leads nowhere else. The certificate is still that of the name.
"""

import ipaddress
import logging
import re
import socket

import httpx
from django.conf import settings

for _library in ("httpx", "httpcore"):
    logging.getLogger(_library).setLevel(logging.WARNING)

TIMEOUT_SECONDS = 10.0
#: Ranges of IPv6 that carry an address of IPv4 in them, which could be a private one.
_WRAPPING = [ipaddress.IPv6Network(net) for net in ("::ffff:0:0/96", "64:ff9b::/96", "2001::/32", "2002::/16")]
_NAME = re.compile(rb"[a-z0-9_-]+(\.[a-z0-9_-]+)+\.?")


class Forbidden(ValueError):
    """We do not call that address; the message says why, without the address."""


def check_address(url: str) -> httpx.URL:
    """The address when it is one we may be asked to call, before its name is resolved. Raises Forbidden."""
    try:
        found = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise Forbidden("This is not an address") from None
    plain_is_fine = settings.OUTBOUND_TO_PRIVATE_ADDRESSES
    if found.scheme != "https" and not (plain_is_fine and found.scheme == "http"):
        raise Forbidden("The address must begin with https://")
    if not found.host or found.userinfo:
        raise Forbidden("The address must name a host, without a user name or password")
    if _literal(found.host) is not None:
        _check_public(found.host)
    elif not _NAME.fullmatch(found.raw_host) and not plain_is_fine:
        raise Forbidden("The address must name a host of the internet")
    return found


def post(url: str, *, content: bytes, headers: dict[str, str]) -> int:
    """Send `content` there; gives the status of the answer, whose body is not read.

    Raises Forbidden for an address of our own network, httpx.HTTPError when nobody answers in time.
    """
    address = check_address(url)
    target = _resolved(address)
    sent = headers | {"Host": address.netloc.decode("ascii")}
    with (
        httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as client,
        client.stream(
            "POST",
            address.copy_with(host=target),
            content=content,
            headers=sent,
            extensions={"sni_hostname": address.raw_host.decode("ascii")},
        ) as answer,
    ):
        return answer.status_code


def _resolved(address: httpx.URL) -> str:
    """One of the addresses of a host, all of which we may call."""
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        rows = socket.getaddrinfo(address.raw_host.decode("ascii").strip("[]"), port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpx.ConnectError("the name cannot be resolved") from error
    found = [str(row[4][0]) for row in rows]
    for one in found:
        _check_public(one)
    return found[0]


def _check_public(text: str) -> None:
    if settings.OUTBOUND_TO_PRIVATE_ADDRESSES:
        return
    address = _literal(text)
    wrapped = isinstance(address, ipaddress.IPv6Address) and any(address in net for net in _WRAPPING)
    if address is None or wrapped or not address.is_global or address.is_multicast:
        raise Forbidden("The address must be a public one")


def _literal(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
