-- How many nats each glimpse's latent carries, from the latest epoch that recorded it.
-- :run: the run's number
-- :split [test]: train, validation or test
SELECT CAST(substr(name, length('kl_glimpse_') + 1) AS INTEGER) AS glimpse, value AS kl,
       sum(value) OVER (ORDER BY CAST(substr(name, length('kl_glimpse_') + 1) AS INTEGER)) AS kl_so_far
FROM metric
WHERE run = :run AND split = :split AND name GLOB 'kl_glimpse_[0-9]*'
  AND epoch = (SELECT max(latest.epoch) FROM metric AS latest
               WHERE latest.run = :run AND latest.split = :split AND latest.name GLOB 'kl_glimpse_[0-9]*')
ORDER BY glimpse;
