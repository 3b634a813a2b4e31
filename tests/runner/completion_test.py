"""Completion and the manual page say what the commands declare."""

import os
import re
import shlex
import sqlite3
import subprocess

from program import DRAWLAB, TINY, ProgramTest, main

ACTIONS = {"data": ["list", "fetch", "verify", "preview"], "plugins": ["list", "describe", "check"],
           "new": ["read_write", "dataset"]}


class Completion(ProgramTest):
    def complete(self, *words):
        """What bash offers for the last word."""
        script = "\n".join([
            'eval "$("$DRAWLAB" completion)"', 'drawlab() { "$DRAWLAB" "$@"; }',
            "COMP_WORDS=(drawlab " + " ".join(map(shlex.quote, words)) + ")",
            "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))", "_drawlab", 'printf "%s\\n" "${COMPREPLY[@]}"'])
        found = subprocess.run(["bash", "-c", script], cwd=self.folder, env={**self.environment, "DRAWLAB": DRAWLAB},
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(found.stderr, "")
        return found.stdout.splitlines() if found.stdout.strip() else []

    def commands(self):
        lines = self.drawlab("--help").out.split("Commands\n")[1].split("\n\n")[0].splitlines()
        return [line.split()[0] for line in lines]

    def test_offers_every_command(self):
        self.assertEqual(self.complete(""), [*self.commands(), "--help", "--version"])
        self.assertEqual(self.complete("anim"), ["animate"])

    def paths(self):
        """Every command, as the words that name it: ["run"], ["data"], ["data", "list"]."""
        return [[command] for command in self.commands()] + [
            [command, action] for command, actions in ACTIONS.items() for action in actions]

    def test_offers_the_options_of_each_command(self):
        for command in self.paths():
            said = self.drawlab(*command, "--help").out
            offered = self.complete(*command, "--")
            self.assertTrue(offered, command)
            for option in offered:
                self.assertIn(option[2:], re.findall(r"--([a-z][a-z-]*)", said), command)
            listed = re.findall(r"^  (?:-\w, )?--([a-z][a-z-]*)", said, re.MULTILINE)
            self.assertEqual(sorted(offered), sorted("--" + option for option in listed), command)

    def test_offers_every_action(self):
        for command, expected in ACTIONS.items():
            self.assertEqual(self.complete(command, ""), expected)
            refusal = self.drawlab(command, "nonsense", "name", code=2).err
            for action in expected:
                self.assertIn(action, refusal)
            self.assertEqual(sorted(re.findall(r"[a-z_]+", refusal.split("none of ")[-1].split("known: ")[-1])),
                             sorted(expected))

    def test_offers_what_options_and_arguments_take(self):
        self.assertIn("jsonl", self.complete("runs", "--format", ""))
        self.assertEqual(self.complete("evaluate", "--split", "t"), ["train", "test"])
        self.assertIn("ablation", self.complete("query", "a"))
        self.assertIn("gaussian", self.complete("plugins", "describe", "g"))
        self.assertIn("digits", self.complete("data", "fetch", "d"))
        self.assertEqual(self.complete("data", "preview", "--split", "v"), ["validation"])
        self.assertEqual(self.complete("bench", "--model", "paper-mnist-"), ["paper-mnist-global"])
        self.assertEqual(self.complete("new", "r"), ["read_write"])
        self.assertEqual(self.complete("show", ""), [])
        self.write("tiny.yaml", TINY)
        self.drawlab("run", "tiny.yaml", "--only", "read=global")
        self.assertEqual(self.complete("show", ""), ["2", "1"])
        self.assertEqual(self.complete("report", "t"), ["tiny"])
        os.rename(self.path("results"), self.path("elsewhere"))
        self.assertEqual(self.complete("show", "--db", "elsewhere/drawlab.sqlite", ""), ["2", "1"])
        self.assertEqual(self.complete("show", "--db", "=", "elsewhere/drawlab.sqlite", ""), ["2", "1"])
        self.assertEqual(self.complete("show", "--db", "=", "elsewh"), ["elsewhere"])
        self.assertEqual(self.complete("export", "--db", "elsewhere/drawlab.sqlite", "--run", ""), ["2", "1"])
        self.assertEqual(self.complete("runs", "--format", "=", "js"), ["json", "jsonl"])
        self.assertEqual(self.complete("runs", "--format", "="), self.complete("runs", "--format", ""))
        self.assertEqual(self.complete("run", "t"), ["tiny.yaml"])

    def test_runs_nothing_that_a_name_in_the_database_says(self):
        self.write("tiny.yaml", TINY)
        self.drawlab("run", "tiny.yaml", "--only", "read=global")
        for name in ("$(touch pwned)", "`touch pwned`", "a b; touch pwned", "'\"$HOME", "plain"):
            connection = sqlite3.connect(self.path("results/drawlab.sqlite"))
            with connection:
                connection.execute("UPDATE experiment SET name = ?", [name])
            connection.close()
            offered = self.complete("report", "")
            self.assertEqual(len(offered), 1, name)
            said = subprocess.run(["bash", "-c", f"printf %s {offered[0]}"], cwd=self.folder, capture_output=True, text=True)
            self.assertEqual(said.stdout, name, "what is inserted means the name")
            self.assertEqual(self.complete("report", offered[0][:len(offered[0]) // 2]), offered)
            self.assertFalse(os.path.exists(self.path("pwned")), name)
        self.assertEqual(self.complete("report", "'pl"), ["plain"])
        self.assertEqual(self.complete("report", "\"pl"), ["plain"])

    def test_the_manual_names_every_command_and_option(self):
        page = self.drawlab("manual").out
        plain = page.replace("\\-", "-").replace("\\fB", "").replace("\\fI", "").replace("\\fR", "")
        for command in self.paths():
            self.assertIn(f".SS drawlab {' '.join(command)}", plain)
            for option in self.complete(*command, "--"):
                self.assertIn(option, plain)
        self.assertEqual([line for line in page.splitlines()
                          if line.startswith(".") and not re.match(r"\.(TH|SH|SS|TP|B|I)\b", line)], [])


if __name__ == "__main__":
    main()
