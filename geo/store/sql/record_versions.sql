-- Every version of a record that was kept, the oldest first, and the one that holds.
SELECT version, content FROM record_history
WHERE record_type = :record_type AND record_id = :id
UNION ALL
SELECT version, content FROM incident_content(CAST(:id AS uuid)) WHERE :record_type = 'incident'
UNION ALL
SELECT version, to_jsonb(outreach_event) FROM outreach_event
WHERE :record_type = 'outreach_event' AND id = :id
UNION ALL
SELECT version, content FROM network_content(ARRAY[CAST(:id AS uuid)]) WHERE :record_type = 'network'
UNION ALL
SELECT version, to_jsonb(support_measure) FROM support_measure
WHERE :record_type = 'support_measure' AND id = :id
UNION ALL
SELECT version, to_jsonb(prevention_model) FROM prevention_model
WHERE :record_type = 'prevention_model' AND id = :id
ORDER BY version
