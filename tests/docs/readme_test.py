"""README.md does what it says: its commands, queries and experiment are run against the built program."""

import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

import markdown

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")

FEWER_IMAGES = "".join(f" --set training.limit_{split}=256" for split in ("train", "validation", "test"))


def runnable(command):
    """The command on the built program. Long trainings are only planned, tests are only listed."""
    if command.startswith("./bootstrap test"):
        return command.replace("./bootstrap test", '"$CTEST" --test-dir "$DRAWLAB_BUILD" --show-only', 1)
    if command.startswith("./bootstrap run "):
        command += FEWER_IMAGES if "quick" in command else " --dry-run --offline"
    return command.replace("./bootstrap", '"$DRAWLAB"', 1)


class Readme(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="drawlab-readme-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        os.symlink(ROOT / "experiments", os.path.join(cls.folder, "experiments"))
        os.mkdir(os.path.join(cls.folder, "results"))
        for name in ("reference.sqlite", "reference"):  # for the commands on the reference database
            os.symlink(ROOT / "results" / name, os.path.join(cls.folder, "results", name))
        cls.environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        cls.environment["HOME"] = cls.folder
        cls.environment.pop("DRAWLAB_DATA", None)
        cls.outputs = []
        for block in markdown.blocks(TEXT, "console"):
            for command, shown in markdown.commands(block):
                cls.outputs.append((command, shown, cls.run_in_shell(runnable(command))))

    @classmethod
    def run_in_shell(cls, command):
        return subprocess.run(["bash", "-c", command], cwd=cls.folder, env=cls.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=200)

    def test_every_command_succeeds(self):
        self.assertGreater(len(self.outputs), 10)
        for command, _, finished in self.outputs:
            with self.subTest(command=command):
                self.assertEqual(finished.returncode, 0, finished.stderr)

    def test_shown_output_begins_as_the_real_one(self):
        compared = 0
        for command, shown, finished in self.outputs:
            if not shown:
                continue
            with self.subTest(command=command):
                # Widths follow the numbers, and those follow the processor.
                self.assertEqual(finished.stdout.splitlines()[0].split(), shown[0].split())
                self.assertEqual(len(finished.stdout.splitlines()), len(shown))
                compared += 1
        self.assertGreater(compared, 0)

    def test_the_pictures_are_there(self):
        pictures = list(pathlib.Path(self.folder, "pictures").glob("*.png"))
        self.assertGreaterEqual(len(pictures), 3)

    def test_every_query_returns_rows(self):
        database = sqlite3.connect(f"file:{self.folder}/results/drawlab.sqlite?mode=ro", uri=True)
        queries = markdown.blocks(TEXT, "sql")
        self.assertGreater(len(queries), 0)
        for query in queries:
            with self.subTest(query=query):
                self.assertGreater(len(database.execute(query).fetchall()), 0)
        database.close()

    def test_the_experiment_is_accepted(self):
        for number, text in enumerate(markdown.blocks(TEXT, "yaml")):
            path = pathlib.Path(self.folder, f"readme-{number}.yaml")
            path.write_text(text, encoding="utf-8")
            finished = self.run_in_shell(f'"$DRAWLAB" run {path} --dry-run --offline --db other.sqlite')
            self.assertEqual(finished.returncode, 0, finished.stderr)
            self.assertIn("patch_size", finished.stdout)


if __name__ == "__main__":
    unittest.main()
