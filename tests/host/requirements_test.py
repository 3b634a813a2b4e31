"""The compiler says in one sentence what a plugin's class lacks."""
import os
import pathlib
import shlex
import subprocess
import tempfile
import unittest

HEADERS = pathlib.Path(__file__).resolve().parents[2] / "core/include"
COMPILER = shlex.split(os.environ.get("CXX", "c++"))

READ = """
struct Read final : drawlab::ReadMode {{
  {options}
  {constructor}
  std::int64_t patch_size() const override {{ return 1; }}
  {read}
}};
DRAWLAB_PLUGIN(drawlab::describe_read_write<Read, void>({{"mode", "1.0.0", "a mode", "none"}}));
"""
WHOLE = {"options": "using Options = drawlab::NoOptions;",
         "constructor": "Read(const Options&, const drawlab::ReadSetup&) {}",
         "read": "drawlab::ReadResult read(std::span<const drawlab::Value> images, drawlab::Value) const override "
                 "{ return {images[0], {}}; }"}
DATA = """
struct Data final : drawlab::Dataset {{
  using Options = drawlab::NoOptions;
  {files}
  Data(const Options&, const drawlab::DatasetContext&) {{}}
  const drawlab::DatasetInfo& info() const override {{ return info_; }}
  void fill(drawlab::Split, std::span<const std::int64_t>, std::uint64_t, std::span<float>,
            std::span<std::int32_t>) const override {{}}
  drawlab::DatasetInfo info_;
}};
DRAWLAB_PLUGIN(drawlab::describe_dataset<Data>({{"data", "1.0.0", "a dataset", "none"}}));
"""


def errors_of(source):
    """The compiler's errors, a line each."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "plugin.cpp"
        file.write_text('#include "drawlab/plugin.hpp"\n' + source, encoding="utf-8")
        result = subprocess.run([*COMPILER, "-std=c++20", "-fsyntax-only", f"-I{HEADERS}", file], capture_output=True,
                                text=True, env={**os.environ, "LC_ALL": "C"}, check=False)
    return [line for line in result.stderr.splitlines() if "error:" in line]


class Requirements(unittest.TestCase):
    def expect(self, source, sentence):
        errors = errors_of(source)
        self.assertEqual(len(errors), 1, errors)
        self.assertIn(sentence, errors[0])

    def expect_of_mode(self, sentence, **changed):
        self.expect(READ.format(**{**WHOLE, **changed}), sentence)

    def test_nothing_is_said_of_what_is_whole(self):
        self.assertEqual(errors_of(READ.format(**WHOLE)), [])
        self.assertEqual(errors_of(DATA.format(files="static std::vector<drawlab::DatasetFile> files(const Options&) "
                                                     "{ return {}; }")), [])

    def test_missing_options(self):
        self.expect_of_mode("this class has no Options", options="struct Settings {};",
                            constructor="Read(const Settings&, const drawlab::ReadSetup&) {}")

    def test_options_without_declare(self):
        self.expect_of_mode("Options has no `void declare(drawlab::OptionTable& table)`",
                            options="struct Options { int size = 2; };")

    def test_missing_constructor(self):
        self.expect_of_mode("this class has no public constructor (const Options&, const Setup&)",
                            constructor="Read(const drawlab::ReadSetup&) {}")

    def test_missing_read(self):
        self.expect_of_mode("this class does not override all of: `std::int64_t patch_size() const` and `ReadResult read(", read="")

    def test_a_class_that_is_no_mode(self):
        self.expect("struct Read {}; DRAWLAB_PLUGIN(drawlab::describe_read_write<void, Read>({\"a\", \"1\", \"b\", \"c\"}));",
                    "this class does not derive from drawlab::ReadMode, WriteMode or Dataset")

    def test_a_dataset_without_files(self):
        self.expect(DATA.format(files=""), "this dataset has no `static std::vector<DatasetFile> files(const Options&)`")


if __name__ == "__main__":
    unittest.main()
