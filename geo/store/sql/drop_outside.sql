-- Rows whose point lies in no unit do not go in.
DELETE FROM staged_record AS staged
USING located
WHERE located.row_number = staged.row_number AND located.assignment = 'outside'
