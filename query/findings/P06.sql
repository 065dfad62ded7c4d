-- finding: P06 SERVICE_NOT_LISTED L
-- version: 1
-- zh: 服务不在清单
-- en: Service income for what no published list offers
-- basis: service list and prices are published (plan, part three, clause eight)
WITH listed AS MATERIALIZED (
  SELECT l.platform, i.code, min(e.legal_date) AS since
  FROM service_list_published l JOIN service_list_published_items i ON i.entry_index = l.entry_index
  JOIN entry e ON e.entry_index = l.entry_index
  GROUP BY l.platform, i.code),
opened AS MATERIALIZED (SELECT platform, min(since) AS since FROM listed GROUP BY platform)
SELECT r.platform, sum(r.net_fen), e.currency, count(*) || ' 笔服务收入无对应服务项目',
       count(*) || ' receipts for services not listed', group_concat(r.entry_index)
FROM revenue_received r
JOIN entry e ON e.entry_index = r.entry_index
LEFT JOIN opened o ON o.platform = r.platform
LEFT JOIN listed l ON l.platform = r.platform AND l.code = r.service_code
WHERE r.stream = 'SERVICE' AND e.importer = 0
  AND (o.platform IS NULL OR e.legal_date < o.since
         OR (r.service_code IS NOT NULL AND (l.code IS NULL OR e.legal_date < l.since)))
GROUP BY r.platform, e.currency
ORDER BY r.platform, e.currency;
