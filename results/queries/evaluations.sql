-- Bounds measured after training by `drawlab evaluate`; only `plain` ones compare with published plain bounds.
-- :experiment []: of one experiment; empty: of all
SELECT run.experiment, evaluation.run, run.label AS cell, run.seed, evaluation.split, evaluation.samples,
       evaluation.kind AS bound, evaluation.passes, evaluation.importance_samples, evaluation.nll,
       evaluation.standard_error, evaluation.effective_samples
FROM evaluation JOIN run ON run.id = evaluation.run
WHERE :experiment = '' OR run.experiment = :experiment
ORDER BY run.experiment, evaluation.run, evaluation.split, evaluation.kind DESC, evaluation.importance_samples,
         evaluation.passes, evaluation.id;
