-- finding: S03 INELIGIBLE_PAYEE H
-- version: 3
-- zh: 主体不符
-- en: Awarded to a platform or party that is not eligible
-- basis: policy rule set (tier and grade required); withdrawal; the platform's own parties
WITH tested AS MATERIALIZED (
  SELECT a.award, a.entry_index, a.payee, a.platform, a.amount_fen, e.legal_date, e.currency,
         CAST(substr(e.legal_date, 1, 4) AS INTEGER) AS year,
         p.policy_entry, p.rule_set, p.eligible_level, p.eligible_rank, p.eligible_grade
  FROM subsidy_awarded a JOIN entry e ON e.entry_index = a.entry_index LEFT JOIN award_policy p ON p.award = a.award
  WHERE a.platform IS NOT NULL AND e.importer = 0),
held AS (
  SELECT t.award, h.rank, h.level, h.entry_index, row_number() OVER (PARTITION BY t.award ORDER BY h.since DESC,
                                                            h.entry_index DESC) AS newest
  FROM tested t JOIN platform_tier h ON h.platform = t.platform AND h.since <= t.legal_date)
SELECT t.award, t.amount_fen, t.currency, t.rule_set || ' 要求级别 ' || t.eligible_level,
       t.rule_set || ' requires tier ' || t.eligible_level, t.policy_entry || coalesce(',' || h.entry_index, '') || ','
       || t.entry_index, t.eligible_level AS "limit",
       coalesce(h.level, 'none') AS found
FROM tested t LEFT JOIN held h ON h.award = t.award AND h.newest = 1
WHERE t.eligible_rank > coalesce(h.rank, 0)
UNION ALL
SELECT t.award, t.amount_fen, t.currency, t.rule_set || ' 要求考核等次 ' || t.eligible_grade, t.rule_set || ' requires grade '
  || t.eligible_grade,
       t.policy_entry || ',' || t.entry_index, t.eligible_grade, 'none'
FROM tested t
WHERE t.eligible_grade IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM performance_graded g JOIN entry e ON e.entry_index = g.entry_index
                  WHERE g.platform = t.platform AND g.grade = t.eligible_grade AND g.year BETWEEN t.year - 1 AND t.year
                    AND e.legal_date <= t.legal_date)
UNION ALL
SELECT t.award, t.amount_fen, t.currency, '平台已于 ' || w.effective_on || ' 退出',
       'the platform withdrew on ' || w.effective_on, w.entry_index || ',' || t.entry_index,
       w.effective_on, t.legal_date
FROM tested t JOIN platform_withdrawn w ON w.platform = t.platform AND w.effective_on <= t.legal_date
UNION ALL
SELECT t.award, t.amount_fen, t.currency, '承担单位 ' || t.payee || ' 不是平台的法人或运营主体',
       'payee ' || t.payee || ' is neither legal entity nor operator of the platform',
       f.entry_index || ',' || t.entry_index,
       coalesce(f.operator, f.legal_entity), t.payee
FROM tested t JOIN platform_established f ON f.platform = t.platform
WHERE t.payee <> f.legal_entity AND t.payee <> coalesce(f.operator, f.legal_entity)
ORDER BY 1, 5;
