"""A grid from its file to its results."""

import os
import sqlite3

from program import TINY, ProgramTest, json_lines, main


class Run(ProgramTest):
    def test_trains_every_cell_once_and_the_same_command_does_nothing(self):
        self.write("tiny.yaml", TINY)
        first = self.drawlab("run", "tiny.yaml")
        self.assertEqual(self.statuses(), ["done"] * 4)
        self.assertIn("read=gaussian(size=2) write=gaussian(size=3)", first.out)
        before = self.query("SELECT * FROM session")
        second = self.drawlab("run", "tiny.yaml")
        self.assertIn("4 of 4 cells are done already", second.err)
        self.assertEqual(self.query("SELECT * FROM session"), before)
        self.assertEqual(first.out, second.out)

    def test_gives_the_same_bits_alone_or_side_by_side_with_one_thread_or_many(self):
        self.write("tiny.yaml", TINY)
        self.drawlab("run", "tiny.yaml", "--jobs", "2", "--threads", "1", "--db", "a.sqlite")
        self.drawlab("run", "tiny.yaml", "--jobs", "1", "--threads", "3", "--db", "b.sqlite")
        self.assertEqual(self.metrics(database="a.sqlite"), self.metrics(database="b.sqlite"))
        self.assertEqual(self.query("SELECT DISTINCT threads FROM run", database="b.sqlite"), [(3,)])

    def test_evaluate_prints_the_recorded_bound(self):
        self.write("tiny.yaml", TINY)
        self.drawlab("run", "tiny.yaml")
        for run, nll in self.query("SELECT run, test_nll FROM leaderboard"):
            printed = self.drawlab("evaluate", str(run), "--format", "jsonl")
            self.assertEqual(json_lines(printed.out)[0]["nll"], nll)

    def test_what_was_trained_in_bf16_can_be_looked_at_on_any_machine(self):
        self.write("tiny.yaml", TINY)
        self.drawlab("run", "tiny.yaml", "--only", "read=global", "--set", "training.epochs=1")
        with sqlite3.connect(self.path("results", "drawlab.sqlite")) as database:
            database.execute("UPDATE run SET config = json_set(config, '$.training.precision', 'bf16')")
        nll = json_lines(self.drawlab("evaluate", "1", "--format", "jsonl").out)[0]["nll"]
        self.assertAlmostEqual(nll, self.query("SELECT test_nll FROM leaderboard WHERE run = 1")[0][0], delta=1)
        self.drawlab("sample", "1", "--count", "2", "-o", "two.png")

    def test_bounds_of_colour_are_named_as_what_they_are(self):
        self.write("colour.yaml", """
            experiment: colour
            base:
              dataset: house_numbers
              model: {glimpses: 1, hidden: 8, latent: 2}
              read: gaussian
              write: gaussian
              training: {epochs: 1, batch: 8, limit_train: 8, limit_validation: 8, limit_test: 8}
            """)
        self.drawlab("run", "colour.yaml")
        row = json_lines(self.drawlab("compare", "colour", "--format", "jsonl").out)[0]
        self.assertAlmostEqual(row["nll_per_dimension"], row["test_nll"] / (3 * 54 * 54), places=9)
        self.assertRegex(self.drawlab("show", "1").out, r"test nll per dimension +0\.\d{4}\n")
        self.drawlab("report", "colour", "-o", "colour.html")
        with open(self.path("colour.html"), encoding="utf-8") as file:
            page = file.read()
        self.assertIn("nats a dimension", page)
        self.assertIn(f">{row['nll_per_dimension']:.4f}<", page)
        self.assertIn("cross-entropy of their intensities", page)
        self.write("tiny.yaml", TINY)
        self.drawlab("run", "tiny.yaml", "--only", "read=global", "--set", "training.epochs=1")
        self.assertNotIn("dimension", self.drawlab("show", "2").out)
        self.assertNotIn("nll_per_dimension", self.drawlab("compare", "tiny").out)

    def test_records_pictures_and_show_writes_them(self):
        self.write("tiny.yaml", TINY)
        self.drawlab("run", "tiny.yaml", "--only", "read=gaussian(size=2) write=gaussian(size=3)")
        kinds = self.query("SELECT kind, name FROM image ORDER BY kind, name")
        self.assertEqual(kinds, [("neighbours", "neighbours"), ("reconstructions", "reconstructions"), ("samples", "samples"),
                                 ("sequence", "reconstructions"), ("sequence", "samples")])
        run = self.query("SELECT run FROM leaderboard")[0][0]
        paths = self.drawlab("show", str(run), "--images", "pictures").out.split()
        self.assertEqual(len(paths), 5)
        for path in paths:
            with open(self.path(path), "rb") as file:
                self.assertEqual(file.read(8), b"\x89PNG\r\n\x1a\n")
        self.drawlab("sample", str(run), "--count", "3", "-o", "three.png")
        self.assertTrue(os.path.exists(self.path("three.png")))
        shown = self.drawlab("show", str(run)).out
        self.assertIn("model.glimpses = 2", shown)
        self.assertIn("sequence/samples", shown)

    def test_a_classifier_learns_the_digits_and_leaves_its_confusions_and_glimpses(self):
        self.write("classify.yaml", """
            experiment: looks
            base:
              task: classify
              dataset: digits
              model: {glimpses: 4, hidden: 64, normalization: layer}
              training: {epochs: 2, batch: 32, learning_rate: 3e-3, limit_train: 4000, limit_validation: 500,
                         limit_test: 500}
            grid:
              read: [global, {gaussian: {size: 8}}]
        """)
        run = self.drawlab("run", "classify.yaml")
        self.assertIn("test_error", run.out)
        self.assertNotIn("test_kl", run.out)
        for run, task, write, error in self.query("SELECT run, task, write, test_error FROM leaderboard ORDER BY run"):
            self.assertEqual((task, write), ("classify", ""))
            self.assertLess(error, 0.2)
            counts = self.query("SELECT label = guess, sum(count) FROM confusion WHERE run = ? AND split = 'test' "
                                "GROUP BY 1 ORDER BY 1", run)
            self.assertEqual(sum(count for _, count in counts), 500)
            self.assertAlmostEqual(counts[0][1] / 500, error)
            (kind, name, caption), = self.query("SELECT kind, name, caption FROM image WHERE run = ?", run)
            self.assertEqual((kind, name), ("sequence", "classified"))
            self.assertRegex(caption, "the image at each of 4 glimpses.*; labels [0-9, ]*, taken for [0-9, ]*$")
            printed = json_lines(self.drawlab("evaluate", str(run), "--format", "jsonl").out)[0]
            self.assertEqual(printed["error"], error)
            shown = self.drawlab("show", str(run)).out
            self.assertIn("validation_error", shown)
            self.assertIn("test labels, and how often each was classified as what", shown)
            self.assertEqual(json_lines(self.drawlab("query", "confusion", "-p", f"run={run}", "--format", "jsonl").out)
                             [0]["label"], 0)
        rows = json_lines(self.drawlab("compare", "looks", "--format", "jsonl").out)
        self.assertEqual([sorted(row) for row in rows],
                         [sorted(["cell", "done", "runs", "test_nll", "sd", "test_error", "error_sd", "validation_nll",
                                  "seconds"])] * 2)
        self.assertIn("classifies; it draws nothing", self.drawlab("sample", "1", "-o", "x.png", code=2).err)

    def test_only_trains_what_its_text_names_and_says_what_there_is(self):
        self.write("tiny.yaml", TINY)
        self.drawlab("run", "tiny.yaml", "--only", "read=global")
        self.assertEqual(self.statuses(), ["done"] * 2)
        nothing = self.drawlab("run", "tiny.yaml", "--only", "read=spiral", code=3)
        self.assertIn("no cell's name contains 'read=spiral'; there are:\n  read=global write=global", nothing.err)

    def test_rerun_trains_afresh_beside_the_old_record_with_the_same_bits(self):
        self.write("tiny.yaml", TINY)
        only = ("--only", "read=global write=global")
        self.drawlab("run", "tiny.yaml", *only)
        self.drawlab("run", "tiny.yaml", *only, "--rerun")
        rows = self.query("SELECT id, identity, status FROM run")
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows[0][1:], rows[1][1:])
        first, second = ([row[1:] for row in self.query(
            "SELECT run, split, name, epoch, value FROM metric WHERE run = ? ORDER BY 2, 3, 4", run)] for run in (1, 2))
        self.assertEqual(first, second)

    def test_dry_run_shows_the_states_and_touches_nothing(self):
        self.write("tiny.yaml", TINY)
        dry = self.drawlab("run", "tiny.yaml", "--dry-run")
        self.assertEqual(dry.out.count("new"), 4)
        self.assertFalse(os.path.exists(self.path("results")))
        self.drawlab("run", "tiny.yaml", "--only", "read=global")
        dry = self.drawlab("run", "tiny.yaml", "--dry-run")
        self.assertEqual(dry.out.count("done"), 2)
        self.assertIn("2 of 4 cells to train", dry.err)
        longer = self.drawlab("run", "tiny.yaml", "--dry-run", "--only", "read=global", "--set", "training.epochs=200")
        self.assertNotIn("unknown", longer.out)

    def test_compare_gives_means_and_deviations_over_seeds(self):
        self.write("tiny.yaml", TINY)
        self.drawlab("run", "tiny.yaml", "--set", "repeats=2")
        rows = json_lines(self.drawlab("compare", "tiny", "--format", "jsonl").out)
        self.assertEqual([(row["runs"], row["done"]) for row in rows], [(2, 2)] * 4)
        values = [row[0] for row in self.query(
            "SELECT test_nll FROM leaderboard WHERE read = 'global' AND write = 'global'")]
        row = next(row for row in rows if row["cell"] == "read=global write=global")
        self.assertAlmostEqual(row["test_nll"], sum(values) / 2, places=9)
        self.assertAlmostEqual(row["sd"], abs(values[0] - values[1]) / 2 ** 0.5, places=9)
        unknown = self.drawlab("compare", "tinny", code=2)
        self.assertIn("did you mean 'tiny'?", unknown.err)

    def test_json_progress_is_one_object_a_line(self):
        self.write("tiny.yaml", TINY)
        run = self.drawlab("run", "tiny.yaml", "--only", "read=global write=global", "--progress", "json")
        lines = json_lines(run.err)
        self.assertEqual(len(lines), len(run.err.splitlines()))
        self.assertEqual([line["event"] for line in lines if line["event"] != "progress"],
                         ["notice", "started", "epoch", "epoch", "ended"])
        self.assertEqual(lines[-1]["status"], "done")

    def test_says_which_dataset_it_took_and_how_to_get_the_other(self):
        self.write("choice.yaml", TINY.replace("dataset: digits", "dataset: {first_available: [mnist, digits]}"))
        run = self.drawlab("run", "choice.yaml", "--only", "read=global write=global")
        self.assertIn("dataset: taking digits: mnist is not in ", run.err)
        self.assertIn("dataset: digits, 50000 + 10000 + 10000 images: ", run.err)
        self.assertIn("`drawlab data fetch mnist` gets it", run.err)
        self.assertEqual(self.query("SELECT dataset FROM leaderboard"), [("digits",)])

    def test_bf16_is_refused_before_training_where_the_processor_has_none(self):
        self.write("tiny.yaml", TINY.replace("epochs: 2,", "epochs: 2, precision: bf16,"))
        self.environment["DNNL_MAX_CPU_ISA"] = "AVX2"
        refused = self.drawlab("run", "tiny.yaml", code=2)
        self.assertRegex(self.only_error(refused), r"^tiny\.yaml:5:36: training\.precision: bf16 needs a processor")
        self.assertFalse(os.path.exists(self.path("results")))

    def test_a_failing_cell_and_a_diverging_one_leave_the_others_alone(self):
        self.write("grid.yaml", """
            experiment: faulty
            base:
              dataset: digits
              read: global
              write: global
              model: {glimpses: 2, hidden: 8, latent: 4}
              training: {epochs: 2, batch: 32, clip_norm: 0, limit_train: 256, limit_validation: 64, limit_test: 64}
            grid:
              training.learning_rate: [1e-3, 1e3, 2e-3, 3e-3]
        """)
        # The third cell's checkpoint cannot be written: a folder is in its place.
        blocked = self.path("results/checkpoints/drawlab-3-step-8.safetensors/full")
        os.makedirs(blocked)
        run = self.drawlab("run", "grid.yaml", code=1)
        self.assertEqual(self.statuses(), ["done", "diverged", "failed", "done"], run.err)
        (step, error), = self.query("SELECT diverged_step, error FROM run WHERE id = 2")
        self.assertGreaterEqual(step, 1)
        self.assertIn(f"not finite at step {step}", error)
        self.assertIn("drawlab-3-step-8.safetensors", self.query("SELECT error FROM run WHERE id = 3")[0][0])

        os.removedirs(blocked)
        again = self.drawlab("run", "grid.yaml", code=1)
        self.assertIn("2 of 4 cells are done already", again.err)
        self.assertIn("1 of 4 cells diverged and are left alone", again.err)
        self.assertEqual(self.statuses(), ["done", "diverged", "done", "done"])
        self.assertEqual(self.query("SELECT run, count(*) FROM session GROUP BY run"), [(1, 1), (2, 1), (3, 2), (4, 1)])

        self.drawlab("run", "grid.yaml", "--retry-diverged", code=1)
        self.assertEqual(self.query("SELECT run, count(*) FROM session GROUP BY run"), [(1, 1), (2, 2), (3, 2), (4, 1)])
        self.assertEqual(self.query("SELECT count(*) FROM run"), [(4,)])


if __name__ == "__main__":
    main()
