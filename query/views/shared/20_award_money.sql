SELECT a.entry_index, a.award, a.payee, a.platform, a.instrument, a.mode, a.doc_no, a.programme, a.title, a.state,
       a.payer,
       a.amount_fen AS awarded, a.base_fen, a.matching_fen, a.own_fen, a.ineligible_fen, a.total_fen,
       a.period_from, a.period_to, e.legal_date, e.jurisdiction, e.currency, e.assurance, e.importer,
       (SELECT coalesce(sum(d.amount_fen), 0) FROM subsidy_disbursed d WHERE d.award = a.award) AS disbursed,
       (SELECT group_concat(d.entry_index) FROM subsidy_disbursed d WHERE d.award = a.award) AS disbursed_entries,
       (SELECT coalesce(sum(r.amount_fen), 0) FROM subsidy_received r WHERE r.award = a.award) AS received,
       (SELECT min(re.legal_date) FROM subsidy_received r JOIN entry re ON re.entry_index = r.entry_index
        WHERE r.award = a.award) AS first_received,
       (SELECT group_concat(r.entry_index) FROM subsidy_received r WHERE r.award = a.award) AS received_entries,
       (SELECT coalesce(sum(x.claim_fen), 0) FROM expenditure_recorded x WHERE x.award = a.award) AS spent,
       (SELECT group_concat(x.entry_index) FROM expenditure_recorded x WHERE x.award = a.award) AS spent_entries,
       max(a.entry_index, (SELECT coalesce(max(d.entry_index), 0) FROM subsidy_disbursed d WHERE d.award = a.award),
           (SELECT coalesce(max(r.entry_index), 0) FROM subsidy_received r WHERE r.award = a.award),
           (SELECT coalesce(max(x.entry_index), 0) FROM expenditure_recorded x WHERE x.award = a.award)) AS last_entry
FROM subsidy_awarded a
JOIN entry e ON e.entry_index = a.entry_index
