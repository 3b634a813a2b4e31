"""`drawlab doctor` says what is wrong, each with a remedy, and ends as a command that meets it would."""

import contextlib
import os
import shutil
import sqlite3
import stat

from program import TINY, UNPRIVILEGED, ProgramTest, json_lines, main


class Doctor(ProgramTest):
    def examined(self, *arguments, code=0, **options):
        rows = json_lines(self.drawlab("doctor", "--format", "jsonl", *arguments, code=code, **options).out)
        return {(row["part"], row["state"]): row for row in rows}, rows

    def wrong(self, rows):
        return [row for row in rows if row["state"] == "WRONG"]

    def change(self, sql):
        with contextlib.closing(sqlite3.connect(self.path("results", "drawlab.sqlite"), isolation_level=None)) as database:
            return database.execute(sql).fetchall()

    def test_on_a_healthy_machine_nothing_is_wrong_and_nothing_is_changed(self):
        found, rows = self.examined()
        self.assertEqual(self.wrong(rows), [])
        self.assertIn("usable core", found["program", "ok"]["found"])
        self.assertIn("not there yet", found["database", "note"]["found"])
        self.assertEqual(os.listdir(self.folder), [])
        datasets = {row["found"].split(":")[0]: row for row in rows if row["part"] == "datasets"}
        self.assertEqual(datasets["digits"]["state"], "ok")
        self.assertEqual(datasets["cifar10"]["remedy"], "`drawlab data fetch cifar10`")

    def test_a_library_that_is_no_plugin_is_wrong(self):
        os.mkdir(self.path("mine"))
        self.write("mine/libdrawlab_mine.so", "no library\n")
        _, rows = self.examined("--plugin-path", "mine", code=6)
        (row,) = self.wrong(rows)
        self.assertIn("libdrawlab_mine.so", row["found"])
        self.assertIn("build it anew", row["remedy"])

    def test_a_folder_of_data_that_is_not_there_is_wrong(self):
        self.environment["DRAWLAB_DATA"] = self.path("nowhere")
        (row,) = self.wrong(self.examined(code=5)[1])
        self.assertIn("nowhere is no folder", row["found"])

    def test_a_folder_that_cannot_be_written_is_wrong(self):
        os.makedirs(self.path("results"))
        os.chmod(self.path("results"), stat.S_IRUSR | stat.S_IXUSR | 0o055)
        rows = self.examined(code=4, before=UNPRIVILEGED)[1]
        self.assertIn(self.path("results") + ": nothing can be written here", [row["found"] for row in self.wrong(rows)])

    def test_damage_lost_checkpoints_and_what_waits_are_named(self):
        self.write("tiny.yaml", TINY)
        self.drawlab("run", "tiny.yaml", "--only", "read=global write=global")
        found, rows = self.examined()
        self.assertEqual(found["runs", "ok"]["found"], "1 done")
        self.assertEqual(found["checkpoints", "ok"]["found"], "1 where the record says")

        shutil.rmtree(self.path("results", "checkpoints"))
        found, rows = self.examined()
        self.assertIn("is gone", found["checkpoints", "note"]["found"])
        self.change("UPDATE run SET status = 'stopped'")
        found, rows = self.examined(code=4)
        self.assertIn("starts from the beginning", found["checkpoints", "WRONG"]["remedy"])
        self.assertEqual(found["runs", "note"]["remedy"], "the same `drawlab run` command continues them")

        self.change("PRAGMA journal_mode = DELETE")
        ((page,),) = self.change("SELECT rootpage FROM sqlite_master WHERE name = 'metric'")
        ((size,),) = self.change("PRAGMA page_size")
        with open(self.path("results", "drawlab.sqlite"), "r+b") as file:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)
        (row,) = self.wrong(self.examined(code=4)[1])
        self.assertIn("drawlab.sqlite", row["found"])


if __name__ == "__main__":
    main()
