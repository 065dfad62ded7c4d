SELECT a.award, p.entry_index AS policy_entry, p.instrument,
       CASE WHEN p.jurisdiction = a.jurisdiction THEN 2 ELSE 1 END AS closeness
FROM award_money a
JOIN policy_rule_set_published p
  ON p.instrument IN (a.instrument, 'DEFAULT')
 AND a.legal_date >= p.effective_from AND (p.effective_to IS NULL OR a.legal_date <= p.effective_to)
 AND (p.jurisdiction = a.jurisdiction
      OR (length(a.jurisdiction) = 6 AND substr(p.jurisdiction, 3) = '0000' AND substr(p.jurisdiction, 1, 2) = substr(a.jurisdiction, 1, 2))
      OR (length(a.jurisdiction) = 6 AND substr(p.jurisdiction, 5) = '00' AND substr(p.jurisdiction, 1, 4) = substr(a.jurisdiction, 1, 4)))
