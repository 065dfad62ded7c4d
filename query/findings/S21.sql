-- finding: S21 MISSING_EVIDENCE M
-- version: 2
-- zh: 证据不全
-- en: Required evidence is missing
-- basis: policy rule set (required evidence kinds)
WITH claimed AS MATERIALIZED (
  SELECT x.award, x.entry_index, x.claim_fen FROM expenditure_recorded x WHERE x.basis = 'INVOICE'),
ruled AS MATERIALIZED (
  SELECT p.award, coalesce((SELECT r.entry_index FROM policy_rule_set_published_required_evidence r
                            WHERE r.entry_index = p.policy_entry LIMIT 1),
                           p.default_entry) AS rule_entry
  FROM award_policy p WHERE p.award IN (SELECT award FROM claimed))
SELECT l.award, l.claim_fen, l.currency, '缺少：' || group_concat(l.value), 'missing: ' || group_concat(l.value),
       l.award_entry || ',' || l.entry_index
FROM (SELECT m.award, c.claim_fen, m.currency, m.entry_index AS award_entry, c.entry_index, q.value
FROM claimed c
JOIN award_money m ON m.award = c.award
JOIN ruled r ON r.award = c.award
JOIN policy_rule_set_published_required_evidence q ON q.entry_index = r.rule_entry
WHERE NOT EXISTS (SELECT 1 FROM entry_evidence v WHERE v.entry_index = c.entry_index AND v.kind = q.value)
ORDER BY m.award, c.entry_index, q.item) l
GROUP BY l.award, l.entry_index, l.claim_fen, l.currency, l.award_entry
ORDER BY l.award, l.entry_index;
