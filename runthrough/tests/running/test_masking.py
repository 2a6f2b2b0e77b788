"""Passwords of the caller don't get into what a run reports."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from runthrough.running.masking import Secrets


def normalised(url: str, text: str) -> str:
    return Secrets.of({"PIP_INDEX_URL": url}).text(text)


@pytest.mark.parametrize(
    ("url", "text", "expected"),
    [
        # As it is, and by itself.
        ("https://ada:geheim77@h.invalid/simple", "https://ada:geheim77@h/", "https://ada:***@h/"),
        ("https://ada:geheim77@h.invalid/simple", "password = geheim77", "password = ***"),
        # Encoded and decoded.
        ("https://ada:g%40heim%2F7@h/", "https://ada:g%40heim%2F7@h/", "https://ada:***@h/"),
        ("https://ada:g%40heim%2F7@h/", "it is g@heim/7", "it is ***"),
        ("https://ada:g%40heim%2F7@h/", "it is g%40heim/7", "it is ***"),
        ("https://ada:g@heim77@h/", "//ada:g@heim77@h/ g%40heim77", "//ada:***@h/ ***"),
        ("http://ada:it's-me@h:3128", 'seen "it\'s-me"', 'seen "***"'),
        # A token alone, with and without an empty password.
        ("https://pypi-AgEIcHlw@h/", "https://pypi-AgEIcHlw@h/", "https://***@h/"),
        ("https://pypi-AgEIcHlw:@h/", "-u pypi-AgEIcHlw:", "-u ***:"),
        ("https://__token__:abc123def@h/", "__token__ abc123def", "__token__ ***"),
        # A short one is masked within its URL only.
        ("https://ada:x@h/", "fix https://ada:x@h/x x", "fix https://ada:***@h/x x"),
        ("https://t@h/", "test https://t@h/t", "test https://***@h/t"),
        # Several in one value, and a database's.
        ("https://a:secret1@h/ https://b:secret2@i/", "secret2 secret1", "*** ***"),
        ("postgresql://ada:wonder-land@db/shop", "PGPASSWORD=wonder-land", "PGPASSWORD=***"),
        # No login at all.
        ("https://h.invalid/simple", "https://h.invalid/simple", "https://h.invalid/simple"),
        ("https://h/@scope/pkg", "https://h/@scope/pkg", "https://h/@scope/pkg"),
        ("https://@h/", "https://@h/ @", "https://@h/ @"),
    ],
)  # fmt: skip
def test_a_login_is_masked_however_it_is_written(url: str, text: str, expected: str) -> None:
    assert normalised(url, text) == expected


def test_what_http_sends_is_masked() -> None:
    sent = b64encode(b"ada:g@heim77").decode()
    assert normalised("https://ada:g%40heim77@h/", f"> Basic {sent}") == "> Basic ***"


def test_a_password_that_goes_on_in_the_next_line_is_masked() -> None:
    secrets = Secrets.of({"HTTPS_PROXY": "http://ada:geheim77@h:3128"})
    assert secrets.lines(["+a gehe", "+im77 b", " c"]) == ("+a ***", "+ b", " c")
    assert secrets.lines(["gehe", "im77"]) == ("***", "")
    assert secrets.lines([]) == ()


def test_a_variable_that_is_called_a_secret_is_masked_whole() -> None:
    secrets = Secrets.of({"SHOP_API_KEY": "earl grey 1", "COLOUR": "earl grey", "MY_TOKEN": "x"})
    assert secrets.text("earl grey 1, earl grey, x") == "***, earl grey, x"


def test_a_login_in_the_configuration_of_pip_is_masked(tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nindex-url = https://ada:geheim77@h/simple\n")
    assert Secrets.of({"PIP_CONFIG_FILE": str(file)}).text("geheim77") == "***"
    assert Secrets.of({"PIP_CONFIG_FILE": str(tmp_path)}).text("geheim77") == "geheim77"
