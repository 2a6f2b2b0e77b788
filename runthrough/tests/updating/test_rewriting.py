"""What an update writes is what the pages are read to say, for every page that says it."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from runthrough.updating import rewriting
from runthrough.updating.rewriting import told
from tests.updating.sites import Updated, update_site, write_site

pytestmark = pytest.mark.slow

TITLE = ":orphan:\n\nPage\n====\n\n"


def console(*lines: str) -> str:
    return "\n".join([".. code-block:: console", "", *(f"   {line}" for line in lines), "", ""])


def output(*lines: str) -> str:
    head = [".. code-block:: text", "   :output:", ""]
    return "\n".join([*head, *(f"   {line}" for line in lines), "", ""])


def literal(name: str, *options: str) -> str:
    head = f".. literalinclude:: included/{name}"
    return "\n".join([head, "   :language: console", *(f"   {one}" for one in options), "", ""])


MISREAD = {
    "emptied": console("$ true") + output("nothing"),
    "split": console("$ printf 'one\\342\\200\\250two\\n'", "three"),
    "beginning": console("$ printf '\\n$ one\\n'") + output("$ one"),
    "shifted": literal("shifted.session", ":lines: 2-4,6-7"),
}
"""Pages of which an update makes something else than was meant."""

FILES: dict[str, str | bytes] = {
    "index.rst": "Pages\n=====\n",
    "shared.rst": TITLE + ".. include:: included/shared.rst\n",
    "twice.rst": TITLE + ".. include:: included/shared.rst\n\n" * 2,
    "one-way.rst": TITLE + console("$ what=a") + ".. include:: included/both-ways.rst\n",
    "the-other.rst": TITLE + console("$ what=b") + ".. include:: included/both-ways.rst\n",
    "wrong-here.rst": TITLE + console("$ what=a") + ".. include:: included/right-there.rst\n",
    "right-there.rst": TITLE + console("$ what=b") + ".. include:: included/right-there.rst\n",
    "wrong-status.rst": TITLE
    + console("$ echo a", "b", "$ false", "c", "$ echo d", "e")
    + console("$ f", "g"),
    "crlf.rst": (TITLE + console("$ seq 3", "1", "4") + "End").replace("\n", "\r\n"),
    "old-mac.rst": (TITLE + console("$ seq 3", "1", "4")).replace("\n", "\r"),
    "cut-short.rst": TITLE + console("$ seq 2", "1").rstrip(),
    "too-long.rst": TITLE + console("$ seq 1", "1", "2").rstrip(),
    "byte-order.rst": b"\xef\xbb\xbf" + (TITLE + console("$ echo a", "b")).encode(),
    "latin.rst": TITLE + literal("latin.session", ":encoding: latin-1"),
    "dedented.rst": TITLE + literal("dedented.session", ":dedent: 4", ":start-after: begin"),
    "private.rst": TITLE + console("$ echo a", "b"),
    "given.rst": ":starts-with: included/given.txt\n"
    + TITLE
    + console("$ sed -i s/b/B/ given.txt")
    + literal("given.txt", ":caption: given.txt").replace("console", "text"),
    "two-in-one.rst": TITLE + console("$ echo ...", "a", "$ echo b", "c", "$ echo '$ d'", "e"),
    "indented.rst": TITLE + console("$ echo '  $ one'") + output("$ one"),
    "included/shared.rst": console("$ seq 2", "1"),
    "included/both-ways.rst": console("$ echo $what", "c"),
    "included/right-there.rst": console("$ echo $what", "b"),
    "included/given.txt": "a\nb\nc\n",
    "included/real.rst": TITLE + console("$ echo a", "b"),
    "included/latin.session": "$ echo größe\nkleiner\n".encode("latin-1"),
    "included/latin.bytes": b"\xe9",
    "included/dedented.session": "begin\n    $ seq 2\n    3",
    "included/shifted.session": "$ true\n$ seq 2\n1\n3\n$ true\n$ seq 2\n1\n",
    **{f"{name}.rst": TITLE + text for name, text in MISREAD.items()},
}
REWRITTEN = {
    "included/shared.rst": ("   1\n", "   1\n   2\n"),
    "wrong-status.rst": (
        "   b\n   $ false\n   c\n   $ echo d\n   e\n",
        "   a\n   $ false\n   c\n   $ echo d\n   d\n",
    ),
    "crlf.rst": ("   4\r\n", "   2\r\n   3\r\n"),
    "old-mac.rst": ("   4\r", "   2\r   3\r"),
    "cut-short.rst": ("   1", "   1\n   2"),
    "too-long.rst": ("\n   2", ""),
    "byte-order.rst": ("   b\n", "   a\n"),
    "two-in-one.rst": ("   c\n", "   b\n"),
    "included/real.rst": ("   b\n", "   a\n"),
    "included/dedented.session": ("    3", "    1\n    2"),
    "private.rst": ("   b\n", "   a\n"),
    "indented.rst": ("   $ one\n", "     $ one\n"),
}


def data(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Updated:
    """A site of many small pages, updated."""
    folder = tmp_path_factory.mktemp("site")
    docs = write_site(folder, FILES)
    (docs / "linked.rst").symlink_to("included/real.rst")
    (docs / "private.rst").chmod(0o640)
    return update_site(docs, folder / "cache")


def refused(updated: Updated, name: str) -> str:
    """Return why corrections of a file were not written, once for all of them."""
    file = updated.docs / name
    (reason,) = {why for one, why in updated.update.refused if one.place.file == file}
    return reason


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_rewritten_at_its_lines_alone(updated: Updated, name: str) -> None:
    before = data(FILES[name])
    old, new = map(data, REWRITTEN.get(name, ("", "")))
    assert old in before
    expected = new.join(before.rsplit(old, 1)) if old else before
    assert (updated.docs / name).read_bytes() == expected


def test_nothing_else_is_left_in_the_folders(updated: Updated) -> None:
    names = {
        one.relative_to(updated.docs).as_posix() for one in updated.docs.rglob("*") if one.is_file()
    }
    assert names == {*FILES, "conf.py", "linked.rst"}
    assert (updated.docs / "linked.rst").is_symlink()
    assert stat.S_IMODE((updated.docs / "private.rst").stat().st_mode) == 0o640


@pytest.mark.parametrize("name", ["emptied.rst", "split.rst", "beginning.rst"])
def test_what_would_be_read_otherwise_is_taken_back(updated: Updated, name: str) -> None:
    assert refused(updated, name) == "written there, it would be read as something else"


def test_lines_that_move_others_out_of_sight_are_taken_back(updated: Updated) -> None:
    assert "read as something else" in refused(updated, "included/shifted.session")


@pytest.mark.parametrize("name", ["both-ways", "right-there"])
def test_pages_that_need_different_lines_are_told_of_each_other(
    updated: Updated, name: str
) -> None:
    file = updated.docs / "included" / f"{name}.rst"
    reasons = [why for one, why in updated.update.refused if one.place.file == file]
    assert len(reasons) == (2 if name == "both-ways" else 1)
    assert all("needs other lines" in why for why in reasons)


def test_a_step_with_a_wrong_status_is_red_and_its_output_stays(updated: Updated) -> None:
    failed = [one for one in updated.failures if one.place.file.name == "wrong-status.rst"]
    assert [one.what.partition(";")[0] for one in failed] == [
        "the command ended with status 1",
        "the command ended with status 127",
    ]
    assert all(one.advice.startswith("Fix the command") for one in failed)


def test_a_file_in_another_encoding_is_red(updated: Updated) -> None:
    (failure,) = [one for one in updated.failures if one.place.file.name == "latin.session"]
    assert "can't be read as text" in failure.advice
    assert len(updated.failures) == 5


def test_what_readers_start_with_is_left_alone(updated: Updated) -> None:
    assert refused(updated, "included/given.txt").startswith("readers start with this file")


def test_two_outputs_that_cannot_be_written_are_both_named(updated: Updated) -> None:
    first, second = (one for one in updated.failures if one.place.file.name == "two-in-one.rst")
    assert "It was not rewritten: the command prints '...'" in first.advice
    assert "It was not rewritten: the command prints '$ d'" in second.advice


PAGE = TITLE + console("$ echo a", "b")


def test_a_file_that_was_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    docs = write_site(tmp_path, {"index.rst": PAGE})

    class Meddling(rewriting.Update):
        def apply(self) -> None:
            (docs / "index.rst").write_text(PAGE + "More.\n")
            super().apply()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tests.updating.sites.Update", Meddling)
        updated = update_site(docs, tmp_path / "cache")
    assert "changed while the pages were run" in refused(updated, "index.rst")
    assert updated.text() == PAGE + "More.\n"


def test_a_site_that_cannot_be_read_any_more_is_as_it_was(tmp_path: Path) -> None:
    docs = write_site(tmp_path, {"index.rst": PAGE})

    class Broken(rewriting.Update):
        def apply(self) -> None:
            def reread() -> None:
                assert (docs / "index.rst").read_text() != PAGE
                raise rewriting.ReadFailed("no more")

            self.reread = reread  # type: ignore[assignment]
            super().apply()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tests.updating.sites.Update", Broken)
        updated = update_site(docs, tmp_path / "cache")
    assert refused(updated, "index.rst") == "no more"
    assert updated.text() == PAGE
    assert updated.written == 0


def test_what_a_person_writes_while_an_update_is_taken_back_stays(tmp_path: Path) -> None:
    docs = write_site(tmp_path, {"index.rst": PAGE})

    class Broken(rewriting.Update):
        def apply(self) -> None:
            def reread() -> None:
                (docs / "index.rst").write_text("mine")
                raise rewriting.ReadFailed("no more")

            self.reread = reread  # type: ignore[assignment]
            super().apply()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tests.updating.sites.Update", Broken)
        updated = update_site(docs, tmp_path / "cache")
    assert updated.text() == "mine"
    (unrestored,) = updated.update.unrestored
    assert unrestored == (docs / "index.rst", rewriting.CHANGED)
    (said,) = [one for one in told([], [], updated.update.unrestored)]
    assert said.startswith("not restored ")


def test_a_page_that_is_gone_by_now_is_not_made_again(tmp_path: Path) -> None:
    docs = write_site(tmp_path, {"index.rst": PAGE})

    class Gone(rewriting.Update):
        def apply(self) -> None:
            (docs / "index.rst").unlink()
            super().apply()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tests.updating.sites.Update", Gone)
        updated = update_site(docs, tmp_path / "cache")
    assert updated.reasons == [rewriting.CHANGED]
    assert not (docs / "index.rst").exists()


MARKDOWN = """\
# Page

