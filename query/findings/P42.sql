-- finding: P42 NOT_PUBLICISED M
-- version: 2
-- zh: 未公示或公示不足
-- en: Awarded without public notice or after too short a notice
-- basis: policy rule set (public notice in days)
WITH noticed AS (
  SELECT v.value AS application, max(julianday(n."to") - julianday(n."from") + 1) AS days, min(n."to") AS ended,
         group_concat(n.entry_index) AS entries
  FROM subsidy_publicized n JOIN subsidy_publicized_applications v ON v.entry_index = n.entry_index GROUP BY v.value)
SELECT a.award, a.amount_fen, e.currency, CASE WHEN n.application IS NULL THEN '未见公示'
                                            ELSE '公示 ' || CAST(n.days AS INTEGER) || ' 天，至 ' || n.ended END,
       CASE WHEN n.application IS NULL THEN 'no public notice'
         ELSE 'notice of ' || CAST(n.days AS INTEGER) || ' days to ' || n.ended END,
       coalesce(n.entries || ',', '') || a.entry_index, p.publicity_days || ' days' AS "limit",
       coalesce(CAST(n.days AS INTEGER) || ' days', 'none') AS found
FROM subsidy_awarded a
JOIN entry e ON e.entry_index = a.entry_index
JOIN award_policy p ON p.award = a.award
LEFT JOIN noticed n ON n.application = a.application
WHERE p.publicity_days IS NOT NULL AND e.importer = 0 AND (n.application IS NULL OR n.days < p.publicity_days
                                                             OR n.ended >= e.legal_date)
ORDER BY a.award;
