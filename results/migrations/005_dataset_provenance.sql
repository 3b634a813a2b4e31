-- Datasets of one checksum that are described otherwise, such as two compositions of the same digits, are two rows.
-- Done as SQLite's documentation of ALTER TABLE advises, with foreign keys not enforced meanwhile.
CREATE TABLE new_dataset (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  checksum   TEXT NOT NULL,
  provenance TEXT NOT NULL DEFAULT '',
  sources    TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(sources)),
  UNIQUE (name, checksum, provenance)
) STRICT;
INSERT INTO new_dataset (id, name, checksum, provenance, sources) SELECT id, name, checksum, provenance, sources FROM dataset;
DROP TABLE dataset;
ALTER TABLE new_dataset RENAME TO dataset;
