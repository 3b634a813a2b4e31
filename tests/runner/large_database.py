"""Makes a results database as a year of experiments would leave it: `large_database.py FILE [RUNS]`."""

import json
import pathlib
import sqlite3
import struct
import sys
import zlib

MIGRATIONS = pathlib.Path(__file__).resolve().parents[2] / "results" / "migrations"
APPLICATION = 0x44524157
SEEDS = 5
EPOCHS = 41
GLIMPSES = 16


def picture(side, level):
    """A grey PNG."""
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + bytes((level + x * y) % 256 for x in range(side)) for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def config(hidden, rate, size, seed):
    return {"dataset": {"digits": {"binarization": "threshold", "seed": 1, "test": 10000, "train": 50000}},
            "model": {"canvas_start": "zero", "glimpses": GLIMPSES, "hidden": hidden, "latent": 100},
            "read": {"gaussian": {"fused": True, "size": size}}, "seed": seed, "task": "generate",
            "training": {"batch": 128, "epochs": EPOCHS, "learning_rate": rate}, "write": {"global": {}}}


def metrics(run, level):
    """About a thousand rows that fall as bounds do."""
    for epoch in range(1, EPOCHS + 1):
        nll = level + 100 / epoch
        for split in ("train", "validation") if epoch < EPOCHS else ("train", "validation", "test"):
            shift = {"train": 0, "validation": 0.5, "test": 1}[split]
            yield run, split, "nll", epoch, nll + shift
            yield run, split, "reconstruction", epoch, 0.75 * nll + shift
            yield run, split, "kl", epoch, 0.25 * nll
            if split == "train":
                yield run, split, "gradient_norm", epoch, 30 / epoch
                yield run, split, "learning_rate", epoch, 0.001
            else:
                for glimpse in range(1, GLIMPSES + 1):
                    yield run, split, f"kl_glimpse_{glimpse}", epoch, 0.25 * nll / GLIMPSES


def fill(path, runs):
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    files = sorted(MIGRATIONS.glob("*.sql"))
    for file in files:
        connection.executescript(file.read_text(encoding="utf-8"))
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {len(files)}")
    with connection:
        connection.execute("INSERT INTO experiment (name, description) VALUES ('large', 'A year of experiments')")
        connection.execute("INSERT INTO dataset (id, name, checksum) VALUES (1, 'digits', 'digits-1')")
        for run in range(1, runs + 1):
            cell, seed = divmod(run - 1, SEEDS)
            hidden, rate, size = 32 * (1 + cell % 10), 0.0001 * (1 + cell // 10 % 10), 1 + cell // 100
            status = "failed" if run % 97 == 0 else "done"
            connection.execute(
                "INSERT INTO run (id, experiment, identity, label, config, task, dataset, dataset_id, read, write, seed, "
                "status, error, seconds, started, finished, version, host, processor, instruction_set, threads) VALUES "
                "(?, 'large', ?, ?, ?, 'generate', 'digits', 1, 'gaussian', 'global', ?, ?, ?, ?, "
                "'2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '0.1.0', 'host', 'processor', 'AVX2', 2)",
                (run, f"identity {run}", f"hidden={hidden} learning_rate={rate:g} size={size}",
                 json.dumps(config(hidden, rate, size, seed + 1)), seed + 1, status,
                 "killed for memory" if status == "failed" else None, 100.0 + run))
            connection.executemany("INSERT INTO metric (run, split, name, epoch, value) VALUES (?, ?, ?, ?, ?)",
                                   metrics(run, 80 + (cell * 37 + seed) % 101))
            for kind in ("samples", "reconstructions"):
                connection.execute("INSERT INTO image (run, kind, name, format, epoch, bytes) VALUES (?, ?, ?, 'png', ?, ?)",
                                   (run, kind, kind, EPOCHS, picture(64, run % 256)))
    connection.close()


if __name__ == "__main__":
    fill(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2000)
