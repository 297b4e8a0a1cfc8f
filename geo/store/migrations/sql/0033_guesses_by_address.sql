SET LOCAL lock_timeout = '10s';

CREATE INDEX ix_sign_in_attempt_address ON sign_in_attempt (address, attempted_at);
COMMENT ON COLUMN sign_in_attempt.address IS 'of IPv6 the network of 64 bits, which is one customer';
