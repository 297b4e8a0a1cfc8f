-- One text that changes with the land-border line.
SELECT md5(string_agg(neighbour || md5(ST_AsBinary(geom)), ' ' ORDER BY neighbour)) FROM border_line
