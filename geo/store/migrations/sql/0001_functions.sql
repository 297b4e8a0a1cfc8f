-- Extensions: the private cluster's superuser has made them already; elsewhere the owner may.
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then random bits, so that new rows lie
-- together in the index. PostgreSQL has its own from version 18 on.
CREATE FUNCTION uuid_v7() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT encode(
        set_bit(
            set_bit(
                overlay(
                    uuid_send(gen_random_uuid())
                    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                    FROM 1 FOR 6
                ),
                52, 1
            ),
            53, 1
        ),
        'hex'
    )::uuid
$$;

-- Months since January of year 0 in Vietnamese time, so that a month is one integer to compare.
CREATE FUNCTION month_number(moment timestamptz) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (extract(year FROM moment AT TIME ZONE 'Asia/Ho_Chi_Minh') * 12
        + extract(month FROM moment AT TIME ZONE 'Asia/Ho_Chi_Minh') - 1)::integer
$$;

-- The cell of the 0.01 degree grid in which a position lies: the key of unit_cell.
CREATE FUNCTION grid_cell(longitude double precision, latitude double precision) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (floor(latitude * 100) * 36000 + floor(longitude * 100))::integer
$$;

-- Whether a status counts: records found to be duplicates or no trafficking do not.
CREATE FUNCTION is_countable(status text, deleted_at timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT deleted_at IS NULL AND status NOT IN ('duplicate', 'not_victim')
$$;

-- Names without tone marks, in lower case; đ is no accented d to unaccent's rules in every version.
CREATE FUNCTION plain_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower(unaccent('unaccent', translate(normalize(name, NFC), 'đĐ', 'dD')))
$$;
