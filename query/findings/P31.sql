-- finding: P31 REVENUE_NO_SOURCE L
-- version: 1
-- zh: 收入无来源依据
-- en: Income without contract or project or listed service
-- basis: income ties to what was sold
SELECT r.platform, sum(r.net_fen), e.currency, count(*) || ' 笔收入无合同、项目或服务编号',
       count(*) || ' receipts name no contract, project or service', group_concat(r.entry_index)
FROM revenue_received r
JOIN entry e ON e.entry_index = r.entry_index
WHERE r.stream IN ('SERVICE', 'TECHNOLOGY_SALES', 'COMMERCIALISATION') AND e.importer = 0
  AND r.contract IS NULL AND r.project IS NULL AND r.service_code IS NULL
GROUP BY r.platform, e.currency
ORDER BY r.platform, e.currency;
