"""An installed drawlab in a folder of its own, and a shell in which source and build tree cannot be reached."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

SOURCE = os.environ["DRAWLAB_SOURCE"]
BUILD = os.environ["DRAWLAB_BUILD"]
CMAKE = os.environ.get("CMAKE", "cmake")

# Lays empty folders over both trees, for the commands that follow and nobody else.
HIDE = 'mount -t tmpfs none "$1" && { [ ! -d "$2" ] || mount -t tmpfs none "$2"; } && shift 2 && exec "$@"'


def can_hide():
    """Whether this machine lets a process have mounts of its own."""
    return subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


class InstalledTest(unittest.TestCase):
    """Installs once for a class; each test gets a home and a working folder of its own."""

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="drawlab-sdk-")
        cls.addClassCleanup(shutil.rmtree, cls.place, ignore_errors=True)
        cls.prefix = os.path.join(cls.place, "moved")
        cls.install()
        cls.hidden = can_hide()

    @classmethod
    def install(cls):
        """Into one folder, then moved to another: nothing may remember the first."""
        first = os.path.join(cls.place, "first")
        subprocess.run([CMAKE, "--install", BUILD, "--prefix", first], check=True, stdout=subprocess.DEVNULL)
        os.rename(first, cls.prefix)

    def setUp(self):
        self.folder = tempfile.mkdtemp(dir=self.place)
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("DRAWLAB_", "XDG_", "CMAKE", "CTEST", "CCACHE"))}
        self.environment["HOME"] = os.path.join(self.folder, "home")
        self.environment["PATH"] = os.path.join(self.prefix, "bin") + ":" + os.environ["PATH"]
        os.mkdir(self.environment["HOME"])

    def shell(self, script, code=0, **environment):
        """Runs a script in the test's folder, with both trees hidden where that is possible."""
        command = ["bash", "-euo", "pipefail", "-c", script]
        if self.hidden:
            command = ["unshare", "--mount", "sh", "-c", HIDE, "hide", SOURCE, BUILD, *command]
        finished = subprocess.run(command, cwd=self.folder, env={**self.environment, **environment}, check=False,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=500)
        self.assertEqual(finished.returncode, code, f"{script}\n{finished.stdout}\n{finished.stderr}")
        return finished

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def leaderboard(self, *folder):
        """(read, write, dataset, status) of every run on record."""
        connection = sqlite3.connect(self.path(*folder, "results", "drawlab.sqlite"))
        try:
            return connection.execute('SELECT "read", "write", dataset, status FROM leaderboard ORDER BY run').fetchall()
        finally:
            connection.close()
