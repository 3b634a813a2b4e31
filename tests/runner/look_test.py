"""What can be asked of a trained grid: bounds, tables, exports, animations, neighbours."""

import contextlib
import csv
import io
import os
import pty
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time

from program import DRAWLAB, TINY, ProgramTest, json_lines, main


class Look(ProgramTest):
    """All tests ask one grid; each gets a copy of it."""

    @classmethod
    def setUpClass(cls):
        cls.trained = tempfile.mkdtemp(prefix="drawlab-trained-")
        cls.addClassCleanup(shutil.rmtree, cls.trained, ignore_errors=True)
        with cls.beforehand() as test:
            test.write("tiny.yaml", TINY)
            test.drawlab("run", "tiny.yaml", "--set", "repeats=2")
            shutil.copytree(test.path("results"), os.path.join(cls.trained, "results"))

    def grid(self):
        shutil.copytree(os.path.join(self.trained, "results"), self.path("results"))

    def change(self, sql, *values):
        connection = sqlite3.connect(self.path("results/drawlab.sqlite"), timeout=20)
        with connection:
            connection.execute(sql, values)
        connection.close()

    def rows(self, *arguments):
        return json_lines(self.drawlab(*arguments, "--format", "jsonl").out)

    def content(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def test_evaluate_records_each_bound_as_what_it_is(self):
        self.grid()
        plain, weighted = self.rows("evaluate", "1", "--passes", "3", "--importance-samples", "40")
        self.assertEqual((plain["bound"], weighted["bound"]), ("plain", "importance"))
        self.assertLess(weighted["nll"], plain["nll"])
        self.assertGreater(plain["standard_error"], 0)
        self.assertTrue(1 <= weighted["effective_samples"] <= 40)
        recorded = self.query("SELECT kind, passes, importance_samples, nll, standard_error FROM evaluation ORDER BY id")
        self.assertEqual(recorded, [("plain", 3, 1, plain["nll"], plain["standard_error"]),
                                    ("importance", 3, 40, weighted["nll"], weighted["standard_error"])])
        self.assertEqual([row["nll"] for row in self.rows("query", "evaluations")], [plain["nll"], weighted["nll"]])
        self.assertIn("importance", self.drawlab("show", "1").out)
        self.rows("evaluate", "1", "--passes", "3", "--importance-samples", "40")
        self.assertEqual(len(self.query("SELECT 1 FROM evaluation")), 2)

    def test_evaluate_keeps_the_plain_bound_when_the_tighter_one_is_interrupted(self):
        self.grid()
        process = self.start("evaluate", "1", "--importance-samples", "5000", "--passes", "2", "--limit", "400")
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        self.wait_for("the plain bound", lambda: self.query("SELECT 1 FROM evaluation"))
        process.send_signal(signal.SIGINT)
        process.wait(60)
        self.assertEqual(self.query("SELECT kind FROM evaluation"), [("plain",)])

    def test_refuses_data_that_the_run_was_not_trained_on(self):
        self.grid()
        self.change("UPDATE dataset SET checksum = 'another'")
        for command in (["evaluate", "1"], ["neighbours", "1"], ["animate", "1", "-o", "a.gif", "--reconstructions"]):
            error = self.only_error(self.drawlab(*command, code=5))
            self.assertRegex(error, "run 1 was trained on digits with the checksum another .*; here digits has the checksum ")
        self.drawlab("sample", "1", "-o", "samples.png")
        self.drawlab("animate", "1", "-o", "a.gif", "--count", "2")

    def test_one_importance_sample_estimates_the_plain_bound(self):
        self.grid()
        plain, weighted = self.rows("evaluate", "1", "--passes", "60", "--importance-samples", "1")
        error = (plain["standard_error"] ** 2 + weighted["standard_error"] ** 2) ** 0.5
        self.assertLess(abs(plain["nll"] - weighted["nll"]), 4 * error)
        self.assertAlmostEqual(weighted["effective_samples"], 1)

    def test_evaluate_can_leave_the_record_alone(self):
        self.grid()
        self.drawlab("evaluate", "1", "--no-record", "--limit", "10", "--split", "train")
        self.assertEqual(self.query("SELECT * FROM evaluation"), [])
        self.assertIn("outside 1..5000", self.drawlab("evaluate", "1", "--importance-samples", "5001", code=2).err)
        self.assertIn("did you mean 'test'", self.drawlab("evaluate", "1", "--split", "tset", code=2).err)
        self.assertIn("no such database", self.drawlab("evaluate", "1", "--db", "other.sqlite", code=4).err)
        self.assertFalse(os.path.exists(self.path("other.sqlite")))

    def test_compare_pivots_any_metric_by_any_setting(self):
        self.grid()
        shown = self.drawlab("compare", "tiny", "--by", "read,write", "--format", "latex").out
        self.assertIn("write=gaussian", shown)
        self.assertEqual(shown.count("±"), 4)
        for row in self.rows("compare", "tiny", "--by", "read.gaussian.size", "--metric", "test_kl"):
            self.assertEqual((row["runs"], row["done"], row["metric"]), (4, 4, "test_kl"))
        self.assertIn("did you mean 'read'?", self.drawlab("compare", "tiny", "--by", "raed", code=2).err)
        self.assertIn("did you mean 'test_kl'?", self.drawlab("compare", "tiny", "--metric", "tst_kl", code=2).err)

    def test_compare_says_what_a_mean_is_over_beside_seeds(self):
        self.grid()
        alone = self.drawlab("compare", "tiny", "--by", "read,write")
        self.assertEqual(alone.err, "")
        mixed = self.drawlab("compare", "tiny", "--by", "read")
        self.assertEqual(mixed.err, "means and deviations are over runs that also differ in write; --by can tell them apart\n")

    def test_compare_names_the_kind_of_importance_bounds(self):
        self.grid()
        for run, limit, draws in ((1, 10, 2), (1, 20, 3), (2, 20, 3)):
            self.drawlab("evaluate", str(run), "--limit", str(limit), "--importance-samples", str(draws))
        shown = self.drawlab("compare", "tiny", "--by", "cell", "--metric", "importance_nll").out
        self.assertIn("importance_nll (K=3, 20 images)", shown)

    def test_nothing_that_is_printed_speaks_to_the_terminal(self):
        self.grid()
        hostile = "x\x1b[31m\x9b31m\x07y"
        self.change("UPDATE run SET label = ?, host = ?, error = ?, config = json_set(config, '$.training.note', ?)",
                    hostile, hostile, hostile, hostile)
        self.change("UPDATE image SET caption = ?, name = '../' || name || ? WHERE run = 1", hostile, hostile)
        for command in (["show", "1"], ["watch", "--once"], ["runs"], ["compare", "tiny"], ["query", "leaderboard"],
                        ["query", "leaderboard", "--format", "markdown"], ["show", "1", "--images", "pictures"]):
            printed = self.drawlab(*command)
            for control in ("\x1b", "\x9b", "\x07"):
                self.assertNotIn(control, printed.out + printed.err, command)
        self.assertTrue(all(name.startswith("run_1_") for name in os.listdir(self.path("pictures"))))

    def test_export_gives_every_number_and_every_picture(self):
        self.grid()
        metrics = self.query("SELECT run, split, name, epoch, value FROM metric ORDER BY 1, 2, 3, 4")
        for form in ("csv", "jsonl"):
            text = self.drawlab("export", "--format", form).out
            rows = json_lines(text) if form == "jsonl" else list(csv.DictReader(io.StringIO(text)))
            found = sorted((int(row["run"]), row["split"], row["name"], int(row["epoch"]), float(row["value"]))
                           for row in rows)
            self.assertEqual(found, metrics)
        one = json_lines(self.drawlab("export", "tiny", "--run", "2", "--format", "jsonl").out)
        self.assertEqual({row["run"] for row in one}, {2})
        said = self.drawlab("export", "--images", "pictures", "-o", "numbers.csv")
        pictures = os.listdir(self.path("pictures"))
        self.assertEqual(len(pictures), self.query("SELECT count(*) FROM image")[0][0])
        self.assertIn(f"{len(pictures)} pictures of 8 runs", said.err)
        self.assertTrue(os.path.getsize(self.path("numbers.csv")) > 1000)
        self.assertIn("did you mean 'tiny'?", self.drawlab("export", "tinny", code=2).err)

    def test_animate_writes_each_format_the_same_each_time(self):
        self.grid()
        run = self.query("SELECT run FROM leaderboard WHERE read = 'gaussian' AND write = 'gaussian'")[0][0]
        starts = {"webp": b"RIFF", "gif": b"GIF89a", "png": b"\x89PNG"}
        for extra in ((), ("--reconstructions", "--first", "3")):
            for form, start in starts.items():
                for name in ("a", "b"):
                    self.drawlab("animate", str(run), "-o", f"{name}.{form}", "--count", "5", *extra)
                self.assertTrue(self.content(f"a.{form}").startswith(start))
                self.assertEqual(self.content(f"a.{form}"), self.content(f"b.{form}"))
        error = self.drawlab("animate", str(run), "-o", "drawing.mp4", code=2).err
        self.assertIn("'drawing.mp4' ends in none of .webp, .gif", error)
        self.drawlab("sample", str(run), "-o", "cold.png", "--temperature", "0")
        self.drawlab("sample", str(run), "-o", "usual.png")
        self.assertNotEqual(self.content("cold.png"), self.content("usual.png"))

    def test_animate_refuses_what_is_too_large_before_it_draws(self):
        self.grid()
        for output, size in (("a.webp", "has 16383 at most"), ("a.gif", "GB to draw")):
            error = self.only_error(self.drawlab("animate", "1", "-o", output, "--count", "400", "--size", "1000", code=2))
            self.assertIn(size, error)
            self.assertIn("give a smaller --count or --size", error)
        error = self.drawlab("animate", "1", "-o", "a.png", "--count", "400", "--size", "1000", code=2).err
        self.assertIn("has 65535 at most", error)

    @contextlib.contextmanager
    def watching(self, *arguments):
        """`drawlab watch` on a terminal of its own; gives the process."""
        try:
            ours, theirs = pty.openpty()
        except OSError as error:  # /dev/pts is not mounted
            self.skipTest(f"no terminal to be had: {error}")
        process = subprocess.Popen([DRAWLAB, "watch", *arguments], cwd=self.folder, stdin=theirs, stdout=theirs,
                                   stderr=theirs, env={**self.environment, "TERM": "xterm"})
        os.close(theirs)
        seen = []

        def read():
            try:
                while part := os.read(ours, 1 << 16):
                    seen.append(part)
            except OSError:
                pass  # the terminal's other end is closed

        reader = threading.Thread(target=read)
        reader.start()
        try:
            yield process
            process.wait(60)
            reader.join(60)
            self.assertIn(b"nothing is training now", b"".join(seen))
        finally:
            process.kill()
            process.wait()
            reader.join()
            os.close(ours)

    def test_watch_stays_while_cells_wait_and_ends_with_the_last(self):
        self.grid()
        self.change("UPDATE run SET status = 'pending' WHERE id = 3")
        with self.watching("--interval", "0.1") as process:
            time.sleep(1.5)
            self.assertIsNone(process.poll(), "between two cells")
            self.change("UPDATE run SET status = 'done' WHERE id = 3")

    def test_watch_follows_a_grid_to_its_end(self):
        self.write("tiny.yaml", TINY)
        runner = self.start("run", "tiny.yaml", "--jobs", "1", "--only", "read=global", "--set", "repeats=2")
        self.addCleanup(runner.communicate)

        def begun():
            try:
                return "running" in self.statuses()
            except sqlite3.OperationalError:
                return False

        self.wait_for("the first cell", begun)
        with self.watching("tiny", "--interval", "0.1"):
            pass
        self.assertEqual(set(self.statuses()), {"done"})

    def test_neighbours_are_ordered_by_distance(self):
        self.grid()
        rows = self.rows("neighbours", "1", "--count", "3", "--nearest", "5", "-o", "near.png")
        self.assertEqual([(row["sample"], row["rank"]) for row in rows],
                         [(sample, rank) for sample in range(3) for rank in range(1, 6)])
        for sample in range(3):
            distances = [row["distance"] for row in rows if row["sample"] == sample]
            self.assertEqual(distances, sorted(distances))
        self.assertTrue(all(0 <= row["training_image"] < 256 for row in rows), "beyond what the run trained on")
        before = self.query("SELECT caption FROM image WHERE run = 1 AND kind = 'neighbours'")
        self.drawlab("neighbours", "1", "--count", "3", "--record")
        after = self.query("SELECT caption FROM image WHERE run = 1 AND kind = 'neighbours'")
        self.assertEqual(len(after), 1)
        self.assertNotEqual(before, after)


if __name__ == "__main__":
    main()
