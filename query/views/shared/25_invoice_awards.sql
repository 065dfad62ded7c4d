-- The awards that claim an invoice, in the order in which they did. Grouped, not looked up by number: where a vault
-- opens sealed numbers or a reader may not see all, no index serves a number.
SELECT invoice_number, group_concat(award) AS awards
FROM (SELECT invoice_number, award, min(entry_index) AS first FROM expenditure_recorded
      WHERE invoice_number IS NOT NULL GROUP BY invoice_number, award ORDER BY invoice_number, first) a
GROUP BY invoice_number
