-- A unit that goes takes its shapes along: by the key, in which their zoom comes before the unit, all
-- shapes of the level were looked through for each.
CREATE INDEX ix_unit_shape_unit ON unit_shape (edition, level, code);
