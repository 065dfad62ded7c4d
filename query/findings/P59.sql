-- finding: P59 LOAN_ON_ENDED_RIGHT H
-- version: 1
-- zh: 质物失效
-- en: Loan secured by a right that has ended
-- basis: gazette codes IW01, CF01, CX01, AV01; term of the right
WITH status AS (
  SELECT ip, code, entry_index, row_number() OVER (PARTITION BY ip ORDER BY entry_index DESC) AS newest
  FROM ip_status_observed WHERE code IN ('IW01', 'CF01', 'CX01', 'AV01', 'RR01')),
ended AS (
  SELECT ip, code, entry_index FROM status WHERE newest = 1 AND code <> 'RR01'
  UNION ALL
  SELECT number, 'expired ' || expires_on, entry_index FROM ip_asset_recorded WHERE expires_on < :on),
owed AS (
  SELECT g.loan, g.pledge, g.entry_index, e.currency, g.amount_fen, coalesce(d.fen, 0) AS drawn,
         coalesce(r.fen, 0) AS repaid
  FROM loan_granted g JOIN entry e ON e.entry_index = g.entry_index
  LEFT JOIN (SELECT loan, sum(amount_fen) AS fen FROM loan_drawn GROUP BY loan) d ON d.loan = g.loan
  LEFT JOIN (SELECT loan, sum(principal_fen) AS fen FROM loan_repaid GROUP BY loan) r ON r.loan = g.loan
  WHERE g.pledge IS NOT NULL)
SELECT 'loan ' || o.loan, o.drawn - o.repaid, o.currency, '质物 ' || q.asset || '：' || x.code, q.asset || ': ' || x.code,
       o.entry_index || ',' || q.registered_entry || ',' || x.entry_index
FROM owed o
JOIN pledge_asset q ON q.pledge = o.pledge AND q.state = 'active'
JOIN ended x ON x.ip = q.asset
WHERE o.drawn > o.repaid
ORDER BY o.loan, q.asset;
