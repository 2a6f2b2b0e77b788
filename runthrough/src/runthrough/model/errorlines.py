"""Patterns for printed lines that report an error: the default of runthrough_errors.

The patterns follow what real tools print. They don't match lines that only mention errors: counts
of zero, file names, source code, settings. Case matters, except for words that tools spell in
several ways.
"""

from __future__ import annotations

NOT_A_NAME = r"(?<![-\w./])(?<!\w=)"
"""What comes before a word that is not a part of a name, a path or a setting."""
NOT_NONE = (
    r"(?!\s*(?:0+\b|(?:no|none)\b(?! (?!errors?\b|problems?\b|issues?\b|failures?\b)\w)"
    r"|null\b|false\b|nil\b|\[\]|\d*\.\d|$))"
)
"""What doesn't come after `error:` where there is an error: a count, a measure, nothing."""
CODE = r"(?<!class )(?<!except )(?<!raise )"
"""What comes before an exception's name in source code."""
QUOTING = (
    r"\[\S+ (?:\(root-commit\) )?[0-9a-f]{7,40}\] "
    r"|[*|/\\ ]{0,40}(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40} "
    r"|[-bcdlps](?:[-r][-w][-xsStT]){3}[.+@]? "
    r"|\s+--?\w[-\w]*[ ,=]"
)
"""How a line begins that quotes a title or a name: `git commit`, `git log`, `ls -l`, `--help`."""

ERRORS = (
    # What tools write above or in front of what went wrong.
    r"Traceback",
    rf"{NOT_A_NAME}(?<!\b0 )(?<!\[)(?<!level )\bERRORS?\b(?!\s*[:=]\s*0+\b)(?!\w|[-./=])",
    r"\[(?:ERROR|FATAL|CRITICAL)\]|: (?:ERROR|CRITICAL)/",
    r"(?i:^[-\d\sTZ:.,/+]{0,40}(?:\w+: )?\[(?:error|crit|critical|alert|emerg|fatal|panic)\])",
    r'(?<![-\w])(?:level|lvl|severity)="?(?i:error|fatal|critical|panic)\b',
    r'(?i:"(?:level|levelname|severity)":\s*"(?:error|fatal|critical)")',
    r"^[EF]\d{4} \d\d:\d\d:\d\d",
    r"(?<!\b0 )(?<!\w)(?:FAIL|FAILED|FAILURE)\b(?!\s*[:=]\s*0+\b)(?![-./=])",
    rf"{NOT_A_NAME}(?:FATAL|PANIC|CRITICAL)\b(?=:| |$)",
    rf"(?i:{NOT_A_NAME}\b(?:error|fatal|panic|failure)(?: error)?:{NOT_NONE})",
    r"(?i:^\W*error(?:\[\w+\]| response\b| \w?\d+\b))",
    r'(?i:"errors?":\s*["\[{]\s*["{\w])',
    r'(?i:"(?:detail|message)":\s*"(?:not found|internal server error|forbidden|unauthorized)")',
    r"^(?:CMake Error|Error from server|\(error\))(?!\w)|^[A-Z]\w+ error:$",
    r"^Error (?:in|from|at|while|when|during|opening|reading|loading|parsing|running|connecting)\b",
    r"(?i:(?:^(?:an |some )?|[,:.] (?:an |some )?)errors? (?:has |have )?occurred\b)",
    r"\berror [A-Z]{1,5}\d+\b",
    # The last line of an exception, in Python, Java, JavaScript and Ruby.
    rf"{CODE}(?<![-\w/])(?:[\w.]{{1,200}}[.:])?[A-Z]\w*"
    r"(?:Error|Exception|ExceptionGroup|Interrupt)\b: ",
    r"^[\s|]*(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception|Interrupt|Failure):?$",
    r"^[\s|]*(?:\w+\.)+(?:exc|exceptions?|errors?)\.[A-Z]\w*(?::|$)",
    r"^[\s|]*Exception(?: ignored)?\b(?=:| in\b|$)",
    r"\((?:\w+::)*[A-Z]\w*(?:Error|Exception)\)$|^\*\* \([A-Z]\w*(?:\.\w+)*\) ",
    r"^\s*Caused by: |^[A-Z]\w*NotFound:",
    r"^\s+at (?:\S.*\(|\S*/)[^\s()]*:\d+:\d+\)?$|^\s+at \S+\([\w.$]+:\d+\)$|^goroutine \d+ \[",
    r"(?i:\b(?:unhandled|uncaught)\b)",
    r"\bpanicked at\b",
    # Programs with a prefix of their own: pytest, npm, apt, make, unittest's and Go's results.
    r"^E {3,}\S",
    r"(?i:^npm err(?:or)?[! ])",
    r"^(?:E: |Err:\d)",
    r"\*\*\* (?:\[|No rule|missing |.*\bStop\.$)",
    r"^(?:CONFLICT \(| ! \[(?:remote )?rejected\])",
    r"^== Compilation error|\bundefined reference to\b|^\S+\.go:\d+:\d+: |^e: \S+\.kts?: ",
    r"^\s*[\u00d7\u2717\u2718\u2716\u274c] (?!0\b)\S",
    r"^Execution halted$|\battempt to (?:call|index|perform|compare|concatenate) a\b",
    r"(?<![\w.])[1-9]\d* (?:failed|failures?|errors?)\b",
    r"(?i:(?<!expected )\bfail(?:ed|ures?)=[1-9])",
    r"(?i:\b(?:failures|errors): [1-9]\d*(?![.\d]))",
    r"^not ok\b",
    # What shells and the system say.
    r"(?i:command not found)|: unbound variable$|: No module named \w",
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
    r"^(?:terminate called|(?:free|malloc|realloc|munmap_chunk)\(\): )|\bstack smashing\b",
    r"(?i:: (?:is a directory|not a directory|directory not empty|file exists|file name too long|"
    r"argument list too long|bad interpreter|text file busy|device or resource busy|broken pipe|"
    r"input/output error|too many open files|no route to host|network is unreachable)$)",
    r"(?i:\bsyntax error\b)",
    r"(?i:(?:^|:\s)(?:unrecogni[sz]ed|invalid|illegal|unknown|unsupported) "
    r"(?:shorthand )?(?:option|argument|command|subcommand|flag)s?\b)",
    r"(?i:(?:^|: +|\) )(?:cannot|can't|can not|could not|couldn't|unable to|failed to) \w)",
    rf"(?i:(?<!\b0 )(?<!\bno )(?<!\| ){NOT_A_NAME}\bfailed\b"
    rf"(?:$|[.!;]|:{NOT_NONE}| (?:with|for|because)\b))",
    r"(?i:\bexiting with failure\b|\bcould not be found\b|^lost connection$)",
    r"(?i:\bconnection to .{1,200} was refused\b|\bis not in the sudoers\b)",
    r"(?i:\bonly root can\b|\bmust be (?:run as )?root\b)",
    r"(?i:\bexit(?:ed|s)?(?: with)?(?: a)? (?:status|code):? [1-9])",
    r"(?i:\bnon-?zero (?:exit|return|status|code)\b)",
    r"\bHTTP/[\d.]+ [45]\d\d\b",
)
