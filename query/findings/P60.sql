-- finding: P60 AID_ABOVE_COST H
-- version: 2
-- zh: 补贴超过实际费用
-- en: More aid than the interest or premium or fee paid
-- basis: aid covers a cost that was paid
WITH base AS (
  SELECT 'INTEREST' AS kind, loan AS id, sum(interest_fen) AS fen, group_concat(entry_index) AS entries FROM loan_repaid
  GROUP BY loan
  UNION ALL
  SELECT 'PREMIUM', policy_no, premium_fen, CAST(entry_index AS TEXT) FROM insurance_issued
  UNION ALL
  SELECT 'GUARANTEE_FEE', guarantee, fee_fen, CAST(entry_index AS TEXT) FROM guarantee_issued),
aid AS (
  SELECT a.kind, CASE a.kind WHEN 'INTEREST' THEN a.loan WHEN 'PREMIUM' THEN a.policy_no ELSE a.guarantee END AS id,
         sum(a.amount_fen) AS fen, min(e.currency) AS currency, group_concat(a.entry_index) AS entries
  FROM finance_aid_paid a JOIN entry e ON e.entry_index = a.entry_index GROUP BY 1, 2)
SELECT CASE a.kind WHEN 'INTEREST' THEN 'loan ' WHEN 'PREMIUM' THEN 'insurance ' ELSE 'guarantee ' END || a.id,
       a.fen - coalesce(b.fen, 0), a.currency, '补贴合计超过实付费用', 'aid exceeds the cost paid',
       coalesce(b.entries || ',', '') || a.entries,
       'fen:' || coalesce(b.fen, 0) AS "limit", 'fen:' || a.fen AS found
FROM aid a LEFT JOIN base b ON b.kind = a.kind AND b.id = a.id
WHERE a.fen > coalesce(b.fen, 0)
ORDER BY 1;
