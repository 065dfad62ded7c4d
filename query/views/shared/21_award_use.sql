SELECT m.*,
       (SELECT coalesce(sum(x.claim_fen), 0) FROM expenditure_recorded x
        WHERE x.award = m.award AND x.invoice_number IS NOT NULL AND x.payment_ref IS NOT NULL
          AND (x.voucher_no IS NOT NULL OR EXISTS (SELECT 1 FROM asset_installed i WHERE i.asset = x.asset))) AS traced,
       (SELECT sum(f.amount_fen) FROM appropriation_passed f WHERE f.award = m.award) AS passed,
       (SELECT coalesce(sum(x.amount_fen), 0) FROM matching_paid x WHERE x.award = m.award) AS matching_paid,
       (SELECT coalesce(sum(x.amount_fen), 0) FROM clawback_repaid x WHERE x.award = m.award)
         + (SELECT coalesce(sum(x.amount_fen), 0) FROM surplus_returned x WHERE x.award = m.award) AS returned,
       (SELECT max(xe.legal_date) FROM expenditure_recorded x JOIN entry xe ON xe.entry_index = x.entry_index
        WHERE x.award = m.award) AS last_spent
FROM award_money m
