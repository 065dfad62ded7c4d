-- finding: P15 TRL_JUMP L
-- version: 2
-- zh: 技术就绪水平跃升
-- en: Readiness rose more than is plausible
-- basis: policy rule set DEFAULT (plausible TRL rise); GB/T 22900
WITH rise AS (
  SELECT project AS subject, trl_before, trl_after, entry_index FROM pilot_accepted
  UNION ALL
  SELECT 'run ' || run, trl_before, trl_after, entry_index FROM pilot_run_recorded)
SELECT r.subject, NULL, NULL, r.trl_before || ' -> ' || r.trl_after, r.trl_before || ' -> ' || r.trl_after,
       CAST(r.entry_index AS TEXT), CAST(p.max_trl_jump AS TEXT) AS "limit",
       CAST(r.trl_after - r.trl_before AS TEXT) AS found
FROM rise r
JOIN ruled_entry e ON e.entry_index = r.entry_index
JOIN policy_rule_set_published p ON p.entry_index = e.rule
WHERE p.max_trl_jump > 0 AND r.trl_before > 0 AND r.trl_after - r.trl_before > p.max_trl_jump
ORDER BY r.subject, r.entry_index;
