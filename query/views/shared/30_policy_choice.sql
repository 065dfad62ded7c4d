SELECT a.award, p.entry_index AS policy_entry, p.instrument,
       -- What was known when the award was recorded judges it, nearest first; a later set only where none was.
       CASE WHEN p.entry_index < a.entry_index THEN 2 ELSE 0 END
         + CASE WHEN p.jurisdiction = e.jurisdiction THEN 1 ELSE 0 END AS closeness
FROM subsidy_awarded a
JOIN entry e ON e.entry_index = a.entry_index
JOIN policy_rule_set_published p
  ON p.instrument IN (a.instrument, 'DEFAULT')
 AND e.legal_date >= p.effective_from AND (p.effective_to IS NULL OR e.legal_date <= p.effective_to)
 AND (p.jurisdiction = e.jurisdiction
      OR (length(e.jurisdiction) = 6 AND substr(p.jurisdiction, 3) = '0000'
            AND substr(p.jurisdiction, 1, 2) = substr(e.jurisdiction, 1, 2))
      OR (length(e.jurisdiction) = 6 AND substr(p.jurisdiction, 5) = '00'
            AND substr(p.jurisdiction, 1, 4) = substr(e.jurisdiction, 1, 4)))
