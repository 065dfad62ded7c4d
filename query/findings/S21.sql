-- finding: S21 MISSING_EVIDENCE M
-- version: 1
-- zh: 证据不全
-- en: Required evidence is missing
-- basis: policy rule set (required evidence kinds)
SELECT m.award, x.claim_fen, m.currency, '缺少：' || group_concat(q.value), 'missing: ' || group_concat(q.value), m.entry_index || ',' || x.entry_index
FROM expenditure_recorded x
JOIN award_money m ON m.award = x.award
JOIN award_policy p ON p.award = x.award
JOIN policy_rule_set_published_required_evidence q ON q.entry_index = coalesce(
       (SELECT r.entry_index FROM policy_rule_set_published_required_evidence r WHERE r.entry_index = p.policy_entry LIMIT 1), p.default_entry)
WHERE x.basis = 'INVOICE'
  AND NOT EXISTS (SELECT 1 FROM entry_evidence v WHERE v.entry_index = x.entry_index AND v.kind = q.value)
GROUP BY m.award, x.entry_index, x.claim_fen, m.currency, m.entry_index
ORDER BY m.award, x.entry_index;
