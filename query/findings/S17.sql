-- finding: S17 NOT_INSTALLED H
-- version: 2
-- zh: 设备未到位或闲置
-- en: Equipment paid for but not installed or not in use
-- basis: policy rule set (install within days)
SELECT m.award, x.claim_fen, m.currency, '设备 ' || x.asset || ' 付款于 ' || x.paid_on || '，' || CASE WHEN i.asset IS NULL
           THEN '未见安装记录'
  ELSE '未投入使用' END,
       'asset ' || x.asset || ' paid ' || x.paid_on || ', ' || CASE WHEN i.asset IS NULL THEN 'no installation recorded'
         ELSE 'not in use' END,
       m.entry_index || ',' || x.entry_index || coalesce(',' || i.entry_index, ''),
       date(x.paid_on, '+' || p.install_days || ' days') AS "limit",
       CASE WHEN i.asset IS NULL THEN 'none' ELSE 'unused' END AS found
FROM expenditure_recorded x
JOIN award_money m ON m.award = x.award
JOIN award_policy p ON p.award = x.award
LEFT JOIN asset_installed i ON i.asset = x.asset
WHERE x.asset IS NOT NULL AND p.install_days IS NOT NULL AND date(x.paid_on, '+' || p.install_days || ' days') < :on
  AND (i.asset IS NULL OR i.in_use = 0)
ORDER BY m.award, x.entry_index;
