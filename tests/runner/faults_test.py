"""Mistakes and broken surroundings: one clear sentence each, the documented exit code, nothing lost."""

import os
import sqlite3
import subprocess
import unittest

from program import LONG, TINY, UNPRIVILEGED, ProgramTest

MISTAKES = """
experiment: mistakes
base:
  dataset: digits
  model: {glimpses: 0, hiden: 8}
  training: {epochs: many, learning_rate: 1e-3}
grid:
  read: [global, {gausian: {size: 2}}]
  write: [{gaussian: {size: 65}}, {gaussian: {sise: 3}}]
"""


class Faults(ProgramTest):
    def test_several_mistakes_are_reported_at_once_and_nothing_is_touched(self):
        self.write("mistakes.yaml", MISTAKES)
        run = self.drawlab("run", "mistakes.yaml", code=2)
        self.assertEqual(run.err.splitlines(), [
            "mistakes.yaml:4:21: glimpses: 0 is outside 1..1000",
            "mistakes.yaml:4:24: hiden: unknown option; did you mean 'hidden'?",
            "mistakes.yaml:5:22: epochs: many is text, need a whole number (0..2147483647)",
            "mistakes.yaml:7:19: read: unknown plugin 'gausian'; did you mean 'gaussian'?",
            "mistakes.yaml:8:29: size: 65 is outside 1..64",
            "mistakes.yaml:8:47: sise: unknown option; did you mean 'size'?"])
        self.assertEqual(os.listdir(self.folder), ["mistakes.yaml"])

    def test_mistakes_in_what_a_dataset_is_made_of_are_reported_with_the_others(self):
        grid = """
            experiment: composed
            base:
              task: classify
              model: {glimpses: %d}
              read: global
            grid:
              dataset:"""
        self.write("words.yaml", grid % 0 + """
                - cluttered_mnist: {source: {digits: {binarisation: none}}}
                - cluttered_mnist: {source: diggits}
                - cluttered_mnist: {source: [digits]}
            """)
        said = self.drawlab("run", "words.yaml", "--offline", code=2).err.splitlines()
        self.assertEqual([line.split(" (")[0] for line in said], [
            "words.yaml:4:21: glimpses: 0 is outside 1..1000",
            "words.yaml:8:43: binarisation: unknown option; did you mean 'binarization'?",
            "words.yaml:9:7: unknown plugin 'diggits'; did you mean 'digits'?",
            "words.yaml:10:33: source: [digits] is a list, need a dataset's name, or {name: {option: value}}"])
        # What shows when the data is opened has the place of the option.
        self.write("sizes.yaml", grid % 1 + """
                - cluttered_mnist: {source: digits, size: 20}
                - cluttered_mnist: {distractor_size: 40, source: digits}
            """)
        said = self.drawlab("run", "sizes.yaml", "--offline", code=2).err.splitlines()
        self.assertEqual([line[:line.index(" images")] for line in said], [
            "sizes.yaml:8:41: cluttered_mnist: size: 20 is too small for the 28x28",
            "sizes.yaml:9:25: cluttered_mnist: distractor_size: 40 is larger than the 28x28"])
        self.assertFalse(os.path.exists(self.path("results")))

    def test_words_of_the_command_line_have_their_nearest_neighbour_named(self):
        self.assertIn("unknown command 'rum'; did you mean 'run'?", self.drawlab("rum", code=2).err)
        self.assertIn("unknown option '--dry-rum'; did you mean '--dry-run'?",
                      self.drawlab("run", "x.yaml", "--dry-rum", code=2).err)
        self.assertIn("the experiment file to run", self.drawlab("run", code=2).err)
        self.assertIn("--set: 'epochs' is no setting; write key=value",
                      self.drawlab("run", "x.yaml", "--set", "epochs", code=2).err)
        self.assertIn("--jobs: 0 is outside 1..4096", self.drawlab("run", "x.yaml", "--jobs", "0", code=2).err)
        self.assertIn("did you mean 'plain'?", self.drawlab("run", "x.yaml", "--progress", "plian", code=2).err)
        self.assertIn("x.yaml: cannot be read: No such file or directory", self.drawlab("run", "x.yaml", code=2).err)
        self.assertIn("'three' is no run's number", self.drawlab("show", "three", code=2).err)
        self.assertIn("Usage: drawlab", self.drawlab("--help").out)
        self.assertRegex(self.drawlab("--version").out, r"^drawlab \d+\.\d+\.\d+\n$")
        self.assertIn("no plugin 'gausian'; did you mean 'gaussian'?",
                      self.drawlab("plugins", "describe", "gausian", code=2).err)

    def test_every_command_explains_itself(self):
        words = self.drawlab("--help").out.split("Commands\n")[1].split("\n\n")[0]
        for command in (line.split()[0] for line in words.splitlines()):
            self.assertIn(f"Usage: drawlab {command} ", self.drawlab(command, "--help").out)

    def test_a_plugin_that_is_none_is_refused(self):
        os.mkdir(self.path("plugins"))
        self.write("plugins/libdrawlab_spiral.so", "not a library\n")
        self.write("spiral.yaml", TINY.replace("read: [global,", "read: [spiral,"))
        run = self.drawlab("run", "spiral.yaml", "--plugin-path", "plugins", code=6)
        self.assertIn("libdrawlab_spiral.so", run.err)
        self.assertFalse(os.path.exists(self.path("results")))

    def test_a_mistake_on_the_command_line_is_placed_there(self):
        self.write("tiny.yaml", TINY)
        run = self.drawlab("run", "tiny.yaml", "--set", "model.glimpses=0", "--set", "raed=global", code=2)
        self.assertEqual(run.err.splitlines(), ["--set raed: unknown key; did you mean 'read'?",
                                                "--set model.glimpses: glimpses: 0 is outside 1..1000"])

    def test_damaged_data_is_an_error_and_not_absence(self):
        self.write("tiny.yaml", TINY.replace("dataset: digits", "dataset: {first_available: [mnist, digits]}"))
        os.makedirs(self.path("data/mnist"))
        self.environment["DRAWLAB_DATA"] = self.path("data")
        for part in ("train", "valid", "test"):
            self.write(f"data/mnist/binarized_mnist_{part}.amat", "0 1 0\n")
        run = self.drawlab("run", "tiny.yaml", code=5)
        self.assertIn("binarized_mnist_train.amat", run.err)
        self.assertFalse(os.path.exists(self.path("results")))

    def test_data_that_is_not_here_is_named_when_nothing_may_be_fetched(self):
        self.write("tiny.yaml", TINY.replace("dataset: digits", "dataset: mnist"))
        run = self.drawlab("run", "tiny.yaml", "--offline", code=5)
        self.assertIn("binarized_mnist_train.amat", run.err)
        self.assertIn("drawlab data fetch mnist", run.err)
        self.assertIn("a run would fetch it", self.drawlab("run", "tiny.yaml", "--dry-run").err)

    def test_a_database_of_a_newer_version_is_refused(self):
        self.write("tiny.yaml", TINY)
        self.drawlab("run", "tiny.yaml", "--only", "read=global write=global")
        connection = sqlite3.connect(self.path("results/drawlab.sqlite"))
        connection.execute("PRAGMA user_version = 999")
        connection.commit()
        connection.close()
        for arguments in (("run", "tiny.yaml"), ("runs",), ("show", "1"), ("query", "leaderboard")):
            refused = self.drawlab(*arguments, code=4)
            self.assertIn("drawlab.sqlite", refused.err)
            self.assertIn("newer", refused.err)

    def test_a_file_that_is_no_database_is_refused(self):
        self.write("tiny.yaml", TINY)
        self.write("notes.sqlite", "my notes, long enough to be no empty database at all\n" * 20)
        self.assertIn("notes.sqlite", self.drawlab("run", "tiny.yaml", "--db", "notes.sqlite", code=4).err)
        self.assertIn("nowhere.sqlite", self.drawlab("runs", "--db", "nowhere.sqlite", code=4).err)

    def test_a_folder_that_cannot_be_written_is_refused_before_anything_trains(self):
        self.write("tiny.yaml", TINY)
        os.mkdir(self.path("locked"))
        os.chmod(self.path("locked"), 0o555)
        run = self.drawlab("run", "tiny.yaml", "--db", "locked/drawlab.sqlite", code=4, before=UNPRIVILEGED)
        self.assertIn("locked", self.only_error(run))
        self.assertEqual(os.listdir(self.path("locked")), [])


