"""docs/write-a-plugin.md works as it is written: its files are written, its commands run, in its order."""

import os
import re
import sys
import unittest

from installed import SOURCE, InstalledTest

sys.path.insert(0, os.path.join(SOURCE, "tests", "docs"))

import markdown  # pylint: disable=wrong-import-position

with open(os.path.join(SOURCE, "docs", "write-a-plugin.md"), encoding="utf-8") as page:
    TEXT = page.read()
with open(os.path.join(SOURCE, "plugins", "read_write", "cauchy", "cauchy.cpp"), encoding="utf-8") as shipped:
    CAUCHY = shipped.read()

# A block with the prose in front of it; a file's name is the last thing in backticks there, before a colon.
BLOCK = re.compile(r"(?P<prose>[^\n]*)\n\n```(?P<language>\w+)\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"into `([^`]+)`[:,]")


def steps():
    """("run", command) and ("write", file, content), in the page's order."""
    for block in BLOCK.finditer(TEXT):
        if block["language"] == "console":
            for command, _ in markdown.commands(block["content"]):
                yield "run", command, None
        else:
            yield "write", FILE.search(block["prose"]).group(1), block["content"]


def code_lines(source):
    return [line for line in source.splitlines() if line.strip() and not line.strip().startswith("//")]


class Tutorial(InstalledTest):
    def test_every_step_does_what_the_page_says(self):
        here = "."
        outputs = {}
        for kind, what, content in steps():
            if kind == "write":
                with open(self.path(here, what), "w", encoding="utf-8") as file:
                    file.write(content)
            elif what.startswith("cd "):
                here = os.path.join(here, what[3:])
            else:
                outputs[what] = self.shell(f'cd "{here}" && {what}').stdout
        self.assertIn("my_cauchy.check", outputs["ctest --test-dir build --output-on-failure"])
        self.assertIn("filters along each side of the patch", outputs["drawlab plugins describe my_cauchy --plugin-path build"])
        self.assertEqual([row[3] for row in self.leaderboard("my_cauchy")], ["done", "done"])
        self.assertIn("my_cauchy", outputs["drawlab compare tails"])
        self.assertIn(".local/share/drawlab/plugins/libdrawlab_my_cauchy.so", outputs["drawlab plugins list"])

    def test_it_has_every_kind_of_step(self):
        found = list(steps())
        self.assertEqual([what for kind, what, _ in found if kind == "write"], ["my_cauchy.cpp", "tails.yaml"])
        self.assertGreater(len([what for kind, what, _ in found if kind == "run"]), 7)

    def test_its_plugin_is_the_shipped_one_and_has_sixty_lines_at_most(self):
        source = next(content for kind, _, content in steps() if kind == "write")
        self.assertEqual(source.replace('"my_cauchy"', '"cauchy"'), CAUCHY)
        self.assertLessEqual(len(code_lines(source)), 60)

    def test_every_check_is_listed(self):
        outputs = self.shell("drawlab plugins check gaussian && drawlab plugins check digits").stdout
        names = {line[11:].split(": ")[1] if line[11:].startswith(("read: ", "write: ")) else line[11:]
                 for line in outputs.splitlines() if line.startswith("  ok  ")} - {"handshake"}
        listed = set(re.findall(r"^\| ([^|]+?) \|", TEXT, re.MULTILINE))
        self.assertEqual(names - listed, set())


if __name__ == "__main__":
    unittest.main(verbosity=2)
