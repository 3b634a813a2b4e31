-- Two cells may differ in the options of their modes alone: the leaderboard says what the grid varies in each.

DROP VIEW leaderboard;
CREATE VIEW leaderboard AS
SELECT run.experiment, run.id AS run, run.dataset, run.task, run.read, run.write, run.seed, run_status.status,
       run_result.epochs, run_result.test_nll, run_result.test_reconstruction, run_result.test_kl,
       run_result.test_error, round(run.seconds, 1) AS seconds, run.label AS cell
FROM run
JOIN run_status ON run_status.run = run.id
JOIN run_result ON run_result.run = run.id
ORDER BY run.experiment, run_result.test_nll IS NULL, run_result.test_nll, run.id;
