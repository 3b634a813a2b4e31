"""An installation is whole, can be moved, and is all that a plugin author needs."""

import glob
import os
import re
import shutil
import subprocess
import unittest

from installed import SOURCE, InstalledTest

# The steps from nothing to a result, as a newcomer types them.
STEPS = """
drawlab new read_write my_window
cd my_window
cmake -B build
cmake --build build
ctest --test-dir build --output-on-failure
drawlab plugins check build/libdrawlab_my_window.so
drawlab run experiment.yaml --plugin-path build --set training.epochs=1 --set training.limit_train=512
"""


class Installation(InstalledTest):
    def test_the_source_tree_is_out_of_reach(self):
        if not self.hidden:
            self.skipTest("mounts of one's own need root here")
        self.assertEqual(self.shell(f'ls -A "{SOURCE}"').stdout, "")

    def test_program_libraries_plugins_headers_package_experiments_and_pages_are_there(self):
        for name in ("bin/drawlab", "lib*/libdrawlab_core.so", "lib*/drawlab/plugins/libdrawlab_gaussian.so",
                     "lib*/drawlab/plugins/libdrawlab_digits.so", "include/drawlab/plugin.hpp",
                     "lib*/cmake/drawlab/drawlab-config.cmake", "lib*/cmake/drawlab/drawlab-config-version.cmake",
                     "lib*/cmake/drawlab/drawlab_add_plugin.cmake", "share/drawlab/experiments/attention_ablation.yaml",
                     "share/man/man1/drawlab.1", "share/bash-completion/completions/drawlab",
                     "share/doc/drawlab/docs/write-a-plugin.md", "share/doc/drawlab/copyright"):
            with self.subTest(name=name):
                self.assertEqual(len(glob.glob(os.path.join(self.prefix, name))), 1)

    def test_plugins_are_found_beside_the_program(self):
        listing = self.shell("drawlab plugins list --format tsv").stdout.splitlines()[1:]
        self.assertGreater(len(listing), 5)
        for line in listing:
            self.assertTrue(line.split("\t")[-1].startswith(self.prefix + os.sep), line)

    def test_an_installed_experiment_is_valid(self):
        self.shell(f'drawlab run "{self.prefix}/share/drawlab/experiments/quick_digits.yaml" --dry-run')

    def test_a_new_mode_is_built_checked_and_run_beside_gaussian_in_under_ten_commands(self):
        self.assertLess(len(STEPS.strip().splitlines()), 10)
        done = self.shell(STEPS)
        self.assertRegex(done.stdout, r"my_window\.check \.+ +Passed")
        self.assertRegex(done.stdout, r"my_window\.experiment \.+ +Passed")
        self.assertRegex(done.stdout, r"\d+ checks: \d+ passed, 0 failed")
        self.assertEqual(self.leaderboard("my_window"), [
            ("global", "global", "digits", "done"),
            ("gaussian", "gaussian", "digits", "done"),
            ("my_window", "my_window", "digits", "done")])

        # What was built is found by the variable too, and once installed by itself.
        dry = "cd my_window && drawlab run experiment.yaml --dry-run"
        self.assertIn("unknown plugin 'my_window'", self.shell(dry, code=2).stderr)
        self.shell(dry, DRAWLAB_PLUGIN_PATH="build")
        self.shell("cd my_window && cmake --install build && mv build elsewhere")
        self.assertTrue(os.path.exists(self.path("home/.local/share/drawlab/plugins/libdrawlab_my_window.so")))
        self.shell(dry)

    def test_a_new_dataset_is_built_checked_and_trained_on(self):
        done = self.shell(STEPS.replace("read_write", "dataset").replace("my_window", "my_spots"))
        self.assertRegex(done.stdout, r"my_spots\.check \.+ +Passed")
        self.assertEqual([row[2:] for row in self.leaderboard("my_spots")], [("my_spots", "done")] * 2)

    def test_names_of_the_language_and_of_the_sdk_make_plugins_too(self):
        for kind, name in (("dataset", "dataset"), ("read_write", "class")):
            self.shell(f"drawlab new {kind} {name} && cd {name} && cmake -B build && cmake --build build && "
                       "ctest --test-dir build -R check")

    def test_a_generator_of_many_configurations_puts_the_library_into_the_same_place(self):
        if not shutil.which("ninja"):
            self.skipTest("there is no ninja on this machine")
        self.shell("drawlab new dataset my_spots && cd my_spots && cmake -G 'Ninja Multi-Config' -B build && "
                   "cmake --build build --config Release && test -f build/libdrawlab_my_spots.so && "
                   "ctest --test-dir build -C Release -R check")

    def test_a_mistake_in_a_plugin_fails_its_tests(self):
        self.shell("drawlab new read_write my_window")
        source = self.path("my_window/my_window.cpp")
        with open(source, encoding="utf-8") as file:
            text = file.read()
        with open(source, "w", encoding="utf-8") as file:
            file.write(text.replace("size_(options.size)", "size_(5)"))
        failed = self.shell("cd my_window && cmake -B build && cmake --build build && "
                            "ctest --test-dir build --output-on-failure", code=8)
        self.assertIn("size: 6 changes nothing", failed.stdout)

    def test_new_refuses_what_would_not_work_and_touches_nothing(self):
        self.shell("mkdir full && touch full/mine")
        for words, said in (("read_write gaussian", "there is a plugin 'gaussian' already"),
                            ("read_write Spiral", "'Spiral' is no plugin's name"),
                            ("read_write 2d", "'2d' is no plugin's name"),
                            ("read_write ../up", "'../up' is no plugin's name"),
                            ("read_write null", "'null' is no plugin's name"),
                            ("dataset true", "'true' is no plugin's name"),
                            ("read_wriet spiral", "did you mean 'read_write'?"),
                            ("dataset", "the name of the new plugin"),
                            ("dataset spiral full", "full: exists and is not empty")):
            with self.subTest(words=words):
                self.assertIn(said, self.shell(f"drawlab new {words}", code=2).stderr)
        self.assertEqual(sorted(os.listdir(self.folder)), ["full", "home"])
        self.assertEqual(os.listdir(self.path("full")), ["mine"])
        self.shell("drawlab new dataset spiral some/where/else && test -f some/where/else/spiral.cpp")

    def test_another_compiler_builds_plugins_for_it_too(self):
        compilers = [name for name in ("clang++", "clang++-14", "clang++-16") if shutil.which(name)]
        if not compilers:
            self.skipTest("there is no clang++ on this machine")
        self.shell("drawlab new read_write my_window && cd my_window && cmake -B build && cmake --build build && "
                   "ctest --test-dir build -R check", CXX=compilers[0])

    def test_a_plugin_of_another_abi_is_refused(self):
        self.shell("drawlab new read_write my_window && cd my_window && cmake -B build && cmake --build build")
        library = self.path("my_window/build/libdrawlab_my_window.so")
        with open(library, "rb") as file:
            content = file.read()
        magic = b"!drawlab"
        self.assertEqual(content.count(magic), 1)
        at = content.index(magic) + len(magic)
        with open(library, "wb") as file:
            file.write(content[:at] + (77).to_bytes(4, "little") + content[at + 4:])
        refused = self.shell(f'drawlab plugins check "{library}"', code=6).stderr
        self.assertRegex(refused, r"built for plugin ABI 77, need \d+; it is newer than this drawlab")


class Requirements(InstalledTest):
    def test_find_package_refuses_a_version_that_is_not_there(self):
        self.shell("drawlab new dataset my_spots")
        path = self.path("my_spots/CMakeLists.txt")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("find_package(drawlab REQUIRED)", "find_package(drawlab 99 REQUIRED)"))
        failed = self.shell("cd my_spots && cmake -B build", code=1).stderr
        self.assertTrue(re.search(r'compatible\s+with\s+requested\s+version\s+"99"', failed), failed)

    def test_the_program_needs_no_library_of_the_build_tree(self):
        program = os.path.join(self.prefix, "bin/drawlab")
        needed = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
        self.assertNotIn("not found", needed)
        self.assertNotIn(SOURCE, needed)
        self.assertIn(os.path.join(self.prefix, "lib"), os.path.realpath(needed.split("libdrawlab_core.so => ")[1].split()[0]))


if __name__ == "__main__":
    unittest.main(verbosity=2)
