"""Finished runs as a database to give away: one file, whole, without what tells where it was made."""

import os
import shutil
import socket
import sqlite3
import stat

from program import LONG, TINY, UNPRIVILEGED, ProgramTest, json_lines, main


class Publish(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("tiny.yaml", TINY)
        self.drawlab("run", "tiny.yaml", "--only", "read=global", "--set", "training.epochs=1")

    def publish(self, *arguments, **options):
        return self.drawlab("publish", "given/reference.sqlite", *arguments, **options)

    def published(self, sql):
        with sqlite3.connect(f"file:{self.path('given', 'reference.sqlite')}?mode=ro&immutable=1", uri=True) as database:
            return database.execute(sql).fetchall()

    def test_everything_recorded_goes_along(self):
        self.drawlab("evaluate", "1", "--passes", "2")
        out = self.publish("tiny").out
        self.assertEqual(len(out.splitlines()), 2)
        for table, columns in {
                "leaderboard": "*",
                "metric": "*",
                "image": "run, kind, name, format, caption, epoch, bytes",
                "evaluation": "*",
                "run": "id, experiment, identity, attempt, label, config, seed, status, seconds, finished, version, processor",
                "dataset": "name, checksum, provenance, sources",
                "session": "run, processor, instruction_set, threads, started, ended, ending, seconds",
        }.items():
            sql = f"SELECT {columns} FROM {table} ORDER BY 1, 2, 3, 4"
            self.assertGreater(len(self.published(sql)), 0, table)
            self.assertEqual(self.published(sql), self.query(sql), table)
        self.assertEqual(self.published("SELECT kind, name FROM run_plugin JOIN plugin ON id = plugin ORDER BY run, kind, name"),
                         self.query("SELECT kind, name FROM run_plugin JOIN plugin ON id = plugin ORDER BY run, kind, name"))
        self.assertEqual(self.published("SELECT DISTINCT text FROM event WHERE name = 'command'"),
                         [("drawlab run tiny.yaml --only read=global --set training.epochs=1",)])
        self.assertEqual(self.published("SELECT name, file FROM experiment"), [("tiny", "tiny.yaml")])
        self.assertEqual(self.published("SELECT count(*) FROM artifact"), [(0,)])

    def test_two_compositions_of_the_same_digits_stay_apart(self):
        for digits in (1, 2):
            self.write(f"canvas_{digits}.yaml", f"""
                experiment: canvas_{digits}
                base:
                  dataset: {{cluttered_mnist: {{source: digits, size: 40, digits: {digits}, distractors: 0}}}}
                  model: {{glimpses: 1, hidden: 4, latent: 2}}
                  training: {{epochs: 1, batch: 4, limit_train: 4, limit_validation: 4, limit_test: 4}}
                  read: gaussian
                  write: gaussian
                """)
            self.drawlab("run", f"canvas_{digits}.yaml")
            self.publish(f"canvas_{digits}")
        wanted = [("canvas_1", "1 digit and 0 pieces"), ("canvas_2", "2 digits and 0 pieces")]
        found = self.published("SELECT experiment, provenance FROM run JOIN dataset ON dataset.id = dataset_id "
                               "WHERE experiment LIKE 'canvas%' ORDER BY 1")
        self.assertEqual([name for name, _ in found], [name for name, _ in wanted])
        for (_, provenance), (_, text) in zip(found, wanted):
            self.assertIn(text, provenance)

    def test_nothing_tells_the_machine_or_its_folders(self):
        # Trained once more, named by absolute paths.
        self.drawlab("run", self.path("tiny.yaml"), "--db", self.path("results", "drawlab.sqlite"), "--rerun",
                     "--only", "read=global", "--set", "training.epochs=1")
        self.publish("tiny")
        self.assertIn(("drawlab run tiny.yaml --db drawlab.sqlite --rerun --only read=global --set training.epochs=1",),
                      self.published("SELECT DISTINCT text FROM event WHERE name = 'command'"))
        with open(self.path("given", "reference.sqlite"), "rb") as file:
            content = file.read()
        self.assertNotIn(self.folder.encode(), content)
        self.assertNotIn(os.path.dirname(os.environ["DRAWLAB"]).encode(), content)
        self.assertEqual(self.published("SELECT DISTINCT host FROM session"), [("",)])
        self.assertEqual(self.published("SELECT DISTINCT host FROM run"), [(None,)])
        self.assertEqual(self.query("SELECT DISTINCT host FROM run"), [(socket.gethostname(),)])

    def test_it_is_one_file_that_opens_where_nothing_can_be_written(self):
        self.publish("tiny")
        self.assertEqual(os.listdir(self.path("given")), ["reference.sqlite"])
        self.assertEqual(self.published("PRAGMA journal_mode"), [("delete",)])
        os.chmod(self.path("given"), stat.S_IRUSR | stat.S_IXUSR)
        self.addCleanup(os.chmod, self.path("given"), stat.S_IRWXU)
        rows = json_lines(self.drawlab("query", "leaderboard", "--format", "jsonl", "--db", "given/reference.sqlite",
                                       before=UNPRIVILEGED).out)
        self.assertEqual(len(rows), 2)
        self.assertEqual(os.listdir(self.path("given")), ["reference.sqlite"])

    def test_publishing_again_replaces_runs_and_keeps_the_others(self):
        self.publish("tiny")
        before = self.published("SELECT id, identity FROM run ORDER BY id")
        self.drawlab("run", "tiny.yaml", "--only", "write=global", "--set", "training.epochs=1")
        self.drawlab("evaluate", "2")
        self.publish("tiny")
        after = self.published("SELECT id, identity FROM run ORDER BY id")
        self.assertEqual(after[:2], before)
        self.assertEqual(len(after), 3)
        self.assertEqual(self.published("SELECT run FROM evaluation"), [(2,)])
        self.assertEqual(self.published("SELECT count(*) FROM image"), self.query("SELECT count(*) FROM image"))
        self.assertEqual(self.published("PRAGMA journal_mode"), [("delete",)])
        self.assertEqual(self.published("PRAGMA foreign_key_check"), [])

    def test_of_several_builds_that_trained_a_cell_the_latest_is_published(self):
        again = ("--only", "write=global", "--set", "training.epochs=1", "--plugin-path", self.rebuild_global())
        self.drawlab("run", "tiny.yaml", "--only", "write=global", "--set", "training.epochs=1")
        self.drawlab("run", "tiny.yaml", *again)
        trained = self.query("SELECT max(id), label, count(*), count(DISTINCT identity) FROM run GROUP BY label ORDER BY 2")
        self.assertEqual(max(row[2] for row in trained), 2, "one cell was trained by two builds")
        self.publish("tiny")
        latest = self.query("SELECT identity FROM run WHERE id IN (SELECT max(id) FROM run GROUP BY label) ORDER BY 1")
        self.assertEqual(self.published("SELECT identity FROM run ORDER BY 1"), latest)

    def test_weights_evaluate_and_draw_as_the_checkpoint_does(self):
        plain = json_lines(self.drawlab("evaluate", "2", "--passes", "2", "--format", "jsonl").out)[0]
        self.publish("--run", "2", "--weights")
        self.assertEqual(self.published("SELECT count(*), min(path LIKE 'reference/tiny-%') FROM artifact"), [(1, 1)])
        self.assertEqual(self.published("SELECT evaluation.checkpoint_sha256 = artifact.sha256 FROM evaluation JOIN artifact"),
                         [(1,)])
        self.drawlab("sample", "2", "-o", "before.png")
        shutil.rmtree(self.path("results"))
        given = ("--db", "given/reference.sqlite")
        again = json_lines(self.drawlab("evaluate", "1", "--passes", "2", "--format", "jsonl", *given).out)[0]
        self.assertEqual(again["nll"], plain["nll"])
        self.drawlab("sample", "1", "-o", "after.png", *given)
        with open(self.path("before.png"), "rb") as before, open(self.path("after.png"), "rb") as after:
            self.assertEqual(before.read(), after.read())
        self.assertEqual(self.published("PRAGMA journal_mode"), [("delete",)])
        (name,) = os.listdir(self.path("given", "reference"))
        with open(self.path("given", "reference", name), "r+b") as file:
            file.truncate(os.path.getsize(file.name) - 1)
        self.assertIn("damaged", self.drawlab("evaluate", "1", *given, code=5).err)

    def test_weights_of_a_database_without_an_ending_lie_beside_it_too(self):
        self.drawlab("publish", "given/record", "--run", "2", "--weights")
        self.assertEqual(sorted(os.listdir(self.path("given"))), ["record", "record-weights"])
        self.drawlab("sample", "1", "-o", "after.png", "--db", "given/record")

    def test_only_finished_runs_are_published(self):
        self.write("long.yaml", LONG)
        process = self.start("run", "long.yaml", "--progress", "json")
        for line in process.stderr:
            if '"step"' in line:
                break
        process.terminate()
        process.communicate(timeout=60)
        self.assertIn("none of these runs is done", self.publish("long", code=3).err)
        self.assertFalse(os.path.exists(self.path("given")))
        self.publish("long", "--stopped")
        self.assertEqual(self.published("SELECT status FROM run"), [("stopped",)])
        self.assertEqual(self.published("SELECT * FROM metric"), self.query("SELECT metric.* FROM metric JOIN run ON id = run "
                                                                          "WHERE experiment = 'long'"))

    def test_mistakes_are_named(self):
        self.assertIn("did you mean 'tiny'", self.publish("tinny", code=2).err)
        self.assertIn("name an experiment", self.publish(code=2).err)
        self.assertIn("the runs are in", self.drawlab("publish", "results/drawlab.sqlite", "tiny", code=4).err)
        with open(self.path("notes.txt"), "w", encoding="utf-8") as file:
            file.write("these are notes and no database, whatever its name is\n" * 40)
        self.drawlab("publish", "notes.txt", "tiny", code=4)
        shutil.rmtree(self.path("results", "checkpoints"))
        self.assertIn("is lost", self.publish("tiny", "--weights", code=5).err)


if __name__ == "__main__":
    main()
