"""Pages that show ports run at the same time, and after one another."""

from __future__ import annotations

from pathlib import Path

import pytest

from runthrough.model.places import Place
from runthrough.model.steps import Page, Request, Screenshot
from runthrough.running.ports import opened

pytestmark = pytest.mark.slow

FILES = """\
.. code-block:: python
   :caption: serve.py
   :create:

   from http.server import BaseHTTPRequestHandler, HTTPServer
   from pathlib import Path

   class Tea(BaseHTTPRequestHandler):
       def do_GET(self):
           self.send_response(200)
           self.end_headers()
           self.wfile.write(Path("tea.txt").read_bytes())

   server = HTTPServer(("127.0.0.1", 5050), Tea)
   print("Ready", flush=True)
   server.serve_forever()

"""
SERVED = """\
.. code-block:: console
   :terminal: server
   :until: Ready

   $ python3 serve.py
   Ready

{meanwhile}.. code-block:: text
   :get: http://127.0.0.1:5050/

   {tea}

.. code-block:: text
   :interrupt:
   :terminal: server

   ^C

"""
MEETING = """\
.. code-block:: console
   :timeout: 60

   $ touch {place}/{tea}
   $ until test -e {place}/{other}; do sleep 0.1; done

"""
LOGGED = """\
.. code-block:: console

   $ echo begin >> {log}; sleep 0.5; echo end >> {log}

"""


def console(*commands: str) -> str:
    typed = "".join(f"   $ {command}\n" for command in commands)
    return f".. code-block:: console\n\n{typed}\n"


def run(
    pytester: pytest.Pytester, pages: dict[str, str], *, ports: str, options: tuple[str, ...] = ()
) -> pytest.RunResult:
    """Run the pages of a site, each given by what is on it below its title."""
    docs = pytester.mkdir("docs")
    (docs / "conf.py").write_text(f"runthrough_ports = {ports}\n")
    for name, text in pages.items():
        head, _, body = text.rpartition("|")
        (docs / f"{name}.rst").write_text(f"{head}\n\nPage\n====\n\n{body}".lstrip("\n"))
    return pytester.runpytest_subprocess("--runthrough", "-q", *options, "docs")


def test_a_page_that_continues_uses_the_ports_that_its_files_hold(
    pytester: pytest.Pytester,
) -> None:
    pages = {
        "index": FILES + console("echo green > tea.txt") + SERVED.format(tea="green", meanwhile=""),
        "more": ":continues: index|" + SERVED.format(tea="green", meanwhile=""),
        "most": ":continues: more|"
        + console("echo black > tea.txt")
        + SERVED.format(tea="black", meanwhile=""),
    }
    result = run(pytester, pages, ports="{5050: ''}")
    result.assert_outcomes(passed=15)


def test_two_workers_use_the_same_port_of_the_pages_at_once(
    pytester: pytest.Pytester, tmp_path: Path
) -> None:
    pages = {}
    for name, tea, other in (("index", "green", "black"), ("more", "black", "green")):
        meanwhile = MEETING.format(place=tmp_path, tea=tea, other=other)
        served = SERVED.format(tea=tea, meanwhile=meanwhile)
        pages[name] = FILES + console(f"echo {tea} > tea.txt") + served
    result = run(pytester, pages, ports="{5050: ''}", options=("-n", "2"))
    result.assert_outcomes(passed=14)


def test_pages_that_continue_from_the_same_one_run_in_two_workers(
    pytester: pytest.Pytester,
) -> None:
    pages = {"index": FILES + console("echo green > tea.txt")}
    served = SERVED.format(tea="green", meanwhile="")
    pages |= {name: f":continues: index|{served}" for name in ("more", "most")}
    result = run(pytester, pages, ports="{5050: ''}", options=("-n", "2"))
    result.assert_outcomes(passed=11)


def test_pages_run_at_once_if_the_one_before_them_was_told_no_port(
    pytester: pytest.Pytester, tmp_path: Path
) -> None:
    pages = {"index": console("echo green > tea.txt")}
    for name, other in (("more", "most"), ("most", "more")):
        meanwhile = MEETING.format(place=tmp_path, tea=name, other=other)
        served = SERVED.format(tea="green", meanwhile=meanwhile)
        pages[name] = f":continues: index|{FILES}{served}"
    result = run(pytester, pages, ports="{5050: ''}", options=("-n", "2"))
    result.assert_outcomes(passed=14)


def test_a_page_inherits_a_port_that_only_a_variable_holds(pytester: pytest.Pytester) -> None:
    pages = {
        "index": console("echo $TEA_PORT > port"),
        "more": ":continues: index|" + console('test "$(cat port)" = "$TEA_PORT"'),
    }
    result = run(pytester, pages, ports="{5050: 'TEA_PORT'}")
    result.assert_outcomes(passed=4)


def test_pages_take_turns_with_a_port_that_can_be_no_other(
    pytester: pytest.Pytester, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    pages = {}
    for name, tea in (("index", "green"), ("more", "black")):
        served = SERVED.format(tea=tea, meanwhile=LOGGED.format(log=log))
        pages[name] = FILES + console(f"echo {tea} > tea.txt") + served
    result = run(pytester, pages, ports="{}", options=("-n", "2"))
    result.assert_outcomes(passed=14)
    assert log.read_text().split() == ["begin", "end", "begin", "end"]


def test_pictures_are_opened_as_answers_are() -> None:
    place = Place(Path("index.rst"), 1)
    steps = (
        Request(place, "http://127.0.0.1:5050/", ()),
        Screenshot(place, "http://localhost:8000/", place),
        Screenshot(place, "http://localhost/", place),
    )
    assert list(opened(Page("index", place.file, steps))) == [5050, 8000, 80]
