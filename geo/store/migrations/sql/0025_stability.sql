-- How the classes of a run hold when it is computed again among other neighbours, over other
-- periods, and without some of the records. Null until the run has been examined.
ALTER TABLE hotspot_run ADD COLUMN variants JSONB;
COMMENT ON COLUMN hotspot_run.variants IS
    'how many variants were computed, by family: neighbours, periods, records';

ALTER TABLE hotspot_result
    ADD COLUMN kept_neighbours SMALLINT,
    ADD COLUMN kept_periods SMALLINT,
    ADD COLUMN kept_records SMALLINT,
    ADD COLUMN lowest_class SMALLINT,
    ADD COLUMN highest_class SMALLINT;
COMMENT ON COLUMN hotspot_result.kept_neighbours IS
    'in how many of the variants of that family the unit stays hot, cold or neither';
