"""What Sphinx needs to know about these pages, and runthrough about running them."""

from runthrough import __version__

project = "runthrough"
author = "The contributors"
project_copyright = author
language = "en"
html_title = project
version = release = __version__

extensions = ["sphinx_copybutton", "sphinx_design", "runthrough"]
root_doc = "index"
exclude_patterns = ["_build"]
nitpicky = True
smartquotes = False

# The run: what the pages show, and what stands for it when they run.

runthrough_directory = "/home/reader/dev"
runthrough_database = "postgresql://gino:secret@localhost:5432/gino_tutorial"
runthrough_captures = {"revision": r"[0-9a-f]{12}"}
runthrough_patterns = {
    "date": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?",
    "python": r"Python 3\.1[123]\.\d+\S*",
    "time": r"in (?:\d+ seconds?|\d+\.\d\ds)",
    "since": r"from \d\d:\d\d",
}
runthrough_packages = ["Sphinx", "pytest"]
runthrough_results = "_build/results/results.json"
runthrough_must_have_steps = ["[!i]*"]

# The looks.

html_theme = "sphinx_rtd_theme"
html_theme_options = {"prev_next_buttons_location": "bottom", "style_external_links": False}
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
pygments_style = "bw"

# The copy button takes the commands, without prompts, outputs and a last line break.

no_button = ":not(.no-copy):not(.highlight-diff):not(.runthrough-output)"
copybutton_selector = f"div{no_button} > div.highlight > pre"
copybutton_prompt_text = r"(?:\(\S+\) )?\$ "
copybutton_prompt_is_regexp = True
copybutton_line_continuation_character = "\\"
copybutton_here_doc_delimiter = "END"
copybutton_copy_empty_lines = False
copybutton_exclude = ".linenos"
