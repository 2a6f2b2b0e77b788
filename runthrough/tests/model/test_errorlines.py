"""What an ellipsis must not hide: lines of real tools that report an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from runthrough.model.settings import Settings

ERRORS = """\
Traceback (most recent call last):
error: pathspec 'main' did not match any file(s) known to git
fatal: not a git repository (or any of the parent directories): .git
bash: ecoh: command not found
zsh: command not found: ecoh
bash: line 3: ecoh: command not found
sh: 1: ecoh: not found
/bin/sh: 1: ecoh: not found
cat: tea.txt: No such file or directory
bash: ./brew: Permission denied
git@example.org: Permission denied (publickey).
mkdir: cannot create directory 'tea': File exists
rm: cannot remove 'tea': Is a directory
cp: cannot stat 'tea': No such file or directory
Cannot connect to the Docker daemon at unix:///var/run/docker.sock.
Error: Cannot find module 'express'
main.c:3:5: error: expected ';' before '}' token
error[E0425]: cannot find value `x` in this scope
error: could not compile `shop` (bin "shop") due to previous error
Parse error: syntax error, unexpected end of file in index.php on line 3
bash: syntax error near unexpected token `)'
thread 'main' panicked at src/main.rs:2:5:
panic: runtime error: index out of range [3] with length 3
ModuleNotFoundError: No module named 'gino'
KeyError: 'DATABASE_URL'
ValueError
AssertionError
KeyboardInterrupt
sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection refused
asyncpg.exceptions.InvalidPasswordError: password authentication failed
alembic.util.exc.CommandError: Can't locate revision identified by 'abc'
django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.
jinja2.exceptions.TemplateNotFound: index.html
subprocess.CalledProcessError: Command 'false' returned non-zero exit status 1.
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
    | ValueError: 1
Exception: no tea
Exception ignored in: <function Tea.__del__ at 0x7f>
Exception in thread "main" java.lang.NullPointerException
Caused by: java.io.FileNotFoundException: tea.txt
java.lang.IllegalStateException
Uncaught TypeError: tea is not a function
TypeError: tea is not a function
shop.rb:1:in `<main>': undefined local variable or method `tea' (NameError)
2026-11-22 10:00:00,000 ERROR [shop] out of tea
[ERROR] Failed to execute goal
ERROR shop.kettle:12 out of water
CRITICAL: the kettle is dry
ERROR: Could not find a version that satisfies the requirement gino==9
ERROR: pip's dependency resolver does not currently take into account all the packages
psql: error: connection to server at "localhost", port 5432 failed: Connection refused
psql: error: FATAL:  password authentication failed for user "gino"
ERROR:  relation "users" does not exist
psql:schema.sql:3: ERROR:  syntax error at or near "TABEL"
FATAL:  database "shop" does not exist
PANIC:  could not write to file
E       assert 1 == 2
E   fixture 'tea' not found
E: Unable to locate package gino
Err:1 http://deb.example.org stable InRelease
FAILED tests/test_tea.py::test_it - assert 1 == 2
ERROR tests/test_tea.py
=========================== 1 failed, 3 passed in 0.12s ============================
==================================== ERRORS ====================================
FAILED (failures=1)
FAIL: test_it (test_tea.Tests.test_it)
--- FAIL: TestTea (0.00s)
not ok 3 - brews
Tests:       1 failed, 4 passed, 5 total
Found 3 errors in 1 file (checked 2 source files)
shop.example.org : ok=3 changed=0 unreachable=0 failed=1
npm ERR! code ENOENT
npm error code ENOENT
make: *** [Makefile:2: all] Error 2
make: *** No rule to make target 'tea'.  Stop.
FAILURE: Build failed with an exception.
BUILD FAILED in 3s
Build failed.
Segmentation fault (core dumped)
bash: line 1: 4242 Killed                  python3 shop.py
Killed
Aborted!
docker: Error response from daemon: pull access denied for tea.
Error response from daemon: No such container: tea
Failed to start tea.service: Unit tea.service not found.
failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2
curl: (6) Could not resolve host: tea.example.org
curl: (7) Failed to connect to localhost port 8000: Connection refused
HTTP/1.1 404 Not Found
HTTP/2 500
OSError: [Errno 98] Address already in use
ls: unrecognized option '--tea'
grep: invalid option -- 'Y'
git: unknown command: comit
Error: No such option: --tea
usage: shop.py: error: unrecognized arguments: --tea
write error: No space left on device
Process exited with code 3
Command failed with exit code 1.
{"error": "not found"}
ssh: connect to host example.org port 22: Connection timed out
Authentication failed for 'https://example.org/tea.git/'
==4242==ERROR: AddressSanitizer: heap-use-after-free on address 0x60
! LaTeX Error: File `tea.sty' not found.
CONFLICT (content): Merge conflict in tea.txt
 ! [rejected]        main -> main (fetch first)
Automatic merge failed; fix conflicts and then commit the result.
Makefile:2: *** missing separator.  Stop.
/usr/bin/ld: tea.o: undefined reference to `brew'
configure: error: no acceptable C compiler found in $PATH
CMake Error at CMakeLists.txt:3 (find_package):
-- Configuring incomplete, errors occurred!
terminate called after throwing an instance of 'std::runtime_error'
free(): invalid pointer
./main.go:5:2: undefined: tea
goroutine 1 [running]:
Caused by: java.io.IOException
        at com.tea.Main.main(Main.java:5)
    at Object.<anonymous> (/home/ada/tea.js:1:1)
