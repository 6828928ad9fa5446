"""Where we call and where never: nobody's address leads into our own network."""

import socket

import pytest

from core import outbound

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://hooks.example/",
            "ftp://hooks.example/",
            "https://",
            "hooks.example",
            "",
            "https://[",
            "//x",
            "https://localhost/",
        ),
        *("https://user:secret@hooks.example/", "https://user@hooks.example/", "javascript:alert(1)"),
        *(
            "https://127.0.0.1/",
            "https://10.0.0.8/x",
            "https://192.168.1.1/",
            "https://172.16.0.1/",
            "https://0.0.0.0/",
        ),
        *("https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "https://224.0.0.1/"),
        *("https://[::1]/", "https://[fc00::1]/", "https://[fe80::1]/", "https://[::ffff:10.0.0.1]/"),
        *("https://[64:ff9b::a00:1]/", "https://[2002:a00:1::]/"),
    ],
)
def test_an_address_of_our_own_network_or_without_https_is_forbidden(url):
    with pytest.raises(outbound.Forbidden):
        outbound.check_address(url)


@pytest.mark.parametrize("url", ["https://hooks.example/a?b=c", f"https://{PUBLIC}/", "https://hooks.example:8443/x"])
def test_a_public_address_may_be_called(url):
    outbound.check_address(url)


@pytest.mark.parametrize(
    "answers", [["10.0.0.1"], [PUBLIC, "10.0.0.1"], ["::1"], ["127.0.0.1"], ["0177.0.0.1"], ["localhost"]]
)
def test_a_name_that_leads_into_our_network_is_not_called(monkeypatch, answers):
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, 443)) for answer in answers]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: rows)
    monkeypatch.setattr(socket, "create_connection", lambda *args, **kwargs: pytest.fail("it was called"))
    with pytest.raises(outbound.Forbidden):
        outbound.post("https://hooks.example/", content=b"", headers={})


def test_the_call_goes_to_the_address_that_was_looked_at(monkeypatch):
    called = []

    def connect(address, *args, **kwargs):
        called.append(address)
        raise OSError

    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: rows)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(outbound.httpx.ConnectError):
        outbound.post("https://hooks.example/x", content=b"{}", headers={})
    assert called == [(PUBLIC, 443)]
