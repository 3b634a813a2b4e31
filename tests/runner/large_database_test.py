"""Two thousand runs and two million numbers are still answered; how long it took is printed, memory is bounded."""

import os
import shutil
import tempfile
import time

from large_database import fill
from program import ProgramTest, json_lines, main

GIBIBYTE_IN_KIB = 1 << 20


class LargeDatabase(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.filled = tempfile.mkdtemp(prefix="drawlab-large-")
        cls.addClassCleanup(shutil.rmtree, cls.filled, ignore_errors=True)
        cls.database = os.path.join(cls.filled, "large.sqlite")
        fill(cls.database, 2000)

    def ask(self, *arguments):
        """Runs to the end; tells the time, and the most memory it had in KiB."""
        start = time.monotonic()
        with open(self.path("out"), "w", encoding="utf-8") as out:
            process = self.start(*arguments, "--db", self.database)
            out.write(process.stdout.read())
            error = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            process.stdout.close()
            process.stderr.close()
        self.assertEqual(process.returncode, 0, error)
        print(f"{' '.join(arguments)}: {time.monotonic() - start:.2f} s, {usage.ru_maxrss // 1024} MiB", flush=True)
        self.assertLess(usage.ru_maxrss, GIBIBYTE_IN_KIB)
        with open(self.path("out"), encoding="utf-8") as out:
            return out.read()

    def test_holds_two_million_numbers(self):
        self.assertGreaterEqual(self.query("SELECT count(*) FROM metric", database=self.database)[0][0], 2_000_000)

    def test_runs_lists_all(self):
        self.assertEqual(len(json_lines(self.ask("runs", "--format", "jsonl"))), 2000)

    def test_leaderboard_lists_all(self):
        rows = json_lines(self.ask("query", "leaderboard", "--format", "jsonl"))
        self.assertEqual(len(rows), 2000)
        self.assertLessEqual(rows[0]["test_nll"], rows[1]["test_nll"])

    def test_compare_groups_all(self):
        rows = json_lines(self.ask("compare", "large", "--format", "jsonl"))
        self.assertEqual((len(rows), sum(row["runs"] for row in rows)), (400, 2000))
        by = json_lines(self.ask("compare", "large", "--by", "model.hidden,training.learning_rate", "--metric", "test_kl",
                                 "--format", "jsonl"))
        self.assertEqual(len(by), 100)

    def test_report_shows_the_best_cells(self):
        page = self.ask("report", "large", "-o", "-")
        self.assertEqual(page.count("<img "), 24)
        self.assertIn("of the best 12 of 400 cells", page)
        self.assertLess(len(page), 5_000_000)

    def test_export_streams_all(self):
        self.ask("export", "large", "-o", "all.csv")
        with open(self.path("all.csv"), encoding="utf-8") as file:
            self.assertGreater(sum(1 for _ in file), 2_000_000)


if __name__ == "__main__":
    main()
