"""Run statements as Python's own prompt does: this is run by the Python that a page has.

It's given a nonce, reads each statement from the terminal in lines of base 64, of which the last
begins with a dot, and says with a marker when it's ready for the next one. It uses only what
every Python 3 has.
"""

from __future__ import annotations

import base64
import builtins
import code
import os
import sys
import types
from typing import Any


class Interpreter(code.InteractiveInterpreter):
    """Knows whether a statement has raised an error."""

    failed = False

    def showtraceback(self) -> None:
        """Print the error that a statement has raised."""
        self.failed = True
        super().showtraceback()

    def showsyntaxerror(self, filename: str | None = None, **options: Any) -> None:
        """Print where a statement isn't Python."""
        self.failed = True
        super().showsyntaxerror(filename, **options)


def read_statement() -> str:
    """Read the next statement; an empty one at the end of what there is to read."""
    text = ""
    while not text.startswith("."):
        line = sys.stdin.readline()
        if not line:
            return ""
        text = line[0] + text[1:] + line[1:].strip()
    return base64.b64decode(text[1:]).decode("utf-8")


def run(statement: str, interpreter: Interpreter) -> str:
    """Run a statement; return how it has ended."""
    interpreter.failed = False
    is_open = interpreter.runsource(statement, "<stdin>", "single")
    if is_open:
        is_open = interpreter.runsource(statement + "\n", "<stdin>", "single")
    return "open" if is_open else "failed" if interpreter.failed else "done"


def run_in_ipython(statement: str, shell: Any) -> str:
    """Do the same where IPython runs this file; a blank line ends its statements, too."""
    if shell.check_complete(f"{statement}\n\n")[0] == "incomplete":
        return "open"
    return "done" if shell.run_cell(statement, store_history=True).success else "failed"


def main() -> None:
    """Run statements until there are none."""
    nonce = sys.argv[1]
    ipython = getattr(builtins, "get_ipython", None)
    sys.argv, sys.path[0], sys.ps1, sys.ps2 = [""], "", ">>> ", "... "
    module = types.ModuleType("__main__")
    if ipython is None:
        sys.modules["__main__"] = module
    interpreter = Interpreter(module.__dict__)
    ended = f"ready {os.getpid()}"
    while True:
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(1, f"\x1e{nonce}\x1d{ended}\x1f".encode())
        if not (statement := read_statement()):
            break
        ended = run_in_ipython(statement, ipython()) if ipython else run(statement, interpreter)


if __name__ == "__main__":
    main()
