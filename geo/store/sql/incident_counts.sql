-- Countable incidents, or their victims, of a period for all units of a level in the order of their
-- codes, and of the whole country; and apart from these what falls on each unit in part. Whole months
-- come from the cells: from the month after the first months_before of first_year up to last_month of
-- last_year. The days between the period's ends and these months, [head_from, head_to) and [tail_from, tail_to), come from an index of incidents; where
-- they lie outside the period, their sign is -1.
WITH part AS (
    SELECT unit_set_id, counts[upto] - coalesce(counts[before], 0) AS value
    FROM incident_cell
    CROSS JOIN LATERAL (
        SELECT CASE CAST(:measure AS text) WHEN 'victims' THEN victims ELSE incidents END,
            CASE year WHEN :last_year THEN :last_month ELSE 12 END,
            CASE year WHEN :first_year THEN :months_before ELSE 0 END
    ) AS months (counts, upto, before)
    WHERE year BETWEEN :first_year AND :last_year
        AND kind = ANY (CASE CAST(:kinds AS text[]) WHEN '{}' THEN '{""}' ELSE :kinds END)
    UNION ALL
    SELECT unit_set_id, :head_sign * CASE CAST(:measure AS text) WHEN 'victims' THEN victims ELSE incidents END
    FROM incidents_between(CAST(:head_from AS date), CAST(:head_to AS date), CAST(:kinds AS text[]))
    UNION ALL
    SELECT unit_set_id, :tail_sign * CASE CAST(:measure AS text) WHEN 'victims' THEN victims ELSE incidents END
    FROM incidents_between(CAST(:tail_from AS date), CAST(:tail_to AS date), CAST(:kinds AS text[]))
),
total AS (
    SELECT unit_set_id, sum(value)::integer AS value FROM part GROUP BY unit_set_id
),
coded AS (
    SELECT CASE CAST(:column AS text)
            WHEN 'commune_2025' THEN unit_set.commune_2025
            WHEN 'province_2025' THEN unit_set.province_2025
            WHEN 'commune_2024' THEN unit_set.commune_2024
            WHEN 'district_2024' THEN unit_set.district_2024
            WHEN 'province_2024' THEN unit_set.province_2024
        END AS code,
        total.value, 0 AS is_unit
    -- From all sets, which are few: how many have a count the planner cannot know, and would loop.
    FROM unit_set
    LEFT JOIN total ON total.unit_set_id = unit_set.id
    UNION ALL
    -- Units without records are listed too; codes that are no unit's count in the total alone.
    SELECT code, 0, 1 FROM unit WHERE edition = :edition AND level = :level
)
SELECT coalesce(array_agg(code) FILTER (WHERE is_unit > 0), '{}') AS codes,
    coalesce(array_agg(value) FILTER (WHERE is_unit > 0), '{}') AS values,
    coalesce(sum(value), 0)::integer AS total,
    -- What is known only by units that lie in several of this level, on each of these.
    coalesce((
        SELECT jsonb_object_agg(code, value)
        FROM (
            SELECT share.code, sum(total.value * share.share) AS value
            FROM total
            JOIN unit_set_share AS share
                ON share.unit_set_id = total.unit_set_id AND share.target = :column
            JOIN unit
                ON unit.edition = :edition AND unit.level = :level AND unit.code = share.code
            WHERE total.value <> 0
            GROUP BY share.code
        ) AS part
    ), '{}') AS apportioned
FROM (
    SELECT code, coalesce(sum(value), 0)::integer AS value, sum(is_unit) AS is_unit
    FROM coded
    GROUP BY code
    ORDER BY code COLLATE "C"
) AS counted
