"""The Debian package holds what an installation holds, names what it needs, and works where it is unpacked."""

import glob
import os
import shutil
import subprocess
import unittest

from installed import BUILD, InstalledTest


class Package(InstalledTest):
    @classmethod
    def install(cls):
        for tool in ("dpkg-deb", "dpkg-shlibdeps"):
            if shutil.which(tool) is None:
                raise unittest.SkipTest(f"{tool} is not on this machine (package dpkg-dev)")
        subprocess.run([os.environ.get("CPACK", "cpack"), "-B", cls.place], cwd=BUILD, check=True,
                       stdout=subprocess.DEVNULL)
        cls.package, = glob.glob(os.path.join(cls.place, "*.deb"))
        root = os.path.join(cls.place, "root")
        subprocess.run(["dpkg-deb", "--extract", cls.package, root], check=True)
        cls.prefix = os.path.join(root, "usr")

    def field(self, name):
        return subprocess.run(["dpkg-deb", "--field", self.package, name], check=True, capture_output=True,
                              text=True).stdout.strip()

    def test_it_names_itself_and_what_it_needs(self):
        self.assertRegex(os.path.basename(self.package), r"^drawlab_\d+\.\d+\.\d+_\w+\.deb$")
        self.assertEqual(self.field("Package"), "drawlab")
        for library in ("libc6", "libdnnl", "libtbb", "libyaml-cpp", "libsqlite3"):
            self.assertIn(library, self.field("Depends"))
        for tool in ("cmake", "g++"):
            self.assertIn(tool, self.field("Recommends"))

    def test_it_works_where_it_is_unpacked(self):
        self.assertIn("gaussian", self.shell("drawlab plugins list").stdout)
        self.shell("drawlab new read_write my_window && cd my_window && cmake -B build && cmake --build build && "
                   "ctest --test-dir build -R check")


if __name__ == "__main__":
    unittest.main(verbosity=2)
