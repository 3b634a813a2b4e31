-- How fast each run of an experiment learns: validation, in nats, after some epochs, and the best so far.
-- :experiment [recipe_search]: the experiment
-- :first [1]: epochs of the first column
-- :second [3]: of the second
-- :third [5]: of the third
SELECT CASE WHEN run.label IN ('', 'base') THEN run.read || CASE run.write WHEN '' THEN '' ELSE ', ' || run.write END
            ELSE run.label END AS cell,
       json_extract(run.config, '$.model.normalization') AS normalization,
       json_extract(run.config, '$.training.learning_rate') AS learning_rate,
       json_extract(run.config, '$.training.schedule') AS schedule,
       json_extract(run.config, '$.training.precision') AS precision, run.seed,
       round(max(CASE curve.epoch WHEN :first THEN curve.nll END), 1) AS after_first,
       round(max(CASE curve.epoch WHEN :second THEN curve.nll END), 1) AS after_second,
       round(max(CASE curve.epoch WHEN :third THEN curve.nll END), 1) AS after_third,
       max(curve.epoch) AS epochs, round(min(curve.nll), 2) AS best_nll, run_status.status, run.id AS run
FROM run JOIN run_status ON run_status.run = run.id
JOIN curve ON curve.run = run.id AND curve.split = 'validation'
WHERE run.experiment = :experiment
GROUP BY run.id
ORDER BY cell, learning_rate, run.seed, run.id;
