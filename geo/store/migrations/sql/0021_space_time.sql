-- Runs of every method: what they left out and why, the border line that they read, and results of
-- emerging hotspots, of local Moran's I and of the space-time scan.
ALTER TABLE hotspot_run
    ADD COLUMN border_fingerprint TEXT,
    ADD COLUMN left_out JSONB NOT NULL DEFAULT '{}';
COMMENT ON COLUMN hotspot_run.border_fingerprint IS
    'of the land-border line; null for a run that does not depend on it';
COMMENT ON COLUMN hotspot_run.left_out IS 'records and units that took no part, by reason';

ALTER TABLE hotspot_result
    ADD COLUMN quadrant SMALLINT,
    ADD COLUMN trend_z DOUBLE PRECISION,
    ADD COLUMN trend_p DOUBLE PRECISION,
    ADD COLUMN states SMALLINT[],
    ADD COLUMN cluster_rank SMALLINT;

CREATE TABLE hotspot_cluster (
    run_id UUID NOT NULL,
    rank SMALLINT NOT NULL,
    centre TEXT NOT NULL,
    members TEXT[] NOT NULL,
    radius_m DOUBLE PRECISION NOT NULL,
    period_from DATE NOT NULL,
    period_to DATE NOT NULL,
    incidents INTEGER NOT NULL,
    expected DOUBLE PRECISION NOT NULL,
    relative_risk DOUBLE PRECISION,
    ratio DOUBLE PRECISION NOT NULL,
    p DOUBLE PRECISION NOT NULL,
    gumbel_p DOUBLE PRECISION NOT NULL,
    recurrence_months DOUBLE PRECISION,
    class SMALLINT NOT NULL,
    CONSTRAINT pk_hotspot_cluster PRIMARY KEY (run_id, rank),
    CONSTRAINT fk_hotspot_cluster_run_id_hotspot_run FOREIGN KEY (run_id)
        REFERENCES hotspot_run (id) ON DELETE CASCADE
);
COMMENT ON COLUMN hotspot_cluster.period_to IS 'the day after the last one of the cluster';
COMMENT ON COLUMN hotspot_cluster.relative_risk IS 'null where there is no incident outside';
GRANT SELECT, INSERT ON hotspot_cluster TO bienmap_app;
