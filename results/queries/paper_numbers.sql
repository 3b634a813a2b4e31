-- The paper's bounds on the fixed binarisation of MNIST beside those of others and ours, in nats; docs/paper-numbers.md
-- says where each is from. `test_nll` is the plain bound, averaged over `passes` over the test split.
-- :experiment [paper_mnist]: the experiment that trained the paper's models
WITH published (read, model, paper, best_public) AS (
  VALUES ('gaussian', 'with attention', 80.97, 81.17), ('global', 'without attention', 87.40, NULL)
),
bound AS (
  SELECT evaluation.*, row_number() OVER (PARTITION BY run, kind
                                          ORDER BY samples DESC, passes DESC, importance_samples DESC, id DESC) AS place
  FROM evaluation WHERE split = 'test'
),
ours AS (
  SELECT run.*, run_result.best_nll, run_result.epochs, plain.nll, plain.standard_error, plain.kl, plain.passes,
         tighter.nll AS importance_nll, tighter.importance_samples,
         -- A model's number is that of the cell that validates best.
         row_number() OVER (PARTITION BY run.read ORDER BY run_result.best_nll, run.id) AS place
  FROM run JOIN run_result ON run_result.run = run.id
  LEFT JOIN bound AS plain ON plain.run = run.id AND plain.kind = 'plain' AND plain.place = 1
  LEFT JOIN bound AS tighter ON tighter.run = run.id AND tighter.kind = 'importance' AND tighter.place = 1
       AND tighter.samples = plain.samples
  WHERE run.experiment = :experiment AND run.status = 'done'
)
SELECT published.model, published.paper, published.best_public, round(ours.nll, 2) AS test_nll,
       round(ours.standard_error, 3) AS standard_error, ours.passes, round(ours.kl, 2) AS test_kl,
       round(ours.importance_nll, 2) AS importance_nll, ours.importance_samples,
       round(ours.best_nll, 2) AS validation_nll, json_extract(ours.config, '$.model.glimpses') AS glimpses, ours.epochs,
       round(ours.seconds / 3600, 1) AS hours, ours.threads,
       json_extract(ours.config, '$.model.normalization') AS normalization,
       json_extract(ours.config, '$.training.precision') AS precision,
       json_extract(ours.config, '$.training.learning_rate') AS learning_rate,
       json_extract(ours.config, '$.training.schedule') AS schedule,
       json_extract(ours.config, '$.training.batch') AS batch,
       json_extract(ours.config, '$.training.clip_norm') AS clip_norm,
       json_extract(ours.config, '$.training.averaging') AS averaging, ours.id AS run
FROM published LEFT JOIN ours ON ours.read = published.read AND ours.place = 1
ORDER BY published.paper;
