-- finding: P28 DISTRIBUTION_NOTICE L
-- version: 2
-- zh: 分配公示不足
-- en: Distribution without notice or after too short a notice
-- basis: policy rule set DEFAULT (notice in days)
SELECT 'distribution ' || d.resolution, d.contributor_fen, e.currency, CASE WHEN d.notice_to IS NULL THEN '未公示'
           ELSE '公示 ' || d.notice_from || ' 至 ' || d.notice_to END, CASE WHEN d.notice_to IS NULL THEN 'no notice'
           ELSE 'notice ' || coalesce(d.notice_from, '-') || ' to ' || d.notice_to END, e.rule || ',' || d.entry_index,
       p.notice_days || ' days' AS "limit",
       CAST(coalesce(julianday(d.notice_to) - julianday(d.notice_from) + 1, 0) AS INTEGER) || ' days' AS found
FROM income_distribution_resolved d
JOIN ruled_entry e ON e.entry_index = d.entry_index
JOIN policy_rule_set_published p ON p.entry_index = e.rule
WHERE p.notice_days > 0 AND coalesce(julianday(d.notice_to) - julianday(d.notice_from) + 1, 0) < p.notice_days
  AND (d.own_rules = 0 OR d.institution IN (SELECT party FROM party_registered WHERE kind = 'INSTITUTION'))
ORDER BY d.resolution;
