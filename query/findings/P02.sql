-- finding: P02 LATE_REEVALUATION M
-- version: 2
-- zh: 复评逾期
-- en: Re-evaluation late or still missing
-- basis: policy rule set DEFAULT (re-evaluation every months); two years in the plan
WITH decision AS (
  SELECT platform, since, entry_index FROM platform_tier WHERE rank >= 3
  UNION ALL
  SELECT r.platform, e.legal_date, r.entry_index FROM platform_reevaluated r
  JOIN entry e ON e.entry_index = r.entry_index),
step AS (
  SELECT platform, since, entry_index, lead(since) OVER w AS next_on, lead(entry_index) OVER w AS next_entry
  FROM decision WINDOW w AS (PARTITION BY platform ORDER BY since, entry_index))
SELECT s.platform, NULL, NULL, '应于 ' || add_months(s.since, p.review_months) || ' 前复评，' || coalesce('实际 ' || s.next_on,
    '尚未复评'),
       'due ' || add_months(s.since, p.review_months) || ', ' || coalesce('decided ' || s.next_on, 'not done'),
       s.entry_index || coalesce(',' || s.next_entry, ''), add_months(s.since, p.review_months) AS "limit",
       coalesce(s.next_on, 'none') AS found
FROM step s
JOIN ruled_entry e ON e.entry_index = s.entry_index
JOIN policy_rule_set_published p ON p.entry_index = e.rule
LEFT JOIN platform_withdrawn w ON w.platform = s.platform
WHERE p.review_months > 0 AND min(coalesce(s.next_on, :on), coalesce(w.effective_on, :on)) > add_months(s.since,
      p.review_months)
ORDER BY s.platform, s.since;
