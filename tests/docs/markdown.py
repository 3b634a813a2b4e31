"""What the tests of the pages need to know of Markdown."""

import re

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def blocks(text, language):
    """The contents of the fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(block):
    """(command, lines shown below it) of a console block, whose commands begin with `$ `."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def links(text):
    """The targets of the links outside fenced blocks that lead to files, without anchors."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return [link.split("#")[0] for link in LINK.findall(prose) if not link.startswith(("http", "#", "mailto:"))]
