SELECT id
FROM hotspot_run
WHERE method = :method AND edition = :edition AND level = :level
    AND period_from = :period_from AND period_to = :period_to
    AND parameters = :parameters
    AND data_fingerprint = :data_fingerprint AND boundary_fingerprint = :boundary_fingerprint
    AND border_fingerprint IS NOT DISTINCT FROM :border_fingerprint
    AND software_version = :software_version AND is_restricted = :is_restricted
ORDER BY created_at DESC
LIMIT 1
