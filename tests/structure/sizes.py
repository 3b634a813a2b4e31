"""The length of files and functions, and a line for each file in a README.

A function's length is counted by braces: comments, literals and preprocessor lines are blanked; a block that does not
open a namespace, a type or an initialiser, and whose head has parentheses, is a function. It counts from the first line
of its head to the line of its closing brace, with the lambdas inside it."""

import pathlib
import re
import sys

import sources

MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 60

BLANK = re.compile(r'''
    //[^\n]* | /\*.*?\*/                                  # comments
  | R"(?P<fence>[^\s()\\]{0,16})\(.*?\)(?P=fence)"         # raw strings
  | "(?:\\.|[^"\\\n])*" | (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'  # strings, characters (but 10'000)
  | ^[ \t]*\#(?:[^\n]*\\\n)*[^\n]*                        # preprocessor lines
''', re.VERBOSE | re.DOTALL | re.MULTILINE)
SCOPE = re.compile(r'''
    (template\s*<[^{};()]*>\s*)? (\[\[\w+\]\]\s*)?
    ( extern\b | (inline\s+)?namespace\b | (class|struct|union|enum)\b [^()]*? (\s:\s|$) )
''', re.VERBOSE)


def blanked(text):
    return BLANK.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def functions(text):
    """(first line, number of lines) of each function that is not inside another one."""
    text = blanked(text)
    head, depth, start = 0, 0, None  # where the head began; depth and start of the function that is open
    for match in re.finditer(r"[{};]|\b(?:public|private|protected)\s*:", text):
        at, token = match.start(), match[0]
        if start is not None:
            depth += {"{": 1, "}": -1}.get(token, 0)
            if depth == 0:
                rest = text[match.end():].lstrip()
                if block == "function" and not rest.startswith((",", "{")):
                    yield start, text.count("\n", 0, at) + 2 - start
                    head = match.end()
                elif block != "function" and rest.startswith(";"):
                    head = match.end()
                start = None
            continue
        if token == "{":
            words = text[head:at].strip()
            if SCOPE.match(words) or not words:
                head = match.end()
                continue
            block = "function" if "(" in words else "initialiser"
            start = text.count("\n", 0, head + len(text[head:at]) - len(text[head:at].lstrip())) + 1
            depth = 1
        else:
            head = match.end()


def has_line(root, path):
    """Whether a table row or list item in the README of the file's folder, or of the one above, names the file."""
    stem = path.name.split(".")[0]
    for folder in (path.parent, path.parent.parent):
        page = root / folder / "README.md"
        if page.exists():
            prefix = "" if folder == path.parent else re.escape(path.parent.name) + "/"
            name = rf"(?<![\w/]){prefix}{re.escape(stem)}(\.[ch]pp(\.in)?|\.\*)?(?![\w./])"
            return re.search(rf"(?m)^\s*[-|].*{name}", page.read_text(encoding="utf-8")) is not None
    return False


def violations(root):
    """Each as `file:line: what is wrong`."""
    root = pathlib.Path(root)
    for path in sources.product_files(root):
        text = (root / path).read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > MOST_FILE_LINES:
            yield f"{path}:{MOST_FILE_LINES + 1}: {lines} lines, at most {MOST_FILE_LINES}"
        for line, length in functions(text):
            if length > MOST_FUNCTION_LINES:
                yield f"{path}:{line}: a function of {length} lines, at most {MOST_FUNCTION_LINES}"
        if not has_line(root, path):
            yield f"{path}:1: no line in a README"


if __name__ == "__main__":
    problems = list(violations(sys.argv[1]))
    print("\n".join(problems))
    sys.exit(bool(problems))
