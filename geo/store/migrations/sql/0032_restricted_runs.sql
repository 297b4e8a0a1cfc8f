SET LOCAL lock_timeout = '10s';

ALTER TABLE hotspot_run ADD COLUMN is_restricted BOOLEAN DEFAULT true NOT NULL;
COMMENT ON COLUMN hotspot_run.is_restricted IS
    'whether it is for those alone who see all counts: it tells of single incidents';

-- What is stored was made without asking whether it tells of single incidents. Standard runs of Gi* over
-- whole months with many records, for any number of units, do not; the others are computed anew.
UPDATE hotspot_run SET is_restricted = false
WHERE standard_at IS NOT NULL AND method = 'gi_star' AND records_used >= 302
    AND extract(day FROM period_from) = 1 AND extract(day FROM period_to) = 1;
UPDATE hotspot_run SET standard_at = NULL WHERE is_restricted;
ALTER TABLE hotspot_run ALTER COLUMN is_restricted DROP DEFAULT;
