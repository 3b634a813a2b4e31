-- What a classifier took each label for; pairs that never occurred have no row.

CREATE TABLE confusion (
  run   INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  split TEXT NOT NULL,
  label INTEGER NOT NULL CHECK (label >= 0),
  guess INTEGER NOT NULL CHECK (guess >= 0),
  count INTEGER NOT NULL CHECK (count > 0),
  PRIMARY KEY (run, split, label, guess)
) STRICT, WITHOUT ROWID;
