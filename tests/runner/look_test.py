"""What can be asked of a trained grid: bounds, tables, exports, animations, neighbours."""

import csv
import io
import os
import shutil
import tempfile

from program import TINY, ProgramTest, json_lines, main


class Look(ProgramTest):
    """All tests ask one grid; each gets a copy of it."""

    @classmethod
    def setUpClass(cls):
        cls.trained = tempfile.mkdtemp(prefix="drawlab-trained-")
        cls.addClassCleanup(shutil.rmtree, cls.trained, ignore_errors=True)
        maker = cls()
        maker.setUp()
        maker.write("tiny.yaml", TINY)
        maker.drawlab("run", "tiny.yaml", "--set", "repeats=2")
        shutil.copytree(maker.path("results"), os.path.join(cls.trained, "results"))
        maker.doCleanups()

    def runTest(self):
        """Only so that the class can be made without a test."""

    def grid(self):
        shutil.copytree(os.path.join(self.trained, "results"), self.path("results"))

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
