"""What update_sdk_hash takes for a change of the SDK, and what it says then."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parent / "update_sdk_hash"


class SdkHash(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.headers = pathlib.Path(self.folder.name)
        self.write("version.hpp", "inline constexpr std::uint32_t kPluginAbi = 4;")
        self.write("mode.hpp", 'struct Mode {\n  int size = 2;\n  const char* mark = "// no comment";\n};\n')
        self.assertEqual(self.run_script().returncode, 0)
        self.assertEqual(self.run_script("--check").returncode, 0)

    def write(self, name, text):
        (self.headers / name).write_text(text)

    def run_script(self, *flags):
        return subprocess.run([sys.executable, SCRIPT, "--headers", self.headers, "--record",
                               self.headers / "sdk_abi.txt", *flags], capture_output=True, text=True)

    def test_comments_and_blank_space_do_not_count(self):
        self.write("mode.hpp", '/// A mode.\nstruct Mode{ int size=2; /* N */\n\nconst char *mark = "// no comment"; };')
        self.assertEqual(self.run_script("--check").returncode, 0)

    def test_words_that_grow_together_count(self):
        self.write("mode.hpp", 'struct Mode {\n  intsize = 2;\n  const char* mark = "// no comment";\n};\n')
        self.assertEqual(self.run_script("--check").returncode, 1)

    def test_text_that_looks_like_a_comment_counts(self):
        self.write("mode.hpp", 'struct Mode {\n  int size = 2;\n  const char* mark = "// another";\n};\n')
        self.assertEqual(self.run_script("--check").returncode, 1)

    def test_a_change_without_a_new_number_is_refused_and_says_what_to_do(self):
        self.write("mode.hpp", "struct Mode { long size = 2; };")
        for flags in ((), ("--check",)):
            result = self.run_script(*flags)
            self.assertEqual(result.returncode, 1)
            self.assertIn("while kPluginAbi is still 4: raise it in core/include/drawlab/version.hpp", result.stderr)
        self.assertEqual(self.run_script("--same-abi").returncode, 0)
        self.assertEqual(self.run_script("--check").returncode, 0)

    def test_a_new_number_is_recorded_with_the_new_hash(self):
        self.write("mode.hpp", "struct Mode { long size = 2; };")
        self.write("version.hpp", "inline constexpr std::uint32_t kPluginAbi = 5;")
        result = self.run_script("--check")
        self.assertEqual(result.returncode, 1)
        self.assertIn("run tests/host/update_sdk_hash", result.stderr)
        self.assertEqual(self.run_script().returncode, 0)
        self.assertEqual(self.run_script("--check").returncode, 0)
        self.assertTrue((self.headers / "sdk_abi.txt").read_text().startswith("5 "))


if __name__ == "__main__":
    unittest.main()
