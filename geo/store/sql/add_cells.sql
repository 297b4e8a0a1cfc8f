-- Counts of a bulk load, in one order for all, so that two writers never wait for each other.
INSERT INTO incident_cell AS cell (kind, year, unit_set_id, incidents, victims)
SELECT kind, year, unit_set_id, incidents, victims FROM staged_cell
ORDER BY kind, year, unit_set_id
ON CONFLICT (kind, year, unit_set_id) DO UPDATE
SET incidents = array_plus(cell.incidents, excluded.incidents),
    victims = array_plus(cell.victims, excluded.victims)
