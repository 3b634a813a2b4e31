"""Runners and cells that are stopped and killed, and what the same command makes of it."""

import os
import signal
import time

from program import LONG, TINY, ProgramTest, main

QUICK_AND_LONG = LONG.replace("experiment: long", "experiment: both") + """
    zip:
      seed: [1, 2]
      training.limit_train: [64, 6000]
"""


class Kill(ProgramTest):
    references = {}

    def reference(self, name):
        """The numbers of a grid that nobody disturbed; trained once for all tests."""
        if name not in self.references:
            self.drawlab("run", name, "--db", "reference/drawlab.sqlite", "--progress", "none")
            self.references[name] = self.metrics(database="reference/drawlab.sqlite")
        return self.references[name]

    def wait_for_no_cells(self):
        self.wait_for("the cells to end", lambda: not self.cell_processes())

    def assert_finished_like(self, reference):
        self.assertEqual(set(self.statuses()), {"done"})
        self.assertEqual(self.metrics(), reference)
        self.assertEqual(self.query("SELECT count(*), count(DISTINCT identity) FROM run"),
                         [(len(self.statuses()),) * 2])

    def test_kill_9_of_the_runner_leaves_no_orphans_and_the_same_command_continues(self):
        self.write("both.yaml", QUICK_AND_LONG)
        reference = self.reference("both.yaml")
        runner = self.start("run", "both.yaml")
        self.wait_for_checkpoint(2)
        self.wait_for("the short cell", lambda: self.statuses()[0] == "done")
        runner.kill()
        runner.communicate()
        self.wait_for_no_cells()
        self.assertEqual(self.statuses(), ["done", "interrupted"])
        again = self.drawlab("run", "both.yaml")
        self.assertIn("1 of 2 cells are done already", again.err)
        self.assertIn("continues on", again.err)
        self.assert_finished_like(reference)
        self.assertEqual(self.query("SELECT run, count(*) FROM session GROUP BY run"), [(1, 1), (2, 2)])

    def test_kill_9_of_everything_at_once_continues_without_waiting(self):
        self.write("long.yaml", LONG)
        reference = self.reference("long.yaml")
        runner = self.start("run", "long.yaml")
        self.wait_for_checkpoint()
        # The runner must not live to see its cell die.
        runner.send_signal(signal.SIGSTOP)
        for cell in self.cell_processes():
            os.kill(cell, signal.SIGKILL)
        runner.kill()
        runner.communicate()
        self.assertEqual(self.query("SELECT status FROM run"), [("running",)])
        self.wait_for("the lease to lapse", lambda: self.statuses() == ["interrupted"])
        again = self.drawlab("run", "long.yaml")
        self.assertIn("continues on", again.err)
        self.assert_finished_like(reference)

    def test_kill_9_of_a_cell_is_one_failed_row_and_the_same_command_continues_it(self):
        self.write("both.yaml", QUICK_AND_LONG)
        reference = self.reference("both.yaml")
        runner = self.start("run", "both.yaml")
        self.wait_for_checkpoint(2)
        self.wait_for("the short cell", lambda: self.statuses()[0] == "done")
        cell, = self.wait_for("one cell alone", lambda: (lambda found: len(found) == 1 and found)(self.cell_processes()))
        os.kill(cell, signal.SIGKILL)
        _, err = runner.communicate(timeout=60)
        self.assertEqual(runner.returncode, 1, err)
        self.assertEqual(self.statuses(), ["done", "failed"])
        self.assertEqual(self.query("SELECT error FROM run WHERE id = 2"), [(
            "its process was killed by signal 9 (SIGKILL, Killed); someone did so, or the system ran out of memory",)])
        again = self.drawlab("run", "both.yaml")
        self.assertIn("continues on", again.err)
        self.assert_finished_like(reference)

    def test_a_crash_of_a_cell_names_its_signal(self):
        self.write("long.yaml", LONG)
        runner = self.start("run", "long.yaml")
        self.wait_for_checkpoint()
        os.kill(self.cell_processes()[0], signal.SIGSEGV)
        runner.communicate(timeout=60)
        self.assertEqual(runner.returncode, 1)
        (error,), = self.query("SELECT error FROM failures")
        self.assertIn("its process was killed by signal 11 (SIGSEGV, Segmentation fault)", error)

    def test_control_c_checkpoints_and_the_same_command_continues(self):
        self.write("long.yaml", LONG)
        reference = self.reference("long.yaml")
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            runner = self.start("run", "long.yaml")
            self.wait_for("the cell", lambda: os.path.exists(self.path("results/drawlab.sqlite")) and self.query(
                "SELECT 1 FROM sqlite_master WHERE name = 'session'") and self.query(
                    "SELECT 1 FROM session WHERE ended IS NULL"))
            time.sleep(0.3)
            runner.send_signal(number)
            out, err = runner.communicate(timeout=60)
            self.assertEqual(runner.returncode, code, err)
            self.assertIn("stopped; the same command continues it", err)
            self.assertIn("interrupted", out)
            self.assertEqual(self.statuses(), ["interrupted"])
        again = self.drawlab("run", "long.yaml")
        self.assertIn("continues on", again.err)
        self.assert_finished_like(reference)

    def test_a_second_control_c_kills_a_cell_that_does_not_stop(self):
        self.write("long.yaml", LONG)
        runner = self.start("run", "long.yaml")
        self.wait_for_checkpoint()
        os.kill(self.cell_processes()[0], signal.SIGSTOP)
        runner.send_signal(signal.SIGINT)
        time.sleep(0.5)
        self.assertIsNone(runner.poll())
        runner.send_signal(signal.SIGINT)
        runner.communicate(timeout=60)
        self.assertEqual(runner.returncode, 130)
        self.assertEqual(self.cell_processes(), [])
        self.assertEqual(self.statuses(), ["interrupted"])

    def test_two_runners_at_once_never_train_the_same_cell(self):
        self.write("tiny.yaml", TINY.replace("epochs: 2", "epochs: 6"))
        runners = [self.start("run", "tiny.yaml", "--jobs", "2") for _ in range(2)]
        for runner in runners:
            _, err = runner.communicate(timeout=120)
            self.assertEqual(runner.returncode, 0, err)
        self.assertEqual(self.statuses(), ["done"] * 4)
        self.assertEqual(self.query("SELECT run, count(*) FROM session GROUP BY run"), [(1, 1), (2, 1), (3, 1), (4, 1)])

    def test_a_live_runners_cell_is_left_to_it(self):
        self.write("long.yaml", LONG)
        first = self.start("run", "long.yaml")
        self.wait_for_checkpoint()
        second = self.drawlab("run", "long.yaml")
        self.assertIn("is being trained by another process", second.err)
        self.assertIn("running", second.out)
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=60)

    def test_another_builds_cell_is_continued_only_where_that_is_asked_for(self):
        self.write("long.yaml", LONG)
        reference = self.reference("long.yaml")
        runner = self.start("run", "long.yaml")
        self.wait_for_checkpoint()
        runner.send_signal(signal.SIGTERM)
        runner.communicate(timeout=60)
        rebuilt = ("--plugin-path", self.rebuild_global(), "--progress", "none")
        said = self.drawlab("run", "long.yaml", *rebuilt, "--dry-run").err
        self.assertRegex(said, r"run 1 was begun by another build \(drawlab \S+, \d epochs so far\); --adopt continues it")
        self.drawlab("run", "long.yaml", *rebuilt, "--adopt")
        self.assertEqual(self.query("SELECT id, status FROM run"), [(1, "done")])
        self.assertEqual([row[1:] for row in self.metrics()], [row[1:] for row in reference])
        self.assertNotEqual(self.metrics()[0][0], reference[0][0])
        (text,), = self.query("SELECT text FROM event WHERE name = 'adopted'")
        self.assertIn(reference[0][0], text)
        self.drawlab("run", "long.yaml", "--progress", "none", "--adopt")  # a finished one is never taken over
        self.assertEqual(self.query("SELECT count(*) FROM run"), [(2,)])

    def test_a_damaged_or_lost_checkpoint_is_said_and_the_cell_starts_over(self):
        self.write("long.yaml", LONG)
        reference = self.reference("long.yaml")
        for harm, word in ((lambda path: os.truncate(path, os.path.getsize(path) // 2), "damaged"), (os.remove, "lost")):
            runner = self.start("run", "long.yaml")
            self.wait_for_checkpoint()
            runner.send_signal(signal.SIGTERM)
            runner.communicate(timeout=60)
            harm(self.path("results", self.query("SELECT path FROM artifact")[0][0]))
            again = self.start("run", "long.yaml")
            said = again.stderr.readline()
            while said and "starting from the beginning" not in said:
                said = again.stderr.readline()
            self.assertRegex(said, f"the checkpoint .* is {word}")
            again.send_signal(signal.SIGTERM)
            again.communicate(timeout=60)
            self.assertTrue(os.path.exists(self.path("results", self.query("SELECT path FROM artifact")[0][0])))
        self.drawlab("run", "long.yaml")
        self.assert_finished_like(reference)
        self.assertEqual(self.query("SELECT name FROM event WHERE name <> 'command'"), [("restarted",)] * 2)


if __name__ == "__main__":
    main()
