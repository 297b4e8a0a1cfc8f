-- One text that changes with the border, its gates, any layer of units, or how all is derived.
SELECT 'derivation 2 ' || concat_ws(' ',
    (SELECT string_agg(neighbour || md5(ST_AsBinary(geom)), ' ' ORDER BY neighbour)
        FROM border_line),
    (SELECT string_agg(code || ST_AsText(point), ' ' ORDER BY code) FROM border_gate),
    (SELECT string_agg(edition || level || fingerprint, ' ' ORDER BY edition, level)
        FROM boundary_layer)
)
