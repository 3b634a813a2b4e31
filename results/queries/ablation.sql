-- Mean and spread of the test numbers of each cell over seeds and repeats; finished runs only. Runs that differ in more
-- than the seed are other cells, also where their names agree.
-- :experiment []: of one experiment; empty: of all
WITH latest AS (
  SELECT max(run.id) AS id, json_remove(run.config, '$.seed') AS settings FROM run WHERE run.status = 'done'
  GROUP BY run.experiment, settings, run.seed
),
number AS (
  SELECT latest.settings, run.experiment, run.label AS cell, run.task, run.dataset, run.read, run.write, run_result.test_nll AS nll,
         run_result.test_kl AS kl, run_result.test_error AS error, run.seconds
  FROM latest JOIN run ON run.id = latest.id JOIN run_result ON run_result.run = run.id
  WHERE :experiment = '' OR run.experiment = :experiment
)
SELECT experiment, dataset, read, write, cell, count(*) AS runs,
       avg(nll) AS test_nll,
       CASE WHEN count(nll) > 1 THEN
         sqrt(max(0.0, (sum(nll * nll) - count(nll) * avg(nll) * avg(nll)) / (count(nll) - 1))) END AS test_nll_sd,
       avg(kl) AS test_kl,
       CASE WHEN count(kl) > 1 THEN
         sqrt(max(0.0, (sum(kl * kl) - count(kl) * avg(kl) * avg(kl)) / (count(kl) - 1))) END AS test_kl_sd,
       avg(error) AS test_error,
       avg(seconds) AS seconds
FROM number
GROUP BY experiment, task, dataset, read, write, cell, settings
ORDER BY experiment, test_nll IS NULL, test_nll;
