-- Each entry that moves money through a bank, with the sign of the account holder. Revenue names no account.
SELECT m.entry_index AS entry, coalesce(m.paid_on, e.legal_date) AS moved_on, e.kind, m.award,
       coalesce(m.platform, w.platform) AS platform, coalesce(m.account, a.account) AS account, m.bank_ref, e.currency,
       m.amount
FROM (SELECT entry_index, award, CAST(NULL AS TEXT) AS platform, account, bank_ref, CAST(NULL AS TEXT) AS paid_on,
             amount_fen AS amount FROM subsidy_received
      UNION ALL SELECT entry_index, award, NULL, special_account, payment_ref, paid_on, -claim_fen
      FROM expenditure_recorded
      UNION ALL SELECT entry_index, award, NULL, NULL, bank_ref, NULL, amount_fen FROM matching_paid
      UNION ALL SELECT entry_index, award, NULL, NULL, bank_ref, NULL, -amount_fen FROM clawback_repaid
      UNION ALL SELECT entry_index, award, NULL, NULL, bank_ref, NULL, -amount_fen FROM surplus_returned
      UNION ALL SELECT entry_index, NULL, platform, NULL, bank_ref, NULL, gross_fen FROM revenue_received
      UNION ALL SELECT entry_index, NULL, platform, NULL, NULL, NULL, -gross_fen FROM revenue_reversed) m
JOIN entry e ON e.entry_index = m.entry_index
LEFT JOIN subsidy_awarded w ON w.award = m.award
LEFT JOIN award_account a ON a.award = m.award