> Quoted:
>
> ```console
> $ printf 'a\\n\\nb\\n'
> wrong
> ```

1. In a list:

   ```{code-block} console
   :timeout: 9

   $ seq 2
   1
   ```
"""


def test_fences_in_markdown_keep_their_marks(tmp_path: Path) -> None:
    conf = 'extensions = ["myst_parser"]\n'
    docs = write_site(tmp_path, {"conf.py": conf, "index.md": MARKDOWN})
    updated = update_site(docs, tmp_path / "cache")
    assert updated.failures == []
    assert updated.text("index.md") == MARKDOWN.replace("> wrong\n", "> a\n>\n> b\n").replace(
        "   1\n", "   1\n   2\n"
    )


def test_a_value_that_the_page_never_showed_is_the_runs_from_then_on(tmp_path: Path) -> None:
    new = "head -c 6 /dev/urandom | od -An -tx1 | tr -d ' \\n' | tee id; echo"
    again = console("$ cat id; echo", "1975ea83b712")
    docs = write_site(tmp_path, {"index.rst": TITLE + console(f"$ {new}") + again})
    updated = update_site(docs, tmp_path / "cache")
    assert updated.failures == []
    first, second = re.findall(r"^   ([0-9a-f]{12})$", updated.text(), re.M)
    assert first == second != "1975ea83b712"
    again_updated = update_site(docs, tmp_path / "cache")
    assert again_updated.failures == []
    assert again_updated.written == 0
