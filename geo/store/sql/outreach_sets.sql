-- Outreach events of a period [from, to) by their set of units.
SELECT unit_set_id, events AS value FROM outreach_between(CAST(:from AS date), CAST(:to AS date))
