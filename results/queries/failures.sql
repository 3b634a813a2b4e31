-- The runs that failed or diverged, with where and why.
-- :experiment []: of one experiment; empty: of all
SELECT * FROM failures
WHERE :experiment = '' OR experiment = :experiment;
