-- The first and the last month with countable incidents, and whether any record is invented.
SELECT month_number(first) AS first_month, month_number(last) AS last_month, has_demo
FROM store_overview()
