-- Points just outside every unit are doubtful places, too: an import asks for those of its rows, and had
-- to look at all records for them.
DROP INDEX ix_incident_doubtful_place;
CREATE INDEX ix_incident_doubtful_place ON incident (id)
    WHERE assignment = 'nearest' OR location_flags <> '{}' OR is_coarse(precision, accuracy_m);
DROP INDEX ix_outreach_event_doubtful_place;
CREATE INDEX ix_outreach_event_doubtful_place ON outreach_event (id)
    WHERE assignment = 'nearest' OR location_flags <> '{}' OR is_coarse(precision, accuracy_m);
DROP INDEX ix_prevention_model_doubtful_place;
CREATE INDEX ix_prevention_model_doubtful_place ON prevention_model (id)
    WHERE assignment = 'nearest' OR location_flags <> '{}' OR is_coarse(precision, accuracy_m);
