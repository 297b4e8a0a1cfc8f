-- What the address of a layer's tiles names. It changes with all that a tile shows: the boundaries,
-- their names as they were loaded, and the changes of names that hold by today.
SELECT layer.edition, layer.level, layer.fingerprint || '-' || left(md5(concat_ws(E'\n',
    extract(epoch FROM layer.loaded_at), string_agg(
        concat_ws(' ', amended.code, amended.valid_from, amended.full_name), E'\n'
        ORDER BY amended.code, amended.valid_from))), 12) AS key
FROM boundary_layer AS layer
LEFT JOIN unit_amendment AS amended
    ON (amended.edition, amended.level) = (layer.edition, layer.level)
    AND amended.valid_from <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
GROUP BY layer.edition, layer.level
