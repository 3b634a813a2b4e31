"""One cell, trained in every way it may be trained, is the same to the last bit: numbers and checkpoint."""

import os
import random
import signal
import time

from program import ProgramTest, main

CELL = """
    experiment: cell
    base:
      dataset: digits
      read: {gaussian: {size: 3}}
      write: {gaussian: {size: 4}}
      model: {glimpses: 6, hidden: 48, latent: 12, normalization: layer}
      training: {epochs: 3, batch: 56, shard: 8, kl_warmup: 1, averaging: 0.9, schedule: cosine, limit_train: 3000,
                 limit_validation: 100, limit_test: 100, samples: 4, checkpoint_seconds: 0.05}
"""

GRID = CELL.replace("experiment: cell", "experiment: grid") + """
    grid:
      read: [global, {gaussian: {size: 3}}]
"""


class SameBits(ProgramTest):
    """All tests compare with one training on one thread."""

    @classmethod
    def setUpClass(cls):
        with cls.beforehand() as test:
            begun = time.monotonic()
            test.drawlab("run", "cell.yaml", "--threads", "1")
            cls.seconds = time.monotonic() - begun
            cls.reference = test.result("results/drawlab.sqlite")

    def setUp(self):
        super().setUp()
        self.write("cell.yaml", CELL)

    def result(self, database):
        """All numbers of the cell and what names its last checkpoint, in whatever grid it stands."""
        run, = self.query("SELECT id FROM run WHERE read = 'gaussian' AND status = 'done'", database=database)
        metrics = self.query("SELECT split, name, epoch, value FROM metric WHERE run = ? ORDER BY 1, 2, 3", *run,
                             database=database)
        self.assertGreater(len(metrics), 30)
        return metrics, self.query("SELECT sha256, step FROM artifact WHERE run = ?", *run, database=database)

    def test_threads_do_not_matter(self):
        for threads in ("2", "3", "7"):
            with self.subTest(threads=threads):
                self.drawlab("run", "cell.yaml", "--threads", threads, "--db", f"{threads}/drawlab.sqlite")
                self.assertEqual(self.result(f"{threads}/drawlab.sqlite"), self.reference)

    def test_nor_does_a_grid(self):
        self.write("grid.yaml", GRID)
        self.drawlab("run", "grid.yaml", "--jobs", "2", "--db", "grid/drawlab.sqlite")
        self.assertEqual(self.result("grid/drawlab.sqlite"), self.reference)

    def test_nor_do_three_kills_at_any_moment(self):
        seed = random.randrange(1 << 30)
        chance = random.Random(seed)
        for kill in range(3):
            runner = self.start("run", "cell.yaml", "--threads", "2", "--progress", "none")
            self.wait_for_checkpoint()
            self.wait_for("training to go on", lambda: self.query("SELECT count(*) FROM session") == [(kill + 1,)])
            time.sleep(chance.uniform(0, self.seconds / 5))
            cells = self.cell_processes()
            # The runner must not live to see its cell die.
            runner.send_signal(signal.SIGSTOP)
            for cell in cells:
                os.kill(cell, signal.SIGKILL)
            runner.kill()
            runner.communicate()
            self.wait_for("the cell to end", lambda: not self.cell_processes())
            self.assertNotEqual(self.query("SELECT status FROM run"), [("done",)],
                                f"seed {seed}, kill {kill}: too late")
        self.drawlab("run", "cell.yaml", "--threads", "3")
        self.assertEqual(self.result("results/drawlab.sqlite"), self.reference, f"seed {seed}")
        self.assertEqual(self.query("SELECT count(*) FROM session"), [(4,)])


if __name__ == "__main__":
    main()
