"""What `drawlab bench` prints; how fast this machine is, is nobody's business here."""

import json

from program import ProgramTest, main

QUICK = ["bench", "--rounds", "1", "--seconds", "0.01", "--set", "model.glimpses=2", "--set", "model.hidden=16",
         "--set", "training.batch=16", "--set", "training.shard=8", "--set", "dataset=digits"]


class Bench(ProgramTest):
    def test_prints_the_speed_its_limit_and_where_the_time_goes(self):
        printed = self.drawlab(*QUICK, "--threads", "1,2").out
        for word in ("share_of_limit", "samples_per_second", "products", "waiting for images", "peak memory"):
            self.assertIn(word, printed)

    def test_prints_json_whose_parts_make_the_whole(self):
        found = json.loads(self.drawlab(*QUICK, "--threads", "1,2", "--json").out)
        self.assertEqual([row["threads"] for row in found["results"]], [1, 2])
        self.assertEqual(found["config"]["model"]["hidden"], 16)
        for row in found["results"]:
            self.assertGreater(row["share_of_limit"], 0)
            self.assertGreater(row["samples_per_second"], 0)
        for column in ("f32_1", "f32_2"):
            shares = [row[column] for row in found["parts"] if not row["part"].startswith("(")]
            self.assertAlmostEqual(sum(shares), 1, delta=0.02)

    def test_counts_the_products_of_the_whole_step(self):
        # T·(encoder + latent + decoder + write), forward and two backward; h 16, z 100, 784 pixels, read twice 784.
        found = json.loads(self.drawlab(*QUICK, "--threads", "1", "--read", "global", "--write", "global", "--json").out)
        forward = 2 * ((2 * 784 + 2 * 16) * 64 + 16 * 200 + (100 + 16) * 64 + 16 * 784)
        share = found["results"][0]["mflop_per_sample"] * 1e6 / (2 * 3 * forward)
        # The first glimpse reads the learned start state, which needs a gradient too; the image needs none.
        self.assertAlmostEqual(share, 1, delta=0.01)

    def test_measures_other_modes(self):
        self.drawlab(*QUICK, "--threads", "1", "--read", "{gaussian: {size: 2}}", "--write", "global")

    def test_measures_the_composed_form_of_a_mode(self):
        self.drawlab(*QUICK, "--threads", "1", "--composed")

    def test_refuses_what_it_does_not_know(self):
        self.assertIn("paper-mnist", self.drawlab("bench", "--model", "paper-minst", code=2).err)
        self.assertIn("--threads: 0 is outside 1..4096", self.drawlab("bench", "--threads", "0", code=2).err)
        self.assertIn("f16", self.drawlab("bench", "--precision", "f16", code=2).err)
        self.assertIn("glimpses", self.drawlab("bench", "--set", "model.glimses=3", code=2).err)


if __name__ == "__main__":
    main()
