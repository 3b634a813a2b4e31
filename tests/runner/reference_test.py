"""The record that comes with drawlab: the weights it names are there, draw, and give the bounds on record."""

import hashlib
import os
import pathlib
import shutil
import sqlite3
import unittest

from program import ProgramTest, json_lines, main

RESULTS = pathlib.Path(__file__).resolve().parents[2] / "results"
DATA = os.environ.get("DRAWLAB_DATA", "")
# Of the images of the recorded bounds that are measured again.
IMAGES = 200


class Reference(ProgramTest):
    def setUp(self):
        super().setUp()
        shutil.copy(RESULTS / "reference.sqlite", self.path("reference.sqlite"))
        os.symlink(RESULTS / "reference", self.path("reference"))

    def ask(self, sql):
        with sqlite3.connect(self.path("reference.sqlite")) as database:
            return database.execute(sql).fetchall()

    def test_weights_are_whole(self):
        weights = self.ask("SELECT path, sha256 FROM artifact")
        self.assertGreater(len(weights), 0)
        for path, recorded in weights:
            found = hashlib.sha256(pathlib.Path(self.path(path)).read_bytes()).hexdigest()
            self.assertEqual(found, recorded, path)

    def test_weights_draw_without_data(self):
        for (run,) in self.ask("SELECT run FROM artifact"):
            for command, picture in ("sample", f"{run}.png"), ("animate", f"{run}.webp"):
                self.drawlab(command, str(run), "--db", "reference.sqlite", "-o", picture)
                self.assertGreater(os.path.getsize(self.path(picture)), 1000)

    @unittest.skipUnless(os.path.isdir(os.path.join(DATA, "mnist")), "the data is not here: DRAWLAB_DATA")
    def test_weights_give_the_bounds_on_record(self):
        self.environment["DRAWLAB_DATA"] = DATA
        recorded = self.ask("SELECT evaluation.run, passes, evaluation.nll, standard_error FROM evaluation "
                            f"JOIN artifact ON artifact.run = evaluation.run WHERE samples = {IMAGES}")
        self.assertEqual(len(recorded), len(self.ask("SELECT run FROM artifact")))
        self.ask("DELETE FROM evaluation")
        for run, passes, nll, standard_error in recorded:
            out = self.drawlab("evaluate", str(run), "--db", "reference.sqlite", "--limit", str(IMAGES), "--passes",
                               str(passes), "--format", "jsonl").out
            # The noise is the same; the products may be of another precision.
            self.assertAlmostEqual(json_lines(out)[0]["nll"], nll, delta=standard_error)


if __name__ == "__main__":
    main()
