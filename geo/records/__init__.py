"""What a record is: code lists and the fields of each record type."""