Tests run: 3, Failures: 1, Errors: 0, Skipped: 0
Program.cs(3,5): error CS1002: ; expected
** (UndefinedFunctionError) function Tea.brew/0 is undefined
Error in library(tea) : there is no package called 'tea'
lua: tea.lua:1: attempt to call a nil value (global 'tea')
/usr/bin/python3: No module named tea
  ✗ No solution found when resolving dependencies:
gpg: decryption failed: No secret key
Parse error: no such column: tea
Sphinx error:
bash: TEA: unbound variable
cat: tea: Is a directory
bash: cd: tea.txt: Not a directory
tar: Exiting with failure status due to previous errors
Error from server (NotFound): pods "tea" not found
The connection to the server localhost:8080 was refused
(error) WRONGTYPE Operation against a key
An error occurred (NoSuchBucket) when calling the ListObjectsV2 operation
Unit tea.service could not be found.
Job for tea.service failed because the control process exited with error code.
{"detail": "Not Found"}
2026-01-01 12:00:00 [error] worker died
level=error msg="the tea is cold"
{"level":"error","msg":"cold"}
E0101 12:00:00.000000       1 tea.go:5] cold
[2026-01-01 12:00:00,000: ERROR/MainProcess] Received unregistered task
unknown flag: --tea
"""
HARMLESS = """\
0 errors
0 errors, 0 warnings
errors: 0
Errors: 0
error: 0
Errors: none
no error
no errors found
Found 0 errors in 3 files
Success: no issues found in 3 source files
0 failed, 3 passed
Failed: 0
FAILED: 0
shop.example.org : ok=3 changed=0 unreachable=0 failed=0
No failures
error_log = /var/log/shop.log
ERROR_LOG=/var/log/shop.log
LOG_LEVEL=ERROR
log-errors: yes
on_error: continue
continue-on-error: true
training error: 0.052
"error": null
{"errors": []}
errors.py
tests/test_tea.py::test_no_such_file[No such file] PASSED                [ 12%]
docs/tea.rst::quotes Permission denied PASSED                            [ 28%]
tests/test_errors.py ....                                                [100%]
tests/test_errors.py::test_raises_ValueError PASSED
INFO  [shop] error handler registered
INFO: registered the error handler
adding: errors.txt
 create mode 100644 src/errors.rs
Compiling thiserror v1.0.40
Compiling failure v0.1.8
Collecting exceptiongroup
Downloading exceptiongroup-1.2.0-py3-none-any.whl (16 kB)
Successfully installed errors-1.0 exceptiongroup-1.2.0 iniconfig-2.0.0
Requirement already satisfied: typing-extensions in ./.venv/lib
INFO  [alembic.runtime.migration] Running upgrade ae1027a6acfa -> 1975ea83b712, Add error column
CREATE TABLE errors (
 id | error | fatal
class ShopError(Exception):
class ShopError:
from shop import ShopError
    except KeyError:
    except (KeyError, ValueError):
    raise ValueError
    raise ValueError("no tea")
stderr: ''
mirror: https://example.org
  --fail-fast            stop at the first error
  -x, --exitfirst        exit instantly on first error or failed test.
warning: unused variable: `tea`
DeprecationWarning: use brew() instead
HTTP/1.1 200 OK
Process exited with code 0
exit status 0
You cannot take it with you
The kettle was killed off
Skilled: yes
panicky: no
fatalities: 3
non-fatal: skipped
1 xfailed in 0.02s
retry_on_timeout=True
terror: the novel
/usr/share/doc/error: a folder
Downloading https://example.org/error: done
Nothing to do.
3 passed in 0.10s
ok 3 - handles errors
PASS
E  is a letter
Setting up libgpg-error0:amd64 (1.46-1) ...
Unpacking liberror-perl (0.17029-2) ...
[main 1a2b3c4] Fix error: handling of milk
1a2b3c4 Count logins that failed
drwxr-xr-x 2 ada ada 4096 Jan  1 12:00 failed
  -k    keep going if a target failed
 id | error | failed
Starting with log level ERROR
OK (expected failures=1)
configure: error: none
Log.error: no errors
No errors occurred
Listening
    at http://127.0.0.1:8000
    at 10:30:05
--log-level=error
Tests run: 3, Failures: 0, Errors: 0, Skipped: 0
✔ 0 problems
"""


@pytest.fixture(scope="module")
def settings() -> Settings:
    return Settings.read({}, Path())


@pytest.mark.parametrize("line", ERRORS.splitlines())
def test_a_line_that_reports_an_error_is_known(settings: Settings, line: str) -> None:
    assert settings.errors.search(line)


@pytest.mark.parametrize("line", HARMLESS.splitlines())
def test_a_line_that_only_speaks_of_errors_is_not_taken_for_one(
    settings: Settings, line: str
) -> None:
    assert not settings.errors.search(line)
