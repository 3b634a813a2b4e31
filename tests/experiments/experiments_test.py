"""Every experiment that is shipped or shown is valid, with or without data on the machine."""

import glob
import os
import re
import sys

SOURCE = os.environ["DRAWLAB_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "tests", "runner"))

from program import ProgramTest, main  # pylint: disable=wrong-import-position


class Experiments(ProgramTest):
    def test_every_file_expands_and_passes_all_checks(self):
        files = sorted(glob.glob(os.path.join(SOURCE, "experiments", "*.yaml")))
        self.assertGreaterEqual(len(files), 3)
        for file in files:
            with self.subTest(file=file):
                dry = self.drawlab("run", file, "--dry-run")
                name = os.path.splitext(os.path.basename(file))[0]
                self.assertIn(name, dry.out, "the experiment bears its file's name")

    def test_every_file_is_in_the_readme(self):
        with open(os.path.join(SOURCE, "experiments", "README.md"), encoding="utf-8") as file:
            readme = file.read()
        for path in glob.glob(os.path.join(SOURCE, "experiments", "*.yaml")):
            self.assertIn(os.path.basename(path), readme)

    def test_the_experiments_of_the_documentation_are_valid(self):
        with open(os.path.join(SOURCE, "docs", "experiment-file.md"), encoding="utf-8") as file:
            shown = re.findall(r"```yaml\n(experiment: .*?)```", file.read(), re.S)
        self.assertGreaterEqual(len(shown), 1)
        for number, text in enumerate(shown):
            self.write(f"shown_{number}.yaml", text)
            self.drawlab("run", f"shown_{number}.yaml", "--dry-run")

    def test_the_quick_ones_train_without_files(self):
        quick = sorted(glob.glob(os.path.join(SOURCE, "experiments", "quick_*.yaml")))
        self.assertGreaterEqual(len(quick), 4)
        self.drawlab("run", *quick, *(word for setting in ("epochs=1", "limit_train=256", "limit_validation=64",
                                                           "limit_test=64", "samples=4")
                                      for word in ("--set", f"training.{setting}")))
        self.assertEqual(set(self.statuses()), {"done"})
        self.assertEqual(len(self.statuses()), 4 + len(quick) - 1)
        named = "SELECT count(*) FROM metric JOIN run ON run.id = run WHERE dataset = ? AND name = 'nll_per_dimension'"
        self.assertEqual(self.query(named, "house_numbers"), [(3,)])
        self.assertEqual(self.query(named, "digits"), [(0,)])


if __name__ == "__main__":
    main()
