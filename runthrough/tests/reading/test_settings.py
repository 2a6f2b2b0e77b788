"""Settings are checked when conf.py is read, and a wrong one is named with what it holds."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sphinx.util.docutils import docutils_namespace, patch_docutils

from runthrough.model.converting import PREFIX, Exported, SettingsError
from runthrough.model.settings import SETTINGS, Settings
from runthrough.reading.site import make_app, read_site


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder with a page; each test writes its own conf.py."""
    (tmp_path / "index.rst").write_text("Page\n====\n\nJust text.\n")
    return tmp_path


def read(confdir: Path = Path("/docs"), **values: Any) -> Settings:
    return Settings.read({PREFIX + name: value for name, value in values.items()}, confdir)


def refused(**values: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        read(**values)
    return str(caught.value)


def test_nothing_has_to_be_set() -> None:
    settings = read()
    assert settings.directory == "/home/reader/dev"
    assert settings.database is None
    assert (settings.columns, settings.timeout) == (80, 60.0)
    assert settings.captures == settings.patterns == {}
    assert settings.unclassified == "error"
    assert settings.environment == ()
    assert settings.exports == ()


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_described_and_has_a_default_of_its_types(name: str) -> None:
    setting = SETTINGS[name]
    assert type(setting.default) in setting.types
    assert setting.description.endswith(".")


def test_sphinx_knows_what_every_setting_may_hold(docs: Path) -> None:
    (docs / "conf.py").write_text("extensions = ['runthrough']\n")
    with patch_docutils(str(docs)), docutils_namespace():
        app = make_app(docs, docs / "trees", io.StringIO())
        known: dict[str, Any] = app.config._options
        types = {name: set(one.valid_types) for name, one in known.items() if PREFIX in name}
    assert types == {PREFIX + name: set(one.types) for name, one in SETTINGS.items()}


def test_other_settings_of_sphinx_are_not_ours() -> None:
    assert Settings.read({"columns": 1, "html_theme": "a"}, Path("/docs")) == read()


def test_every_setting_can_be_set() -> None:
    given: dict[str, Any] = {
        "directory": "/home/me/work",
        "database": "postgresql://me:pw@localhost/db",
        "services": {"store": {"class": "stores:Store", "address": "localhost:6379/0"}},
        "captures": {"revision": "[0-9a-f]{12}"},
        "patterns": {"date": r"\d{4}"},
        "columns": 100,
        "timeout": 2.5,
        "environment": ["LICENSE_KEY"],
        "variables": {"KIND": "green"},
        "path": ["../.venv/bin"],
        "projects": {"brew": ".."},
        "virtualenv": [],
        "errors": ["panic"],
        "packages": ["Sphinx"],
        "unclassified": "count",
        "must_have_steps": ["tutorial/*"],
        "exports": {"../sample": {"page": "a", "folder": "b"}},
    }
    settings, usual = read(**given), read()
    for name in given:
        assert getattr(settings, name) != getattr(usual, name), name
    assert settings.captures["revision"].fullmatch("0123456789ab")
    assert settings.patterns["date"].fullmatch("2024")
    assert settings.environment == ("LICENSE_KEY",)


@pytest.mark.parametrize("line", ["Traceback (most recent call last):", "ERROR: x", "  FAILED: y"])
def test_errors_look_like_errors(line: str) -> None:
    assert read().errors.search(line)
    assert not read(errors=["panic", "x|y"]).errors.search("no error")
    assert read(errors=["panic", "FAILED|ERROR", "^Trace"]).errors.search(line)


def test_nothing_may_look_like_an_error() -> None:
    assert not read(errors=[]).errors.search("ERROR")


@pytest.mark.parametrize("directory", ["/home/me/dev", "/home/me", "/srv/a.b/c-d_e+f"])
def test_a_folder_is_an_absolute_path_with_a_parent(directory: str) -> None:
    assert read(directory=directory).directory == directory


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("directory", "dev", "absolute path"),
        ("directory", "/dev", "with a parent"),
        ("directory", "/home/my dev", "absolute path"),
        ("directory", "/home/me/", "absolute path"),
        ("unclassified", "ignore", "'error' or 'count'"),
        ("columns", 0, "a number above 20"),
        ("columns", "80", "a number above 20"),
        ("columns", True, "a number above 20"),
        ("timeout", float("nan"), "a number above 0"),
        ("timeout", float("inf"), "a number above 0"),
        ("environment", None, "a list"),
        ("errors", None, "a list"),
        ("errors", [1], "a list"),
        ("exports", ["x"], "a dictionary of folders"),
        ("timeout", -1, "a number above 0"),
        ("timeout", None, "a number above 0"),
        ("columns", 10**9, "a number of at most 10000"),
        ("artefacts", "../x", "a path below the folder of conf.py"),
        ("artefacts", "_build/../../x", "a path below the folder of conf.py"),
        ("artefacts", "/x", "a path below the folder of conf.py"),
        ("environment", "HOME", "['HOME']"),
        ("environment", ["PATH=/bin"], "only names of variables"),
        ("variables", ["KIND=green"], "a dictionary of names and values"),
        ("variables", {"TEA KIND": "green"}, "names of variables"),
        ("virtualenv", "brew", "a list, such as ['brew']"),
        ("projects", ["brew"], "a dictionary of names and folders"),
        ("projects", {"not a name": ".."}, "names that pip accepts"),
        ("path", "../.venv/bin", "a list, such as ['../.venv/bin']"),
        ("path", ["/usr/bin:/bin"], "paths relative to conf.py"),
        ("path", ["~/bin"], "paths relative to conf.py"),
        ("errors", "panic", "['panic']"),
        ("captures", ["[0-9a-f]{12}"], "a dictionary"),
        ("patterns", "x", "a dictionary"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_may_be(
    name: str, value: object, expected: str
) -> None:
    said = refused(**{name: value})
    assert said.startswith("conf.py: ")
    assert f"{PREFIX}{name} is {value!r}" in said
    assert expected in said


def test_a_project_has_a_folder() -> None:
    assert "projects['brew'] is 3; expected a folder relative to conf.py" in refused(
        projects={"brew": 3}
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"CUPS": 3}, "variables['CUPS'] is 3; expected a string"),
        ({"PATH": "/bin"}, "add folders to runthrough_path instead"),
        ({"HOME": "/home"}, "has 'HOME', which each run sets itself"),
    ],
)
def test_a_variable_has_a_text_and_is_none_that_a_run_sets(
    value: dict[str, object], expected: str
) -> None:
    assert expected in refused(variables=value)


