-- finding: S29 LIMIT_CURRENCY M
-- version: 3
-- zh: 限额币种不同，未作比较
-- en: Not compared: the limit is stated in another currency
-- basis: an amount is compared with a limit of its own currency only; no rate is invented
WITH limited AS (
  SELECT m.award AS subject, m.awarded AS fen, m.currency, p.cap_currency AS limit_currency, 1 AS kind,
         m.entry_index || ',' || p.policy_entry AS entries
  FROM award_money m JOIN award_policy p ON p.award = m.award
  WHERE p.cap_fen IS NOT NULL
  UNION ALL
  SELECT x.award, sum(max(x.invoice_total_fen, x.claim_fen)), e.currency, p.tender_currency, 2,
         group_concat(x.entry_index)
  FROM expenditure_recorded x JOIN entry e ON e.entry_index = x.entry_index JOIN award_policy p ON p.award = x.award
  WHERE p.tender_fen IS NOT NULL AND x.basis = 'INVOICE'
    AND coalesce(x.procurement, '') NOT IN ('OPEN_TENDER', 'INVITED_TENDER')
  GROUP BY x.award, e.currency, p.tender_currency
  UNION ALL
  SELECT r.contract, coalesce(nullif(r.confirmed_tech_fen, 0), c.tech_fen), e.currency, t.currency, 3,
         c.entry_index || ',' || r.entry_index
  FROM tech_contract_registered r
  JOIN tech_contract_signed c ON c.contract = r.contract
  JOIN ruled_entry e ON e.entry_index = r.entry_index
  JOIN policy_rule_set_published p ON p.entry_index = e.rule
  JOIN entry t ON t.entry_index = p.entry_index
  WHERE r.expert_review = 0 AND p.expert_review_fen > 0
  UNION ALL
  SELECT 'party ' || i.holder || ' ' || substr(e.legal_date, 1, 4), sum(i.face_fen), e.currency, t.currency, 4,
         group_concat(i.entry_index)
  FROM voucher_issued i
  CROSS JOIN ruled_entry e  -- each voucher first, then its rule
  JOIN policy_rule_set_published p ON p.entry_index = e.rule
  JOIN entry t ON t.entry_index = p.entry_index
  WHERE e.entry_index = i.entry_index AND p.voucher_year_fen > 0
  GROUP BY i.holder, substr(e.legal_date, 1, 4), e.currency, t.currency
  UNION ALL
  SELECT a.pledge, a.amount_fen, e.currency, t.currency, 5, v.entry_index || ',' || a.entry_index
  FROM pledge_agreed a
  JOIN ruled_entry e ON e.entry_index = a.entry_index
  JOIN policy_rule_set_published p ON p.entry_index = e.rule
  JOIN pledge_agreed_assets x ON x.entry_index = a.entry_index
  JOIN ip_valued_ips i ON i.value = x.value
  JOIN ip_valued v ON v.entry_index = i.entry_index AND v.base_date <= e.legal_date
  JOIN entry t ON t.entry_index = v.entry_index
  WHERE p.ltv_bp > 0 AND a.amount_fen > 0)
SELECT subject, fen, currency,
       CASE kind WHEN 1 THEN '补助上限' WHEN 2 THEN '招标限额' WHEN 3 THEN '评审限额' WHEN 4 THEN '创新券年度限额'
         ELSE '评估值' END || '以 ' || limit_currency || ' 表示，金额为 ' || currency || '，未作比较',
       CASE kind WHEN 1 THEN 'the cap' WHEN 2 THEN 'the tender threshold' WHEN 3 THEN 'the threshold of expert review'
         WHEN 4 THEN 'the yearly limit of vouchers' ELSE 'the valuation' END || ' is in ' || limit_currency
         || ', the amount in ' || currency || ': not compared',
       entries
FROM limited
WHERE currency <> limit_currency
ORDER BY subject, kind, currency, entries;
