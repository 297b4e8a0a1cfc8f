-- The layers that are analysed as a matter of course, each with the last day that counts: that of the
-- newest incident, or the last one on which the edition was in force.
SELECT layer.edition, layer.level, edition.valid_to IS NULL AS is_in_force,
    least(
        coalesce(edition.valid_to, 'infinity'),
        coalesce(
            (SELECT (last_until_now AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM store_overview()),
            current_date
        )
    ) AS last_day
FROM boundary_layer AS layer
JOIN boundary_edition AS edition ON edition.name = layer.edition
WHERE layer.level <> 'province'
ORDER BY layer.edition DESC, layer.level