@pytest.mark.parametrize("setting", ["captures", "patterns"])
@pytest.mark.parametrize("pattern", ["(", 12, None])
def test_a_wrong_pattern_is_named_with_its_kind(setting: str, pattern: object) -> None:
    said = refused(**{setting: {"revision": pattern}})
    assert f"{setting}['revision'] is {pattern!r}" in said
    assert "a regular expression" in said


def test_an_exported_folder_is_found_from_the_folder_of_conf_py(tmp_path: Path) -> None:
    said = {"page": "tutorial/end", "folder": "project", "own": ["README"], "without": ["x"]}
    (exported,) = read(tmp_path / "docs", exports={"../sample": said}).exports
    assert exported == Exported(
        (tmp_path / "sample").resolve(), "tutorial/end", "project", ("README",), ("x",)
    )


def test_an_exported_folder_leaves_out_what_can_be_made_again() -> None:
    (exported,) = read(exports={"sample": {"page": "a", "folder": "b"}}).exports
    assert exported.own == ()
    assert {".venv", "__pycache__"} <= set(exported.without)


@pytest.mark.parametrize(
    "said", [{"page": "a"}, {"folder": "b"}, {"page": "a", "folder": "b", "wihtout": []}]
)
def test_an_exported_folder_has_a_page_and_a_folder_and_nothing_unknown(
    said: dict[str, Any],
) -> None:
    text = refused(exports={"../sample": said})
    assert "exports['../sample']" in text
    assert "'page' and 'folder'" in text


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\d*", "doesn't match an empty string"),
        (r"(\d)\d", "have the form (?:...)"),
        (r"(?P<digit>\d)", "have the form (?:...)"),
        (r"(?i)[a-f]", "a regular expression"),
        (12, "a regular expression"),
    ],
)
def test_a_pattern_that_cannot_stand_among_others_is_refused(
    pattern: object, expected: str
) -> None:
    assert expected in refused(captures={"revision": pattern})


def test_an_error_pattern_must_be_one() -> None:
    assert "a regular expression" in refused(errors=["("])


