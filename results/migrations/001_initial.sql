-- The record of experiments: what was tried, on what, where, and what came of it.
-- Released migrations are never edited; a change is a new file with the next number.

CREATE TABLE experiment (
  name        TEXT PRIMARY KEY,
  description TEXT NOT NULL DEFAULT '',
  file        TEXT NOT NULL DEFAULT '',
  text        TEXT NOT NULL DEFAULT '',
  created     TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  updated     TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) STRICT;

CREATE TABLE dataset (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  checksum   TEXT NOT NULL,
  provenance TEXT NOT NULL DEFAULT '',
  sources    TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(sources)),
  UNIQUE (name, checksum)
) STRICT;

CREATE TABLE plugin (
  id      INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL,
  name    TEXT NOT NULL,
  version TEXT NOT NULL,
  sha256  TEXT NOT NULL,
  path    TEXT NOT NULL,
  UNIQUE (kind, name, version, sha256, path)
) STRICT;

CREATE TABLE run (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  experiment      TEXT NOT NULL REFERENCES experiment (name) ON UPDATE CASCADE,
  identity        TEXT NOT NULL,
  attempt         INTEGER NOT NULL DEFAULT 1 CHECK (attempt >= 1),
  label           TEXT NOT NULL DEFAULT '',
  config          TEXT NOT NULL CHECK (json_valid(config)),
  task            TEXT NOT NULL,
  dataset         TEXT NOT NULL,
  dataset_id      INTEGER REFERENCES dataset (id),
  read            TEXT NOT NULL DEFAULT '',
  write           TEXT NOT NULL DEFAULT '',
  seed            INTEGER NOT NULL,
  repeat          INTEGER NOT NULL DEFAULT 0,
  status          TEXT NOT NULL DEFAULT 'pending'
                  CHECK (status IN ('pending', 'running', 'stopped', 'done', 'diverged', 'failed')),
  error           TEXT,
  diverged_step   INTEGER,
  seconds         REAL NOT NULL DEFAULT 0,
  created         TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  started         TEXT,
  finished        TEXT,
  version         TEXT NOT NULL DEFAULT '',
  git_commit      TEXT,
  git_dirty       INTEGER NOT NULL DEFAULT 0 CHECK (git_dirty IN (0, 1)),
  host            TEXT,
  processor       TEXT,
  instruction_set TEXT,
  threads         INTEGER,
  UNIQUE (experiment, identity, attempt)
) STRICT;

CREATE TABLE run_plugin (
  run    INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  plugin INTEGER NOT NULL REFERENCES plugin (id),
  PRIMARY KEY (run, plugin)
) STRICT, WITHOUT ROWID;

