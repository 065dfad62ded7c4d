-- finding: S26 BACKDATED L
-- version: 2
-- zh: 补录
-- en: Recorded long after its legal date
-- basis: policy rule set DEFAULT (record within days); records imported from public lists are exempt
SELECT e.kind || ' ' || e.entry_index, NULL, e.currency, '法定日 ' || e.legal_date || '，入账 ' || e.recorded_on,
       'legal date ' || e.legal_date || ', recorded ' || e.recorded_on,
       CAST(e.entry_index AS TEXT), p.record_days || ' days' AS "limit",
       CAST(julianday(e.recorded_on) - julianday(e.legal_date) AS INTEGER) || ' days' AS found
FROM entry e
JOIN policy_rule_set_published p ON p.instrument = 'DEFAULT' AND p.record_days > 0
  AND substr(p.jurisdiction, 1, 2) = substr(e.jurisdiction,
    1, 2)
 AND e.legal_date >= p.effective_from AND (p.effective_to IS NULL OR e.legal_date <= p.effective_to)
WHERE e.importer = 0 AND julianday(e.recorded_on) - julianday(e.legal_date) > p.record_days
ORDER BY e.entry_index;
