"""Completion and the manual page say what the option tables say."""

import os
import re
import subprocess

from program import DRAWLAB, TINY, ProgramTest, main


class Completion(ProgramTest):
    def complete(self, *words):
        """What bash offers for the last word."""
        script = "\n".join([
            'eval "$("$DRAWLAB" completion)"', 'drawlab() { "$DRAWLAB" "$@"; }',
            "COMP_WORDS=(drawlab " + " ".join(f"'{word}'" for word in words) + ")",
            "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))", "_drawlab", 'printf "%s\\n" "${COMPREPLY[@]}"'])
        found = subprocess.run(["bash", "-c", script], cwd=self.folder, env={**self.environment, "DRAWLAB": DRAWLAB},
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(found.stderr, "")
        return found.stdout.split()

    def commands(self):
        lines = self.drawlab("--help").out.split("Commands\n")[1].split("\n\n")[0].splitlines()
        return [line.split()[0] for line in lines]

    def test_offers_every_command(self):
        self.assertEqual(self.complete(""), [*self.commands(), "--help", "--version"])
        self.assertEqual(self.complete("anim"), ["animate"])

    def test_offers_the_options_of_each_command(self):
        for command in self.commands():
            said = re.findall(r"--([a-z][a-z-]*)", self.drawlab(command, "--help").out)
            offered = self.complete(command, "--")
            self.assertTrue(offered, command)
            for option in offered:
                self.assertIn(option[2:], said, command)

    def test_offers_what_options_and_arguments_take(self):
        self.assertIn("jsonl", self.complete("runs", "--format", ""))
        self.assertEqual(self.complete("evaluate", "--split", "t"), ["train", "test"])
        self.assertIn("ablation", self.complete("query", "a"))
        self.assertIn("gaussian", self.complete("plugins", "describe", "g"))
        self.assertEqual(self.complete("new", "r"), ["read_write"])
        self.assertEqual(self.complete("show", ""), [])
        self.write("tiny.yaml", TINY)
        self.drawlab("run", "tiny.yaml", "--only", "read=global")
        self.assertEqual(self.complete("show", ""), ["2", "1"])
        self.assertEqual(self.complete("report", "t"), ["tiny"])
        os.rename(self.path("results"), self.path("elsewhere"))
        self.assertEqual(self.complete("show", "--db", "elsewhere/drawlab.sqlite", ""), ["2", "1"])
        self.assertEqual(self.complete("run", "t"), ["tiny.yaml"])

    def test_the_manual_names_every_command_and_option(self):
        page = self.drawlab("manual").out
        plain = page.replace("\\-", "-").replace("\\fB", "").replace("\\fI", "").replace("\\fR", "")
        for command in self.commands():
            self.assertIn(f".SS drawlab {command}", plain)
            for option in self.complete(command, "--"):
                self.assertIn(option, plain)
        self.assertEqual([line for line in page.splitlines()
                          if line.startswith(".") and not re.match(r"\.(TH|SH|SS|TP|B|I)\b", line)], [])


if __name__ == "__main__":
    main()
