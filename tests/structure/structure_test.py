"""Holds the shape of the source tree. DRAWLAB_SOURCE names its root."""

import os
import pathlib
import shutil
import tempfile
import unittest

import arrows
import sizes
import sources

ROOT = pathlib.Path(os.environ.get("DRAWLAB_SOURCE", pathlib.Path(__file__).resolve().parents[2]))

PLANTS = (
    ("core/src/kernels/noise.hpp", '"drawlab/parameters.hpp"'),
    ("core/model/draw_model.cpp", '"kernels/elementwise.hpp"'),
    ("core/training/evaluation.cpp", '"kernels/elementwise.hpp"'),
    ("core/conformance/learning.cpp", '"training/trainer.hpp"'),
    ("core/system/sha256.cpp", '"drawlab/config.hpp"'),
    ("plugins/read_write/global/global.cpp", '"../gaussian/window.hpp"'),
    ("plugins/datasets/digits/pen.cpp", '"system/sha256.hpp"'),
    ("results/query.cpp", '"training/trainer.hpp"'),
    ("runner/data/fetch.cpp", '"runner/experiment/plan.hpp"'),
    ("core/training/trainer.cpp", "<dnnl.hpp>"),
    ("runner/commands/show.cpp", "<sqlite3.h>"),
    ("runner/commands/show.cpp", "<boost/program_options.hpp>"),
)


class Arrows(unittest.TestCase):
    def test_every_include_follows_an_arrow(self):
        self.assertEqual(list(arrows.violations(ROOT)), [])


class Plants(unittest.TestCase):
    def test_each_planted_include_is_named_with_its_file_and_line(self):
        with tempfile.TemporaryDirectory() as folder:
            tree = pathlib.Path(folder)
            for name in sources.FOLDERS:
                shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("*.sqlite", "reference"))
            before = set(arrows.violations(tree))
            for name, include in PLANTS:
                with self.subTest(file=name, include=include):
                    file = tree / name
                    text = file.read_text(encoding="utf-8")
                    planted = text.rstrip("\n") + f"\n#include {include}\n"
                    file.write_text(planted, encoding="utf-8")
                    found = set(arrows.violations(tree)) - before
                    file.write_text(text, encoding="utf-8")
                    self.assertEqual([problem.split(": ")[0] for problem in found],
                                     [f"{name}:{planted.count(chr(10))}"])

    def test_a_header_that_nothing_includes_and_a_source_without_one_are_named(self):
        with tempfile.TemporaryDirectory() as folder:
            tree = pathlib.Path(folder)
            (tree / "core" / "host").mkdir(parents=True)
            (tree / "core" / "host" / "lonely.hpp").write_text("#pragma once\n")
            (tree / "core" / "host" / "bare.cpp").write_text("namespace drawlab {}\n")
            self.assertEqual([problem.split(":")[0] for problem in arrows.violations(tree)],
                             ["core/host/lonely.hpp", "core/host/bare.cpp"])


class Sizes(unittest.TestCase):
    def test_files_and_functions_are_short_and_every_file_has_its_line(self):
        self.assertEqual(list(sizes.violations(ROOT)), [])

    def test_functions_are_measured_from_their_head_to_their_closing_brace(self):
        text = """namespace n {
const int kTable[] = {1, 2};
struct S : Base<int()> {
  S() : a_{1},
        b_(2) {
    const char* s = "{";  // {
  }
  int a() const { return a_; }
  int a_;
};
template <class T>
auto f(T t) -> int {
  const auto g = [&] {
    return '}';
  };
  return g();
}
}
"""
        self.assertEqual(list(sizes.functions(text)), [(4, 4), (8, 1), (11, 7)])


if __name__ == "__main__":
    unittest.main()
