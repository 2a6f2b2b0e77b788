"""What a server answers: each way in which a page can be wrong about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from runthrough.running import requests
from tests.conftest import RanPage

pytestmark = pytest.mark.slow

SERVED = """\
.. code-block:: python
   :caption: serve.py
   :create:

   import http.server

   class Tea(http.server.BaseHTTPRequestHandler):
       def do_GET(self):
           if self.path == "/broken":
               server.socket.close()
               raise SystemExit(7)
           if self.path == "/round":
               self.send_response(302)
               self.send_header("Location", "/round")
           else:
               self.send_response(200)
           self.end_headers()
           self.wfile.write(b"green\\nblack\\n")

   server = http.server.HTTPServer(("127.0.0.1", 5050), Tea)
   print("Ready", flush=True)
   server.serve_forever()

.. code-block:: console
   :until: Ready

   $ python3 serve.py
   Ready

"""
DYING = """\
import os, time
   while not os.path.exists("end"):
       time.sleep(0.01)
   raise SystemExit(7)"""
STOPPED = ".. code-block:: text\n   :interrupt:\n\n   ^C\n"
RunText = Callable[[str], RanPage]


def got(url: str, *lines: str, option: str = "") -> str:
    """Write the block of an answer."""
    head = f".. code-block:: text\n   :get: http://127.0.0.1:{url}\n{option}\n"
    return head + "".join(f"   {line}\n" for line in lines) + "\n"


@pytest.fixture
def run_text(run_text: Callable[..., RanPage]) -> RunText:
    """Run a page that is given as text."""
    return partial(run_text, conf="runthrough_timeout = 60\nrunthrough_ports = {5050: ''}\n")


def test_another_answer(run_text: RunText) -> None:
    ran = run_text(SERVED + got("5050/", "green", "white") + STOPPED)
    assert ran.failure.place == ran.at("   white")
    assert ran.failure.what == "http://127.0.0.1:5050/ answers something other than the page shows"
    assert ran.failure.difference == (" green", "-white", "+black")


@pytest.mark.parametrize("page", [['{"a": 1, "b": 3}'], ["{", '    "a": 1,', '    "b": 3', "}"]])
def test_json_differs_in_the_form_that_the_page_has(run_text: RunText, page: list[str]) -> None:
    served = SERVED.replace('b"green\\nblack\\n"', 'b\'{"a":1,"b":2}\'')
    ran = run_text(served + got("5050/", *page) + STOPPED)
    wrong, right = (row for row in ran.failure.difference if row[0] in "-+")
    assert wrong[1:].replace("3", "2") == right[1:]


def test_more_than_is_shown(run_text: RunText) -> None:
    ran = run_text(SERVED + got("5050/", "green") + STOPPED)
    assert ran.failure.place == ran.at("   green")


def test_another_status(run_text: RunText) -> None:
    ran = run_text(SERVED + got("5050/", "green", "black", option="   :status: 404\n") + STOPPED)
    assert ran.failure.place == ran.at("   green")
    assert ran.failure.what == (
        "http://127.0.0.1:5050/ answers with status 200; the page expects 404"
    )


def test_answers_that_lead_in_a_circle(run_text: RunText) -> None:
    ran = run_text(SERVED + got("5050/round", "green") + STOPPED)
    assert "it redirects 10 times or more" in ran.failure.what


def test_a_page_can_show_that_another_url_is_named(run_text: RunText) -> None:
    shown = got("5050/round", "green", "black", option="   :status: 302\n")
    assert {*run_text(SERVED + shown + STOPPED).verdicts} == {"passed"}


def test_nothing_listens(run_text: RunText) -> None:
    ran = run_text(got("5050/", "green"))
    assert ran.failure.place == ran.at("   green")
    assert ran.failure.what == (
        "http://127.0.0.1:5050/ can't be opened: nothing listens on its port"
    )
    assert "':until: text'" in ran.failure.advice


def test_a_port_that_is_never_opened(run_text: RunText, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "OPENING", 0.5)
    waiting = SERVED.replace("server.serve_forever()", "server.server_close(); import time")
    waiting = waiting.replace("import time\n", "import time; time.sleep(60)\n")
    ran = run_text(waiting + got("5050/", "green") + STOPPED)
    assert "nothing listens on its port after 0.5 s" in ran.failure.what


def test_a_server_that_dies(run_text: RunText) -> None:
    dying = SERVED.replace("raise SystemExit(7)", "import os; os._exit(7)")
    ran = run_text(dying + got("5050/broken", "green") + got("5050/", "green"))
    first, second, *_ = [result.failure for result in ran.results if result.failure]
    assert first.what.startswith("http://127.0.0.1:5050/broken can't be opened: ")
    assert "ended by itself, with status 7" in first.what
    assert "nothing listens on its port" in second.what


def test_a_server_that_has_died(run_text: RunText) -> None:
    dying = SERVED.replace("server.serve_forever()", DYING)
    gone = ".. code-block:: console\n\n   $ touch end\n\n"
    dying = dying.replace(":until: Ready\n", ":until: Ready\n   :terminal: server\n")
    ran = run_text(dying + gone + got("5050/", "green"))
    assert ran.failure.place == ran.at("   green")
    assert "ended by itself, with status 7" in ran.failure.what
    assert ran.failure.printed == ("Ready",)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://localhost:5050/", "it begins with 'https:'"),
        ("http://example.com/", "'example.com' is another machine"),
        ("localhost:5050", "it begins with 'localhost:'"),
        ("http://localhost:port/", "it isn't a URL"),
    ],
)
def test_a_url_that_is_not_of_this_machine(run_text: RunText, url: str, why: str) -> None:
    ran = run_text(f".. code-block:: text\n   :get: {url}\n\n   green\n")
    assert ran.failure.place == ran.at("code-block")
    assert f":get: can't open {url!r}, because {why}" in ran.failure.what
    assert "':skip: reason'" in ran.failure.advice
