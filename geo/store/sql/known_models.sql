-- The clubs and models that these texts name: by id, or by external id where it is no other's; of
-- several that bear it, the one of the file's own source.
SELECT DISTINCT ON (said.text) said.text, model.id::text
FROM unnest(CAST(:texts AS text[])) AS said (text)
JOIN prevention_model AS model
    ON (model.id::text = lower(said.text) OR model.external_id = said.text)
    AND model.deleted_at IS NULL
ORDER BY said.text, model.source = :source DESC, model.id
