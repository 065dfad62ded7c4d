SELECT a.entry_index, a.award, a.payee, a.platform, a.instrument, a.mode, a.doc_no, a.programme, a.title, a.state, a.payer,
       a.amount_fen AS awarded, a.base_fen, a.matching_fen, a.own_fen, a.ineligible_fen, a.total_fen,
       a.period_from, a.period_to, e.legal_date, e.jurisdiction, e.currency, e.assurance, e.importer,
       coalesce(d.amount, 0) AS disbursed, d.entries AS disbursed_entries,
       coalesce(r.amount, 0) AS received, r.first_on AS first_received, r.entries AS received_entries,
       coalesce(s.amount, 0) AS spent, s.entries AS spent_entries,
       max(a.entry_index, coalesce(d.last, 0), coalesce(r.last, 0), coalesce(s.last, 0)) AS last_entry
FROM subsidy_awarded a
JOIN entry e ON e.entry_index = a.entry_index
LEFT JOIN (SELECT award, sum(amount_fen) AS amount, max(entry_index) AS last, group_concat(entry_index) AS entries
           FROM subsidy_disbursed GROUP BY award) d ON d.award = a.award
LEFT JOIN (SELECT r.award, sum(r.amount_fen) AS amount, min(e.legal_date) AS first_on, max(r.entry_index) AS last,
                  group_concat(r.entry_index) AS entries
           FROM subsidy_received r JOIN entry e ON e.entry_index = r.entry_index GROUP BY r.award) r ON r.award = a.award
LEFT JOIN (SELECT x.award, sum(x.claim_fen) AS amount, max(x.entry_index) AS last, group_concat(x.entry_index) AS entries
           FROM expenditure_recorded x GROUP BY x.award) s ON s.award = a.award
