-- Outreach events of a period [from, to) by the unit that `column` of unit_set names.
SELECT to_jsonb(unit_set) ->> :column AS code, sum(total.events)::integer AS outreach
FROM (
    SELECT unit_set_id, count(*) AS events
    FROM outreach_event
    WHERE deleted_at IS NULL
        AND occurred_from >= (CAST(:from AS date))::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        AND occurred_from < (CAST(:to AS date))::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
    GROUP BY unit_set_id
) AS total
JOIN unit_set ON unit_set.id = total.unit_set_id
GROUP BY 1
