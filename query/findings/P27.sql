-- finding: P27 DISTRIBUTION_LOW M
-- version: 2
-- zh: 完成人分配偏低
-- en: Contributors get less than the least share
-- basis: policy rule set DEFAULT (least share); 促进科技成果转化法 art. 45
SELECT 'distribution ' || d.resolution,
       d.net_fen / 10000 * p.distribution_bp + d.net_fen % 10000 * p.distribution_bp / 10000 - d.contributor_fen,
       e.currency,
       '完成人所得低于净收入的规定比例', 'contributors get less than the stated share of net income', e.rule || ',' || d.entry_index,
       'fen:' || (d.net_fen / 10000 * p.distribution_bp + d.net_fen % 10000 * p.distribution_bp / 10000) AS "limit",
       'fen:' || d.contributor_fen AS found
FROM income_distribution_resolved d
JOIN ruled_entry e ON e.entry_index = d.entry_index
JOIN policy_rule_set_published p ON p.entry_index = e.rule
WHERE p.distribution_bp > 0
  AND d.contributor_fen < d.net_fen / 10000 * p.distribution_bp + d.net_fen % 10000 * p.distribution_bp / 10000
  AND (d.own_rules = 0 OR d.institution IN (SELECT party FROM party_registered WHERE kind = 'INSTITUTION'))
ORDER BY d.resolution;