-- One stretch of training by one process; a run that was interrupted has several.
CREATE TABLE session (
  id              INTEGER PRIMARY KEY,
  run             INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  holder          TEXT NOT NULL,
  host            TEXT NOT NULL,
  processor       TEXT NOT NULL,
  instruction_set TEXT NOT NULL,
  threads         INTEGER NOT NULL,
  machine         TEXT NOT NULL,
  process         INTEGER NOT NULL,
  process_start   INTEGER NOT NULL,
  started         TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  ended           TEXT,
  ending          TEXT,
  seconds         REAL NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX session_run ON session (run);

-- Who trains a run now; heartbeat in seconds since 1970.
CREATE TABLE lease (
  run       INTEGER PRIMARY KEY REFERENCES run (id) ON DELETE CASCADE,
  session   INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  holder    TEXT NOT NULL,
  heartbeat INTEGER NOT NULL
) STRICT;

CREATE TABLE metric (
  run       INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  split     TEXT NOT NULL,
  name      TEXT NOT NULL,
  epoch     INTEGER NOT NULL,
  value     REAL,
  nonfinite TEXT CHECK (nonfinite IN ('nan', 'inf', '-inf')),
  PRIMARY KEY (run, split, name, epoch),
  CHECK ((value IS NULL) = (nonfinite IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE image (
  id      INTEGER PRIMARY KEY,
  run     INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  kind    TEXT NOT NULL CHECK (kind IN ('samples', 'sequence', 'reconstructions', 'data', 'neighbours')),
  name    TEXT NOT NULL,
  format  TEXT NOT NULL CHECK (format IN ('png', 'webp')),
  caption TEXT NOT NULL DEFAULT '',
  epoch   INTEGER NOT NULL DEFAULT 0,
  bytes   BLOB NOT NULL,
  UNIQUE (run, kind, name)
) STRICT;

CREATE TABLE artifact (
  id      INTEGER PRIMARY KEY,
  run     INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  kind    TEXT NOT NULL DEFAULT 'checkpoint',
  path    TEXT NOT NULL,
  sha256  TEXT NOT NULL,
  epoch   INTEGER NOT NULL,
  step    INTEGER NOT NULL,
  written TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  UNIQUE (run, kind)
) STRICT;

CREATE TABLE event (
  id   INTEGER PRIMARY KEY,
  run  INTEGER REFERENCES run (id) ON DELETE CASCADE,
  time TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  name TEXT NOT NULL,
  text TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX event_run ON event (run);

-- One row a run: how it stands, whether or not its process had the time to say so.
CREATE VIEW run_status AS
SELECT run.id AS run,
       CASE WHEN run.status = 'stopped' THEN 'interrupted'
            WHEN run.status = 'running'
                 AND coalesce(CAST(strftime('%s', 'now') AS INTEGER) - lease.heartbeat >= 10, 1) THEN 'interrupted'
            ELSE run.status END AS status
FROM run LEFT JOIN lease ON lease.run = run.id;

-- One row a run: the numbers that stand for it.
CREATE VIEW run_result AS
SELECT run.id AS run,
       max(coalesce((SELECT max(epoch) FROM metric WHERE metric.run = run.id AND split = 'train' AND name = 'nll'), 0),
           coalesce((SELECT max(epoch) FROM metric WHERE metric.run = run.id AND split = 'validation' AND name = 'nll'), 0))
         AS epochs,
       (SELECT min(value) FROM metric WHERE metric.run = run.id AND split = 'validation' AND name = 'nll') AS best_nll,
       (SELECT value FROM metric WHERE metric.run = run.id AND split = 'test' AND name = 'nll'
        ORDER BY epoch DESC LIMIT 1) AS test_nll,
       (SELECT value FROM metric WHERE metric.run = run.id AND split = 'test' AND name = 'reconstruction'
        ORDER BY epoch DESC LIMIT 1) AS test_reconstruction,
       (SELECT value FROM metric WHERE metric.run = run.id AND split = 'test' AND name = 'kl'
        ORDER BY epoch DESC LIMIT 1) AS test_kl,
       (SELECT value FROM metric WHERE metric.run = run.id AND split = 'test' AND name = 'error'
        ORDER BY epoch DESC LIMIT 1) AS test_error
FROM run;

CREATE VIEW leaderboard AS
SELECT run.experiment, run.id AS run, run.dataset, run.task, run.read, run.write, run.seed, run_status.status,
       run_result.epochs, run_result.test_nll, run_result.test_reconstruction, run_result.test_kl,
       run_result.test_error, round(run.seconds, 1) AS seconds
FROM run
JOIN run_status ON run_status.run = run.id
JOIN run_result ON run_result.run = run.id
ORDER BY run.experiment, run_result.test_nll IS NULL, run_result.test_nll, run.id;

CREATE VIEW curve AS
SELECT run.experiment, run.id AS run, run.read, run.write, run.seed, metric.epoch, metric.split,
       max(CASE metric.name WHEN 'nll' THEN metric.value END) AS nll,
       max(CASE metric.name WHEN 'reconstruction' THEN metric.value END) AS reconstruction,
       max(CASE metric.name WHEN 'kl' THEN metric.value END) AS kl,
       max(CASE metric.name WHEN 'error' THEN metric.value END) AS error
FROM metric JOIN run ON run.id = metric.run
WHERE metric.name IN ('nll', 'reconstruction', 'kl', 'error')
GROUP BY run.id, metric.epoch, metric.split
ORDER BY run.experiment, run.id, metric.epoch,
         CASE metric.split WHEN 'train' THEN 0 WHEN 'validation' THEN 1 ELSE 2 END;

CREATE VIEW failures AS
SELECT run.experiment, run.id AS run, run.label, run.status, run.diverged_step AS step, run.error, run.host,
       run.started, run.finished
FROM run
WHERE run.status IN ('failed', 'diverged')
ORDER BY run.experiment, run.id;
