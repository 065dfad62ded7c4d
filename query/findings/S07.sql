-- finding: S07 DIVERSION H
-- version: 3
-- zh: 挪用
-- en: Spent on another purpose or by another party
-- basis: lines permitted by the award, else by its rule set; 财政违法行为处罚处分条例, art. 14
WITH purpose AS MATERIALIZED (
  SELECT a.award, a.payee, a.entry_index, p.policy_entry, f.legal_entity, f.operator, EXISTS (SELECT 1
             FROM subsidy_awarded_permitted_lines l WHERE l.entry_index = a.entry_index) AS own, EXISTS (SELECT 1
             FROM policy_rule_set_published_permitted_lines l WHERE l.entry_index = p.policy_entry) AS ruled
  FROM subsidy_awarded a LEFT JOIN award_policy p ON p.award = a.award LEFT JOIN platform_established f
    ON f.platform = a.platform),
astray AS (
  SELECT x.award, x.claim_fen, x.entry_index, o.entry_index AS award_entry,
         '科目 ' || x.line || ' 不在允许范围' AS zh, 'line ' || x.line || ' is not permitted' AS en
  FROM expenditure_recorded x JOIN purpose o ON o.award = x.award
  WHERE x.line IS NOT NULL AND x.basis = 'INVOICE'
    AND ((o.own AND x.line NOT IN (SELECT l.value FROM subsidy_awarded_permitted_lines l
                                   WHERE l.entry_index = o.entry_index))
      OR (NOT o.own AND o.ruled
          AND x.line NOT IN (SELECT l.value FROM policy_rule_set_published_permitted_lines l
                             WHERE l.entry_index = o.policy_entry)))
  UNION ALL
  SELECT x.award, x.claim_fen, x.entry_index, o.entry_index, '由 ' || x.spender || ' 支出', 'spent by ' || x.spender
  FROM expenditure_recorded x JOIN purpose o ON o.award = x.award
  WHERE x.spender NOT IN (o.payee, coalesce(o.legal_entity, o.payee), coalesce(o.operator, o.payee)))
SELECT s.award, sum(s.claim_fen), e.currency, s.zh, s.en, s.award_entry || ',' || group_concat(s.entry_index)
FROM astray s JOIN entry e ON e.entry_index = s.award_entry
GROUP BY s.award, s.award_entry, e.currency, s.zh, s.en
ORDER BY s.award, s.en;
