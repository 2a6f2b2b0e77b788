"""What a printed line looks like that reports an error: the default of runthrough_errors.

The patterns follow what real tools print, and leave out what only speaks of errors: counts of
none, names of files, source code, settings. Case counts, but for what tools spell in several ways.
"""

from __future__ import annotations

NOT_A_NAME = r"(?<![-\w./])(?<!\w=)"
"""What comes before a word that is not a part of a name, a path or a setting."""
NOT_NONE = r"(?!\s*(?:0+\b|no\b|none\b|null\b|false\b|nil\b|\[\]|\d*\.\d|$))"
"""What doesn't come after `error:` where there is an error: a count, a measure, nothing."""
CODE = r"(?<!class )(?<!except )(?<!raise )"
"""What comes before an exception's name in source code."""

ERRORS = (
    # What tools write above or in front of what went wrong.
    r"Traceback",
    rf"{NOT_A_NAME}(?<!\b0 )(?<!\[)\bERRORS?\b(?!\s*[:=]\s*0+\b)(?!\w|[-./=])",
    r"\[(?:ERROR|FATAL|CRITICAL)\]",
    r"(?<!\b0 )(?<!\w)(?:FAIL|FAILED|FAILURE)\b(?!\s*[:=]\s*0+\b)(?![-./=])",
    rf"{NOT_A_NAME}(?:FATAL|PANIC|CRITICAL)\b(?=:| |$)",
    rf"(?i:{NOT_A_NAME}\b(?:error|fatal|panic|failure)(?: error)?:{NOT_NONE})",
    r"(?i:^\W*error(?:\[\w+\]| response\b| \w?\d+\b))",
    r'(?i:"errors?":\s*["\[{]\s*["{\w])',
    # The last line of an exception, in Python, Java, JavaScript and Ruby.
    rf"{CODE}(?<![-\w/])(?:[\w.]{{1,200}}[.:])?[A-Z]\w*"
    r"(?:Error|Exception|ExceptionGroup|Interrupt)\b: ",
    r"^[\s|]*(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception|Interrupt|Failure):?$",
    r"^[\s|]*(?:\w+\.)+(?:exc|exceptions?|errors?)\.[A-Z]\w*(?::|$)",
    r"^[\s|]*Exception(?: ignored)?\b(?=:| in\b|$)",
    r"\((?:\w+::)*[A-Z]\w*(?:Error|Exception)\)$",
    r"(?i:\b(?:unhandled|uncaught)\b)",
    r"\bpanicked at\b",
    # Programs with a prefix of their own: pytest, npm, apt, make, unittest's and Go's results.
    r"^E {3,}\S",
    r"(?i:^npm err(?:or)?[! ])",
    r"^(?:E: |Err:\d)",
    r"\*\*\* (?:\[|No rule)",
    r"(?<![\w.])[1-9]\d* (?:failed|failures?|errors?)\b",
    r"(?i:\bfail(?:ed|ures?)=[1-9])",
    r"^not ok\b",
    # What shells and the system say.
    r"(?i:command not found)",
    r"(?:^|\s)\S+: (?:line )?\d+: .*: not found$",
    r"(?i:\bno such (?!.*\bpassed\b)"
    r"(?:file|directory|device|process|container|image|host|option|command)\b)",
    r"(?i:\b(?:permission|access) (?:was |is )?denied\b(?!.*\bpassed\b))",
    r"(?i:\boperation not permitted\b|\bread-only file system\b|\bno space left on device\b)",
    r"(?i:\bconnection (?:refused|reset)\b|\baddress already in use\b|\btimed out\b)",
    r"(?i:\bname or service not known\b|\bname resolution\b|\bcould not resolve\b)",
    r"(?i:\bsegmentation fault\b|\bcore dumped\b|\bbus error\b|\billegal instruction\b)",
    r"(?i:\bout of memory\b|\bstack overflow\b)",
    r"^Killed\b|\bline \d+: +\d+ Killed\b|^Aborted!?$",
    r"(?i:\bsyntax error\b)",
    r"(?i::\s(?:unrecogni[sz]ed|invalid|illegal|unknown|unsupported) "
    r"(?:option|argument|command|subcommand|flag)s?\b)",
    r"(?i:(?:^|: |\) )(?:cannot|can't|can not|could not|couldn't|unable to|failed to) \w)",
    rf"(?i:(?<!\b0 )(?<!\bno ){NOT_A_NAME}\bfailed\b(?:$|[.!]|:{NOT_NONE}| (?:with|for)\b))",
    r"(?i:\bexit(?:ed|s)?(?: with)?(?: a)? (?:status|code):? [1-9])",
    r"(?i:\bnon-?zero (?:exit|return|status|code)\b)",
    r"\bHTTP/[\d.]+ [45]\d\d\b",
)
