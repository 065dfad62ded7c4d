-- Each expenditure on an invoice and whose invoice it is: an invoice is its seller, code and number. The seller by his
-- code, else by that of the only party of his name, else by name; '' where none is stated. Number and code in capitals:
-- however they were typed, the invoice is the same.
SELECT x.entry_index, x.award, x.claim_fen, x.invoice_total_fen,
       CASE WHEN substr(x.invoice_number, 1, 5) = 'hmac:' THEN x.invoice_number ELSE upper(x.invoice_number) END
         AS invoice_number,
       upper(coalesce(x.invoice_code, '')) AS code,
       coalesce(x.supplier_party, n.party, replace(x.supplier, ' ', ''), '') AS seller
FROM expenditure_recorded x LEFT JOIN seller_name n ON n.name = replace(x.supplier, ' ', '')
WHERE x.invoice_number IS NOT NULL
