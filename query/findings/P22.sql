-- finding: P22 PRICE_NOT_NOTICED M
-- version: 2
-- zh: 协议定价未公示
-- en: Negotiated price of a public institution without notice
-- basis: policy rule set DEFAULT (notice in days); 促进科技成果转化法 art. 18
SELECT c.contract, c.total_fen, e.currency, CASE WHEN c.notice_to IS NULL THEN '未公示'
                                              ELSE '公示 ' || c.notice_from || ' 至 ' || c.notice_to
  END,
       CASE WHEN c.notice_to IS NULL THEN 'no notice'
         ELSE 'notice ' || coalesce(c.notice_from, '-') || ' to ' || c.notice_to END,
       e.rule || ',' || c.entry_index, p.notice_days || ' days' AS "limit",
       CAST(coalesce(julianday(c.notice_to) - julianday(c.notice_from) + 1, 0) AS INTEGER) || ' days' AS found
FROM tech_contract_signed c
JOIN ruled_entry e ON e.entry_index = c.entry_index
JOIN policy_rule_set_published p ON p.entry_index = e.rule
WHERE c.pricing = 'NEGOTIATED' AND c.total_fen > 0 AND p.notice_days > 0 AND e.importer = 0
  AND c.seller IN (SELECT party FROM party_registered WHERE kind = 'INSTITUTION')
  AND coalesce(julianday(c.notice_to) - julianday(c.notice_from) + 1, 0) < p.notice_days
ORDER BY c.contract;
