-- finding: P65 RULES_LATER M
-- version: 1
-- zh: 补助记录后又有追溯规则
-- en: Another rule set, recorded after the award, covers its date
-- basis: an award is judged by the rules that were known when it was recorded; the later set is shown beside it
SELECT 'award ' || a.award, a.amount_fen, e.currency,
       '按记录时已知的规则 ' || k.rule_set || ' 判定；其后记录的规则 ' || p.rule_set || ' 自 ' || p.effective_from
         || ' 起亦适用于该日',
       'judged by ' || k.rule_set || ', known when it was recorded; ' || p.rule_set
         || ', recorded later, covers its date too, from ' || p.effective_from,
       a.entry_index || ',' || k.entry_index || ',' || p.entry_index
FROM subsidy_awarded a
JOIN entry e ON e.entry_index = a.entry_index
JOIN award_policy j ON j.award = a.award
JOIN policy_choice c ON c.award = a.award AND c.policy_entry > a.entry_index
JOIN policy_rule_set_published p ON p.entry_index = c.policy_entry
JOIN policy_rule_set_published k
  ON k.entry_index = CASE WHEN p.instrument = 'DEFAULT' THEN j.default_entry ELSE j.policy_entry END
WHERE k.entry_index < a.entry_index
ORDER BY a.entry_index, p.entry_index;
