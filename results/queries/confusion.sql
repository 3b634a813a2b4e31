-- What a classifier took each label for, how often, and the share of the label's samples.
-- :run: the run's number
-- :split [test]: train, validation or test
SELECT label, guess, count, count * 1.0 / sum(count) OVER (PARTITION BY label) AS share
FROM confusion
WHERE run = :run AND split = :split
ORDER BY label, count DESC, guess;
