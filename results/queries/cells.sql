-- One line a cell: its test result, the mean over seeds, and the minutes that a run trained; finished runs only.
-- Cells of one name and other settings are numbered.
-- :experiment []: of one experiment; empty: of all
WITH latest AS (
  SELECT max(run.id) AS id, json_remove(run.config, '$.seed') AS settings FROM run WHERE run.status = 'done'
  GROUP BY run.experiment, settings, run.seed
),
cell AS (
  SELECT run.experiment,
         CASE WHEN run.label IN ('', 'base') THEN run.read || CASE run.write WHEN '' THEN '' ELSE ', ' || run.write END
              ELSE run.label END AS name,
         run.task, run.dataset, count(*) AS runs, max(run_result.epochs) AS epochs, avg(run_result.test_nll) AS test_nll,
         avg(run_result.test_kl) AS test_kl, avg(run_result.test_error) AS test_error, avg(run.seconds) AS seconds,
         max(run.threads) AS threads, min(run.id) AS first_run
  FROM latest JOIN run ON run.id = latest.id JOIN run_result ON run_result.run = run.id
  WHERE :experiment = '' OR run.experiment = :experiment
  GROUP BY run.experiment, latest.settings, name, run.task, run.dataset, run.read, run.write
),
numbered AS (
  SELECT *, row_number() OVER (PARTITION BY experiment, name, dataset ORDER BY first_run) AS number FROM cell
)
SELECT experiment, name || CASE number WHEN 1 THEN '' ELSE ' (' || number || ')' END AS cell, dataset, runs, epochs,
       round(test_nll, CASE task WHEN 'classify' THEN 4 ELSE 2 END) AS test_nll, round(test_kl, 2) AS test_kl,
       round(100 * test_error, 2) AS test_error_percent, CAST(round(seconds / 60) AS INTEGER) AS minutes, threads
FROM numbered
ORDER BY experiment, numbered.test_nll IS NULL, numbered.test_nll;
