-- Outreach events of before a day by set of units, kind, audiences and day, in a fixed order.
SELECT unit_set_id, kind, audiences, day, events, sessions, participants, uncounted
FROM outreach_held(CAST(:since AS date), CAST(:until AS date))
ORDER BY unit_set_id, day, kind, audiences
