-- finding: P12 SCALE_RATIO L
-- version: 2
-- zh: 放大倍数异常
-- en: Scale-up below one or beyond what is plausible
-- basis: policy rule set DEFAULT (plausible scale-up)
SELECT 'run ' || r.run, NULL, NULL, '小试 ' || r.lab_scale || '，中试 ' || r.pilot_scale || coalesce(' ' || r.scale_unit,
           ''), 'laboratory ' || r.lab_scale || ', pilot ' || r.pilot_scale || coalesce(' ' || r.scale_unit, ''),
       CAST(r.entry_index AS TEXT), '1 .. ' || p.max_scale_ratio AS "limit",
       r.pilot_scale || ' : ' || r.lab_scale AS found
FROM pilot_run_recorded r
JOIN ruled_entry e ON e.entry_index = r.entry_index
JOIN policy_rule_set_published p ON p.entry_index = e.rule
WHERE p.max_scale_ratio > 0 AND CAST(r.lab_scale AS REAL) > 0 AND r.pilot_scale IS NOT NULL
  AND (CAST(r.pilot_scale AS REAL) < CAST(r.lab_scale AS REAL)
       OR CAST(r.pilot_scale AS REAL) > CAST(r.lab_scale AS REAL) * p.max_scale_ratio)
ORDER BY r.run;
