-- Every page of the map asks whether any incident is invented: where none is, it looked at all of them.
CREATE INDEX ix_incident_is_demo ON incident (id) WHERE is_demo;
