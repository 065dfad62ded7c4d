-- The awards that claim an invoice, in the order in which they did. Grouped, not looked up by number: where a vault
-- opens sealed numbers or a reader may not see all, no index serves a number.
SELECT invoice_number, code, seller, group_concat(award) AS awards
FROM (SELECT invoice_number, code, seller, award, min(entry_index) AS first FROM invoice_claim
      GROUP BY invoice_number, code, seller, award ORDER BY invoice_number, code, seller, first) a
GROUP BY invoice_number, code, seller
