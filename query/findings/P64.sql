-- finding: P64 RULES_BACKDATED H
-- version: 1
-- zh: 运营者单独发布的追溯规则
-- en: Rules that work backwards, by the operator alone
-- basis: no retroactive rules; edition 2 of the ledger's rules refuses them
SELECT 'rule set ' || p.rule_set, NULL, NULL,
       '自 ' || p.effective_from || ' 起生效，' || e.recorded_on || ' 才记录，仅由运营者签署',
       'in force from ' || p.effective_from || ', recorded on ' || e.recorded_on || ', signed by the operator alone',
       CAST(p.entry_index AS TEXT)
FROM policy_rule_set_published p
JOIN entry e ON e.entry_index = p.entry_index
WHERE p.effective_from < e.recorded_on AND p.entry_index > (SELECT at FROM begun)
  AND NOT EXISTS (SELECT 1 FROM signer s WHERE s.submission = e.submission AND s.roles NOT LIKE '%OPR%')
ORDER BY p.entry_index;
