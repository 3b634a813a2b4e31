-- Every run with its test numbers, the best first within its experiment.
-- :experiment []: of one experiment; empty: of all
SELECT * FROM leaderboard
WHERE :experiment = '' OR experiment = :experiment;
