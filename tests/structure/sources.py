"""Finds drawlab's product sources and reads the `#include` lines in them."""

import os
import pathlib
import re

FOLDERS = ("core", "runner", "results", "plugins")
SUFFIXES = (".cpp", ".hpp", ".cpp.in")
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def product_files(root):
    """Sources and headers as paths relative to `root`; the templates of `drawlab new` are among them."""
    root = pathlib.Path(root)
    return sorted(path.relative_to(root) for folder in FOLDERS for path in (root / folder).rglob("*")
                  if path.name.endswith(SUFFIXES))


def includes(path):
    """(line number, text, quoted) of each include of a file."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match[1] or match[2], match[1] is not None


def resolve(files, source, name):
    """The one of `files` that an include in `source` names, or None."""
    folders = [source.parent, "core/include", "core", "core/src", "."]
    if source.parts[0] == "plugins":
        folders.append(pathlib.Path(*source.parts[:3]))
    for folder in folders:
        path = os.path.normpath(os.path.join(folder, name))
        if path in files:
            return files[path]
    return None
