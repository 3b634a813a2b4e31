-- Bounds measured after training, each as what it is: the plain bound, or an importance-weighted one.
CREATE TABLE evaluation (
  id                 INTEGER PRIMARY KEY,
  run                INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  split              TEXT NOT NULL,
  samples            INTEGER NOT NULL,
  kind               TEXT NOT NULL CHECK (kind IN ('plain', 'importance')),
  passes             INTEGER NOT NULL CHECK (passes >= 1),
  importance_samples INTEGER NOT NULL DEFAULT 1 CHECK (importance_samples >= 1),
  nll                REAL NOT NULL,
  standard_error     REAL,
  reconstruction     REAL,
  kl                 REAL,
  error              REAL,
  effective_samples  REAL,
  checkpoint_sha256  TEXT NOT NULL,
  version            TEXT NOT NULL,
  evaluated          TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  UNIQUE (run, split, samples, kind, passes, importance_samples, checkpoint_sha256)
) STRICT;
