-- Whether counts changed that a snapshot does not show, or boundaries or inhabitants (by which shares
-- go) did. Numbers of transactions that are yet to come stand for nothing: they came with a backup of
-- another server.
SELECT (
        SELECT coalesce(string_agg(fingerprint, ',' ORDER BY edition, level), '') FROM boundary_layer
    ) <> :boundaries
    OR (SELECT max(updated_at) FROM population) IS DISTINCT FROM CAST(:inhabitants AS timestamptz)
    OR (:has_cells AND NOT EXISTS (SELECT FROM incident_cell))
    OR EXISTS (
        SELECT FROM incident_cell
        WHERE changed >= :oldest
            AND changed < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
            AND NOT pg_visible_in_snapshot(changed::text::xid8, CAST(:snapshot AS pg_snapshot))
    )
