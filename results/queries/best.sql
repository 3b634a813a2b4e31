-- The best finished runs by the bound on the test split.
-- :experiment []: of one experiment; empty: of all
-- :limit [10]: rows at most
SELECT experiment, run, dataset, read, write, seed, epochs, test_nll, test_reconstruction, test_kl, seconds
FROM leaderboard
WHERE status = 'done' AND test_nll IS NOT NULL AND (:experiment = '' OR experiment = :experiment)
ORDER BY test_nll, run
LIMIT :limit;
