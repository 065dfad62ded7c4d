-- finding: P55 LOAN_TO_VALUE M
-- version: 3
-- zh: 质押率超限
-- en: Secured amount above the loan to value limit
-- basis: policy rule set DEFAULT (loan to value)
WITH valued AS (
  SELECT a.pledge, a.amount_fen, a.entry_index, e.currency, e.legal_date, e.rule, v.value_fen, v.base_date, v.valid_to,
         v.entry_index AS valuation_entry, t.currency AS value_currency,
         row_number() OVER (PARTITION BY a.pledge ORDER BY v.base_date DESC, v.entry_index DESC) AS newest
  FROM pledge_agreed a
  JOIN ruled_entry e ON e.entry_index = a.entry_index
  JOIN pledge_agreed_assets x ON x.entry_index = a.entry_index
  JOIN ip_valued_ips i ON i.value = x.value
  JOIN ip_valued v ON v.entry_index = i.entry_index AND v.base_date <= e.legal_date
  JOIN entry t ON t.entry_index = v.entry_index)
SELECT v.pledge, v.amount_fen - (v.value_fen / 10000 * p.ltv_bp + v.value_fen % 10000 * p.ltv_bp / 10000), v.currency,
       '担保金额超过评估值的规定比例', 'secured amount exceeds the share of the valuation', v.valuation_entry || ',' || v.entry_index,
       'fen:' || (v.value_fen / 10000 * p.ltv_bp + v.value_fen % 10000 * p.ltv_bp / 10000) AS "limit",
       'fen:' || v.amount_fen AS found
FROM valued v JOIN policy_rule_set_published p ON p.entry_index = v.rule
WHERE v.newest = 1 AND v.value_currency = v.currency AND p.ltv_bp > 0
  AND v.amount_fen > v.value_fen / 10000 * p.ltv_bp + v.value_fen % 10000 * p.ltv_bp / 10000
ORDER BY v.pledge;
