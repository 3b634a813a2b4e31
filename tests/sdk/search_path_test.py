"""No program or library that is built looks for its libraries in the current folder.

The loader reads an empty element of a RUNPATH as the current folder, and a relative one from there.
"""

import os
import re
import subprocess
import unittest


def elf_files(folder):
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "CMakeFiles"]
        for name in names:
            path = os.path.join(place, name)
            if os.path.islink(path) or not os.path.isfile(path):
                continue
            with open(path, "rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path


def search_path(file):
    """The elements of RPATH and RUNPATH."""
    text = subprocess.run(["readelf", "--dynamic", "--wide", file], check=True, capture_output=True, text=True).stdout
    elements = []
    for found in re.findall(r"\((?:RPATH|RUNPATH)\).*\[(.*)\]", text):
        elements += found.split(":")
    return elements


def is_safe(element):
    return element.startswith("/") or element == "$ORIGIN" or element.startswith("$ORIGIN/")


class SearchPath(unittest.TestCase):
    def test_every_element_is_a_place_of_its_own(self):
        files = list(elf_files(os.environ["DRAWLAB_BUILD"]))
        self.assertGreater(len(files), 10, "nothing was built here")
        for file in files:
            for element in search_path(file):
                self.assertTrue(is_safe(element), f"{file}: '{element}' is looked up from the current folder")

    def test_the_program_takes_no_library_from_the_current_folder(self):
        program = os.path.join(os.environ["DRAWLAB_BUILD"], "bin", "drawlab")
        traced = subprocess.run([program, "--version"], capture_output=True, text=True, cwd="/tmp",
                                env={**os.environ, "LD_DEBUG": "libs", "ASAN_OPTIONS": "detect_leaks=0"})
        tried = re.findall(r"trying file=(\S+)", traced.stderr)
        self.assertTrue(tried, traced.stderr[:400])
        self.assertEqual([file for file in tried if not file.startswith("/")], [])

    def test_an_empty_or_relative_element_is_found(self):
        for element in ("", ".", "lib", "../lib", "$ORIGINAL"):
            self.assertFalse(is_safe(element), element)


if __name__ == "__main__":
    unittest.main(verbosity=2)
