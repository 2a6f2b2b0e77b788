"""What the reader sees of the options that say what a block asks."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

SAMPLES = Path(__file__).parents[1] / "samples"
PAGES = ("prompt-in-output", "output-in-another-language", "short-answers", "python-prompt")


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some sample pages, built."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "conf.py").write_text('extensions = ["runthrough"]\n', encoding="utf-8")
    (folder / "index.rst").write_text("Site\n====\n", encoding="utf-8")
    for docname in PAGES:
        shutil.copy(SAMPLES / f"{docname}.rst", folder)
    built = folder / "built"
    with patch_docutils(str(folder)), docutils_namespace():
        Sphinx(folder, folder, built, folder / "trees", "html", status=None).build()
    return built


def read(html: Path, docname: str) -> str:
    """Return a page without the marks of colours, and with `|` around literals."""
    page = (html / f"{docname}.html").read_text(encoding="utf-8")
    return re.sub(r"</?span[^>]*>", "", re.sub(r"<code[^>]*><span[^>]*>|</span></code>", "|", page))


def test_an_output_shows_its_prompt_and_can_be_told_from_commands(html: Path) -> None:
    page = read(html, "prompt-in-output")
    assert "To see more:\n$ ls -l\n</pre>" in page
    assert page.count('class="runthrough-output highlight-text notranslate"') == 1
    assert page.count('class="highlight-console notranslate"') == 2


def test_the_caption_of_an_output_is_a_text_and_no_path(html: Path) -> None:
    page = read(html, "output-in-another-language")
    assert '"code-block-caption">What the tool knows so far<' in page
    assert 'class="runthrough-output highlight-json notranslate"' in page


def test_the_reader_is_told_what_to_answer(html: Path) -> None:
    assert ">Answer with Enter, |12|.</p>" in read(html, "short-answers")
    assert "|print(name, price)|, Enter, |exit()|.</p>" in read(html, "python-prompt")