def test_one_name_is_not_both_a_capture_and_a_pattern() -> None:
    assert "'id'" in refused(captures={"id": "a"}, patterns={"id": "b"})


def test_the_pages_address_must_be_one() -> None:
    assert "expected postgresql://" in refused(database="nonsense")


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        (["store"], "a dictionary of names and services"),
        ({"a store": {"class": "stores:Store"}}, "names such as 'queue'"),
        ({"database": {"class": "stores:Store"}}, "but not 'database'"),
        ({"store": "stores:Store"}, "services['store'] is 'stores:Store'; expected 'class', as"),
        ({"store": {"class": "stores.Store"}}, "'module:Class'"),
        ({"store": {"address": "localhost"}}, "'module:Class'"),
    ],
)
def test_a_service_must_name_its_class(services: object, expected: str) -> None:
    assert expected in refused(services=services)


def test_an_export_must_say_what_it_mirrors() -> None:
    assert "'page' and 'folder'" in refused(exports={"x": "y"})


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [
        ("must_have_step", "must_have_steps"),
        ("time_out", "timeout"),
        ("captres", "captures"),
        ("Columns", "columns"),
        ("exports_", "exports"),
        ("result", "results"),
    ],
)
def test_a_mistyped_setting_is_refused_with_the_one_that_is_meant(
    docs: Path, mistyped: str, meant: str
) -> None:
    (docs / "conf.py").write_text(f"{PREFIX}{mistyped} = None\n")
    with pytest.raises(SettingsError) as caught:
        read_site(docs, docs / "trees")
    said = str(caught.value)
    assert f"there's no setting {PREFIX}{mistyped}" in said
    assert f"did you mean {PREFIX}{meant}?" in said


def test_a_setting_like_no_other_is_refused_with_all_that_there_are(docs: Path) -> None:
    (docs / "conf.py").write_text(f"{PREFIX}xyzzy = 1\n")
    with pytest.raises(
        SettingsError, match=f"the settings are {PREFIX}about, .*{PREFIX}unclassified"
    ):
        read_site(docs, docs / "trees")


def test_what_belongs_to_somebody_else_in_conf_py_is_left_alone(docs: Path) -> None:
    (docs / "conf.py").write_text(
        "import runthrough.model.report as runthrough_report\n"
        "extra_timeout = 1\n"
        "html_theme_options = {'runthrough_x': 1}\n"
        "runthrough_extra_speed = 3\n"
        "def runthrough_helper(): return 1\n"
        "def setup(app):\n"
        "    app.add_config_value('runthrough_extra_speed', 1, 'env')\n"
    )
    assert read_site(docs, docs / "trees").settings == read(docs)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("conf", "options", "said"),
    [
        ("runthrough_colums = 80", [], "no setting runthrough_colums; did you mean"),
        ("", ["-D", "runthrough_colums=80"], "no setting runthrough_colums; did you mean"),
        ("runthrough_columns = 'wide'", [], "runthrough_columns is 'wide'; expected a number"),
        ("", ["-D", "runthrough_unclassified=x"], "runthrough_unclassified is 'x'; expected"),
        ("runthrough_results = 3", [], "runthrough_results is 3; expected a string"),
    ],
)
def test_a_build_refuses_what_a_run_refuses(
    docs: Path, conf: str, options: list[str], said: str
) -> None:
    (docs / "conf.py").write_text(f"extensions = ['runthrough']\n{conf}\n")
    command = [sys.executable, "-m", "sphinx", "-q", *options, str(docs), str(docs / "built")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert said in " ".join(done.stderr.split())
    assert "Configuration error" in done.stderr


def test_conf_py_is_executed_once(docs: Path) -> None:
    (docs / "conf.py").write_text(
        "from pathlib import Path\n"
        "with Path(__file__).with_name('log').open('a') as log: log.write('x')\n"
        "extensions = ['sphinx.ext.intersphinx']\n"
        "intersphinx_mapping = {'far': ('https://example.org/', None)}\n"
    )
    read_site(docs, docs / "trees")
    assert (docs / "log").read_text() == "x"


@pytest.mark.parametrize("name", ["HOME", "PWD", "COLUMNS"])
def test_what_each_run_sets_itself_cannot_come_from_the_caller(name: str) -> None:
    assert f"has {name!r}, which each run sets itself" in refused(environment=[name])
    assert read(environment=["PATH"]).environment == ("PATH",)
