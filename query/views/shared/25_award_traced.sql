SELECT x.award, sum(x.claim_fen) AS traced
FROM expenditure_recorded x LEFT JOIN asset_installed i ON i.asset = x.asset
WHERE x.invoice_number IS NOT NULL AND x.payment_ref IS NOT NULL AND (x.voucher_no IS NOT NULL OR i.asset IS NOT NULL)
GROUP BY x.award
