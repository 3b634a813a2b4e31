-- Where runs were trained; how many runs, in how many sessions, for how long, by machine and threads.
SELECT session.host, session.processor, session.instruction_set, session.threads,
       count(DISTINCT session.run) AS runs, count(*) AS sessions, sum(session.seconds) / 3600 AS hours,
       max(coalesce(session.ended, session.started)) AS last_seen
FROM session
GROUP BY session.host, session.processor, session.instruction_set, session.threads
ORDER BY hours DESC, session.host;