class FullDisk(ProgramTest):
    def setUp(self):
        super().setUp()
        self.disk = self.path("disk")
        os.mkdir(self.disk)
        if not self.mount("size=256k"):
            self.skipTest("a small tmpfs cannot be mounted here: it needs root")
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.disk], check=False)

    def mount(self, options):
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", self.disk]
        return os.geteuid() == 0 and subprocess.run(command, check=False, capture_output=True).returncode == 0

    def fill(self):
        with open(os.path.join(self.disk, "ballast"), "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                pass

    def test_that_is_full_from_the_start_is_said_in_one_sentence(self):
        self.write("tiny.yaml", TINY)
        self.fill()
        run = self.drawlab("run", "tiny.yaml", "--db", "disk/drawlab.sqlite", code=4)
        self.assertIn("drawlab.sqlite", self.only_error(run))

    def test_that_fills_up_fails_cells_and_the_same_command_finishes_when_there_is_room(self):
        subprocess.run(["mount", "-o", "remount,size=700k", self.disk], check=True)
        self.write("long.yaml", LONG.replace("epochs: 2", "epochs: 1"))
        arguments = ("run", "long.yaml", "--db", "disk/drawlab.sqlite")
        run = self.start(*arguments)
        _, err = run.communicate(timeout=120)
        self.assertIn(run.returncode, (1, 4), err)
        self.assertRegex(err, "(?i)no space left|disk is full|full disk")
        subprocess.run(["mount", "-o", "remount,size=64m", self.disk], check=True)
        self.drawlab(*arguments)
        self.assertEqual(self.statuses(database="disk/drawlab.sqlite"), ["done"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
