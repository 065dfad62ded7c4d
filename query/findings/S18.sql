-- finding: S18 DISPOSED_EARLY H
-- version: 2
-- zh: 违规处置
-- en: Subsidised asset disposed of in the restraint period
-- basis: policy rule set (restraint on assets)
WITH paid_for AS (
  SELECT asset, award, sum(fen) AS fen
  FROM (SELECT asset, award, claim_fen AS fen FROM expenditure_recorded WHERE asset IS NOT NULL
        UNION ALL SELECT asset, award, 0 FROM asset_installed WHERE award IS NOT NULL) c
  GROUP BY asset, award)
SELECT 'asset ' || d.asset, nullif(f.fen, 0), e.currency, '安装于 ' || ie.legal_date || '，' || e.legal_date || ' 处置（'
       || d.mode || '），补助 '
  || f.award,
       'installed ' || ie.legal_date || ', disposed of ' || e.legal_date || ' (' || d.mode || '), award ' || f.award,
       i.entry_index || ',' || d.entry_index, add_months(ie.legal_date, p.restraint_months) AS "limit",
       e.legal_date AS found
FROM asset_disposed d
JOIN entry e ON e.entry_index = d.entry_index
JOIN asset_installed i ON i.asset = d.asset
JOIN entry ie ON ie.entry_index = i.entry_index
JOIN paid_for f ON f.asset = d.asset
JOIN award_policy p ON p.award = f.award
WHERE d.approval_doc_no IS NULL AND e.legal_date < add_months(ie.legal_date, p.restraint_months)
ORDER BY d.asset, f.award;
