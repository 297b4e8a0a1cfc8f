-- What the names of places hang on, as one value: it changes when boundaries are loaded, names are
-- added, or a day comes on which a unit's name changes. Equal values mean equal names, whichever
-- copy of a database they come from.
SELECT md5(concat_ws('|',
    (SELECT string_agg(edition || level || fingerprint || loaded_at, ',' ORDER BY edition, level)
        FROM boundary_layer),
    (SELECT string_agg(kind || name || edition || level || code, ',' ORDER BY kind, name, code)
        FROM place_name),
    -- Who writes there waits for who wrote before, so that this never goes back.
    (SELECT max(updated_at) FROM added_name),
    (SELECT string_agg(edition || level || code || full_name || valid_from, ','
            ORDER BY edition, level, code, valid_from)
        FROM unit_amendment),
    (SELECT max(valid_from) FROM unit_amendment
        WHERE valid_from <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
))
