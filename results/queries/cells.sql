-- One line a cell: its test result, the mean over seeds, and the minutes that a run trained; finished runs only.
-- :experiment []: of one experiment; empty: of all
WITH latest AS (
  SELECT max(run.id) AS id FROM run WHERE run.status = 'done'
  GROUP BY run.experiment, json_remove(run.config, '$.seed'), run.seed
)
SELECT run.experiment,
       CASE WHEN run.label IN ('', 'base') THEN run.read || CASE run.write WHEN '' THEN '' ELSE ', ' || run.write END
            ELSE run.label END AS cell,
       run.dataset, count(*) AS runs, max(run_result.epochs) AS epochs,
       round(avg(run_result.test_nll), CASE run.task WHEN 'classify' THEN 4 ELSE 2 END) AS test_nll,
       round(avg(run_result.test_kl), 2) AS test_kl,
       round(100 * avg(run_result.test_error), 2) AS test_error_percent,
       CAST(round(avg(run.seconds) / 60) AS INTEGER) AS minutes, max(run.threads) AS threads
FROM latest JOIN run ON run.id = latest.id JOIN run_result ON run_result.run = run.id
WHERE :experiment = '' OR run.experiment = :experiment
GROUP BY run.experiment, run.label, run.task, run.dataset, run.read, run.write
ORDER BY run.experiment, avg(run_result.test_nll) IS NULL, avg(run_result.test_nll);
