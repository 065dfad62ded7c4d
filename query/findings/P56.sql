-- finding: P56 VALUATION_OLD L
-- version: 2
-- zh: 评估过期
-- en: Pledge rests on an old valuation
-- basis: policy rule set DEFAULT (valuation valid for months), else the report's own term
WITH valued AS (
  SELECT a.pledge, a.amount_fen, a.entry_index, e.currency, e.legal_date, e.rule, v.value_fen, v.base_date, v.valid_to,
         v.entry_index AS valuation_entry,
         row_number() OVER (PARTITION BY a.pledge ORDER BY v.base_date DESC, v.entry_index DESC) AS newest
  FROM pledge_agreed a
  JOIN ruled_entry e ON e.entry_index = a.entry_index
  JOIN pledge_agreed_assets x ON x.entry_index = a.entry_index
  JOIN ip_valued_ips i ON i.value = x.value
  JOIN ip_valued v ON v.entry_index = i.entry_index AND v.base_date <= e.legal_date)
SELECT v.pledge, nullif(v.amount_fen, 0), v.currency, '评估基准日 ' || v.base_date || '，签约 ' || v.legal_date,
       'valued as of ' || v.base_date || ', agreed ' || v.legal_date, v.valuation_entry || ',' || v.entry_index,
       coalesce(CASE WHEN v.valid_to < v.legal_date THEN v.valid_to END, add_months(v.base_date, p.valuation_months),
                v.valid_to) AS "limit", v.legal_date AS found
FROM valued v LEFT JOIN policy_rule_set_published p ON p.entry_index = v.rule
WHERE v.newest = 1 AND (v.valid_to < v.legal_date OR (p.valuation_months > 0
    AND add_months(v.base_date, p.valuation_months) < v.legal_date))
ORDER BY v.pledge;
