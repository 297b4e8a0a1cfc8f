INSERT INTO network_leg (network_id, from_sequence, to_sequence, crossing)
SELECT network.id, staged.from_sequence, staged.to_sequence, staged.crossing
FROM staged_leg AS staged
JOIN network
    ON network.source = :source AND network.external_id = staged.network_external_id
