"""Drives the built `drawlab` program in a folder of its own; the scripts beside this one say what must come of it."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

DRAWLAB = os.environ.get("DRAWLAB", "drawlab")

# A cell of this takes a fraction of a second.
TINY = """
    experiment: tiny
    base:
      dataset: digits
      model: {glimpses: 2, hidden: 8, latent: 4}
      training: {epochs: 2, batch: 32, kl_warmup: 1, limit_train: 256, limit_validation: 64, limit_test: 64, samples: 4}
    grid:
      read: [global, {gaussian: {size: 2}}]
      write: [global, {gaussian: {size: 3}}]
"""

# A cell of this trains for a few seconds, with a checkpoint every few steps.
LONG = """
    experiment: long
    base:
      dataset: digits
      read: global
      write: global
      model: {glimpses: 4, hidden: 32, latent: 8}
      training: {epochs: 2, batch: 32, limit_train: 6000, limit_validation: 64, limit_test: 64, samples: 4,
                 checkpoint_seconds: 0.1}
"""


class ProgramTest(unittest.TestCase):
    """Each test gets an empty folder and a clean environment."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="drawlab-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("DRAWLAB_", "XDG_")) and name != "NO_COLOR"}
        self.environment["HOME"] = self.folder

    @classmethod
    @contextlib.contextmanager
    def beforehand(cls):
        """A test to do once, in a folder that goes again, what all tests of the class start from."""
        test = cls()
        test.setUp()
        try:
            yield test
        finally:
            test.doCleanups()

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(text).lstrip("\n"))
        return name

    def start(self, *arguments, before=(), **options):
        return subprocess.Popen([*before, DRAWLAB, *arguments], cwd=self.folder, env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def drawlab(self, *arguments, code=0, **options):
        """Runs to the end and checks the exit code."""
        process = self.start(*arguments, **options)
        process.out, process.err = process.communicate(timeout=240)
        self.assertEqual(process.returncode, code, f"drawlab {' '.join(arguments)}\n{process.out}\n{process.err}")
        return process

    def only_error(self, process):
        """The one sentence that it says beside the dataset."""
        lines = [line for line in process.err.splitlines() if not line.startswith("dataset: ")]
        self.assertEqual(len(lines), 1, process.err)
        return lines[0]

    def rebuild_global(self):
        """A folder with another build of the mode `global`, as far as anyone can tell who looks at its bytes."""
        os.mkdir(self.path("rebuilt"))
        library = os.path.join(os.path.dirname(DRAWLAB), "../lib/drawlab/plugins/libdrawlab_global.so")
        with open(library, "rb") as old, open(self.path("rebuilt/libdrawlab_global.so"), "wb") as new:
            new.write(old.read() + b"built once more")
        return "rebuilt"

    def query(self, sql, *values, database="results/drawlab.sqlite"):
        connection = sqlite3.connect(self.path(database), timeout=20)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def statuses(self, **options):
        return [row[0] for row in self.query("SELECT status FROM leaderboard ORDER BY run", **options)]

    def metrics(self, **options):
        """Every number on record, by what the run was."""
        return self.query("SELECT run.identity, split, name, epoch, value FROM metric JOIN run ON run.id = metric.run "
                          "ORDER BY 1, 2, 3, 4", **options)

    def wait_for(self, what, condition, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.02)
        self.fail(f"waited {seconds} s in vain for {what}")

    def wait_for_checkpoint(self, run=1):
        """Until the run has a checkpoint in mid-epoch on record."""
        def found():
            if not os.path.exists(self.path("results/drawlab.sqlite")):
                return None
            try:
                rows = self.query("SELECT step FROM artifact WHERE run = ?", run)
            except sqlite3.OperationalError:
                return None
            return rows and rows[0][0]
        return self.wait_for(f"a checkpoint of run {run}", found)

    def cell_processes(self):
        """The processes of cells that train in this test's folder."""
        found = []
        for name in os.listdir("/proc"):
            if not name.isdigit():
                continue
            try:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    words = file.read().split(b"\0")
                if len(words) > 1 and words[1] == b"cell" and os.readlink(f"/proc/{name}/cwd") == self.folder:
                    found.append(int(name))
            except OSError:
                pass
        return found


# Root passes over the permissions of files; this takes that privilege away from what follows it.
UNPRIVILEGED = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


def json_lines(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def main():
    unittest.main(verbosity=2)


__all__ = ["LONG", "TINY", "UNPRIVILEGED", "ProgramTest", "json_lines", "main"]
