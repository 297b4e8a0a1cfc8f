-- What of a record that is known only by a unit falls on each finer or other unit: a record of a
-- district that was parted among four communes counts in part in each, by where people live.
CREATE TABLE unit_set_share (
    target TEXT NOT NULL,
    unit_set_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    share DOUBLE PRECISION NOT NULL,
    CONSTRAINT pk_unit_set_share PRIMARY KEY (target, unit_set_id, code),
    CONSTRAINT ck_unit_set_share_share CHECK (share > 0 AND share <= 1.000001),
    CONSTRAINT fk_unit_set_share_unit_set_id_unit_set
        FOREIGN KEY (unit_set_id) REFERENCES unit_set (id) ON DELETE CASCADE
);
COMMENT ON COLUMN unit_set_share.target IS 'The column of unit_set that is null';

-- The parts in which both editions agree: an old commune, or what of it went to a new one. A new
-- commune's inhabitants are spread over its parts by the shares of the old communes' areas; where
-- nobody counted them, they are taken to live as densely as elsewhere.
CREATE VIEW crosswalk_part AS
SELECT crosswalk.new_code AS commune_2025, new.parent_code AS province_2025,
    crosswalk.old_code AS commune_2024, crosswalk.old_district_code AS district_2024,
    crosswalk.old_province_code AS province_2024,
    coalesce(
            people.value,
            new.area_km2 * coalesce(
                sum(people.value) OVER () / sum(new.area_km2) FILTER (WHERE people.value > 0) OVER (),
                1
            )
        )
        * coalesce(crosswalk.share_area, 1)
        / sum(coalesce(crosswalk.share_area, 1)) OVER (PARTITION BY crosswalk.new_code) AS weight
FROM crosswalk
JOIN unit AS new
    ON new.edition = '2025' AND new.level = 'commune' AND new.code = crosswalk.new_code
LEFT JOIN LATERAL (
    SELECT value FROM population
    WHERE edition = '2025' AND level = 'commune' AND code = crosswalk.new_code AND value > 0
    ORDER BY year DESC LIMIT 1
) AS people ON true;

-- Makes the shares of these sets anew.
CREATE FUNCTION unit_set_apportion(sets integer[]) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM unit_set_share WHERE unit_set_id = ANY (sets);
    WITH part AS MATERIALIZED (SELECT * FROM crosswalk_part),
    -- Each part under every unit that it lies in: sets find theirs by the finest unit they have.
    keyed AS (
        SELECT part.*, key.target, key.code
        FROM part
        CROSS JOIN LATERAL (
            VALUES ('commune_2025', commune_2025), ('commune_2024', commune_2024),
                ('district_2024', district_2024), ('province_2025', province_2025),
                ('province_2024', province_2024)
        ) AS key (target, code)
    ),
    asked AS (
        SELECT unit_set.*, finest.target, finest.code
        FROM unit_set
        CROSS JOIN LATERAL (
            SELECT target, code
            FROM (
                VALUES (1, 'commune_2025', commune_2025), (2, 'commune_2024', commune_2024),
                    (3, 'district_2024', district_2024), (4, 'province_2025', province_2025),
                    (5, 'province_2024', province_2024)
            ) AS known (rank, target, code)
            WHERE code IS NOT NULL
            ORDER BY rank
            LIMIT 1
        ) AS finest
        WHERE unit_set.id = ANY (sets)
    )
    INSERT INTO unit_set_share (target, unit_set_id, code, share)
    SELECT level.target, asked.id, level.code,
        sum(keyed.weight) / sum(sum(keyed.weight)) OVER (PARTITION BY level.target, asked.id)
    FROM asked
    JOIN keyed USING (target, code)
    CROSS JOIN LATERAL (
        VALUES ('commune_2025', asked.commune_2025, keyed.commune_2025),
            ('province_2025', asked.province_2025, keyed.province_2025),
            ('commune_2024', asked.commune_2024, keyed.commune_2024),
            ('district_2024', asked.district_2024, keyed.district_2024),
            ('province_2024', asked.province_2024, keyed.province_2024)
    ) AS level (target, known, code)
    WHERE level.known IS NULL
        AND (asked.commune_2025 IS NULL OR asked.commune_2025 = keyed.commune_2025)
        AND (asked.province_2025 IS NULL OR asked.province_2025 = keyed.province_2025)
        AND (asked.commune_2024 IS NULL OR asked.commune_2024 = keyed.commune_2024)
        AND (asked.district_2024 IS NULL OR asked.district_2024 = keyed.district_2024)
        AND (asked.province_2024 IS NULL OR asked.province_2024 = keyed.province_2024)
    GROUP BY level.target, asked.id, level.code
    HAVING sum(keyed.weight) > 0
$$;

CREATE FUNCTION unit_set_follow() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh) THEN
        PERFORM unit_set_apportion(ARRAY(SELECT id FROM fresh));
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER unit_set_insert AFTER INSERT ON unit_set
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION unit_set_follow();

SELECT unit_set_apportion(ARRAY(SELECT id FROM unit_set));
