"""What becomes of a grid when one of its plugins misbehaves: one clear sentence, and the other cells go on."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "runner"))

from program import TINY, ProgramTest, main  # pylint: disable=wrong-import-position

PLANTED = os.environ["DRAWLAB_PLANTED"]


class Training(ProgramTest):
    def run_with(self, *reads, code):
        grid = TINY.split("    grid:")[0] + f"      write: global\n    grid:\n      read: [{', '.join(reads)}]\n"
        self.write("grid.yaml", grid)
        return self.drawlab("run", "grid.yaml", "--plugin-path", PLANTED, code=code)

    def errors(self):
        return dict(self.query("SELECT run.\"read\", coalesce(run.error, '') FROM run"))

    def test_a_mode_that_ends_the_process_is_one_failed_row(self):
        self.run_with("global", "aborting", "sound", code=1)
        self.assertEqual(self.statuses(), ["done", "failed", "done"])
        self.assertIn("signal 6", self.errors()["aborting"])

    def test_an_operation_called_with_wrong_shapes_is_one_failed_row_with_its_sentence(self):
        self.run_with("wrong_shapes", "global", code=1)
        self.assertEqual(self.statuses(), ["failed", "done"])
        self.assertRegex(self.errors()["wrong_shapes"], r"mul: shapes \[\d+, 1568\] and \[\d+, 2\]")

    def test_a_result_that_is_not_finite_ends_the_run_as_diverged(self):
        self.run_with("not_finite", "global", code=1)
        self.assertEqual(self.statuses(), ["diverged", "done"])
        self.assertIn("not finite", self.errors()["not_finite"])

    def test_a_mode_that_cannot_be_made_is_refused_before_anything_trains(self):
        run = self.run_with("global", "throwing_factory", code=2)
        self.assertRegex(self.only_error(run), r"grid\.yaml:\d+:\d+: read: throwing_factory: .*index 9 of 3")
        self.assertFalse(os.path.exists(self.path("results")))

    def test_a_plugin_of_the_wrong_kind_is_refused_before_anything_trains(self):
        run = self.run_with("global", "digits", code=6)
        self.assertIn("'digits' is a dataset plugin, need a read/write plugin", run.err)
        self.assertFalse(os.path.exists(self.path("results")))

    def test_a_half_that_is_not_there_is_refused_before_anything_trains(self):
        self.write("grid.yaml", TINY.replace("write: [global, {gaussian: {size: 3}}]", "write: [foveated]"))
        run = self.drawlab("run", "grid.yaml", code=2)
        self.assertRegex(run.err, r"grid\.yaml:\d+:\d+: write: .*foveated")


if __name__ == "__main__":
    main()
