-- A run's learning curve: the bound and its parts, epoch by epoch.
-- :run: the run's number
-- :split [validation]: train, validation or test
SELECT epoch, nll, reconstruction, kl, error FROM curve
WHERE run = :run AND split = :split
ORDER BY epoch;
