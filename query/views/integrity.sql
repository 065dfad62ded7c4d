-- view: integrity
-- version: 1
-- zh: 完整性
-- en: Integrity
-- reader: everyone
-- column: section text Section | 类别
-- label: section log log | 日志
-- label: section late recorded late | 补录
-- label: section assurance assurance | 可信级别
-- label: section key key | 密钥
-- label: section books books | 账目
-- column: item text Item | 项目
-- label: item entries entries | 条目
-- label: item submissions signed submissions | 签名提交
-- label: item signatures signatures | 签名
-- label: item commits times of recording | 记录时刻
-- label: item last-recorded last recorded | 最后记录
-- label: item reversed taken back | 冲销更正
-- label: item imported imported | 导入
-- label: item over-30-days over 30 days after the legal date | 晚于法定日30天以上
-- label: item over-180-days over 180 days | 晚于180天
-- label: item L0 L0 one party | L0 单方
-- label: item L1 L1 two parties | L1 双方
-- label: item L2 L2 official document | L2 官方文件
-- label: item L3 L3 authority | L3 权威机构
-- label: item in-force in force | 有效
-- label: item expired expired | 过期
-- label: item revoked revoked | 已吊销
-- label: item unexplained postings unbalanced | 分录差额
-- column: number int Number | 数量
-- column: value text Value | 内容
-- column: entries text Entries | 条目
-- key: section item
WITH late AS (SELECT entry_index, julianday(recorded_on) - julianday(legal_date) AS days FROM entry WHERE importer = 0),
keys AS (
  SELECT k.entry_index, CASE WHEN EXISTS (SELECT 1 FROM key_revoked r WHERE r.key = k.key) THEN 'revoked'
                          WHEN k.valid_to < (SELECT "on" FROM as_of) THEN 'expired' ELSE 'in-force' END AS state
  FROM key_bound k),
line AS (
  SELECT 1 AS place, 'log' AS section, 'entries' AS item, position AS number, root AS value, NULL AS entries FROM as_of
  UNION ALL SELECT 2, 'log', 'submissions', count(*), NULL, NULL FROM submission
  UNION ALL SELECT 3, 'log', 'signatures', count(*), NULL, NULL FROM signer
  UNION ALL SELECT 4, 'log', 'commits', count(DISTINCT recorded_at), NULL, NULL FROM entry
  UNION ALL SELECT 5, 'log', 'last-recorded', NULL, recorded_at, CAST(entry_index AS TEXT) FROM entry
  WHERE entry_index = (SELECT max(entry_index) FROM entry)
  UNION ALL SELECT 6, 'log', 'reversed', count(*), NULL, group_concat(CAST(by_index AS TEXT))
  FROM (SELECT by_index FROM reversal ORDER BY by_index DESC LIMIT 100) r
  UNION ALL SELECT 7, 'log', 'imported', count(*), NULL, NULL FROM entry WHERE importer = 1
  UNION ALL SELECT 10, 'late', 'over-30-days', count(*), NULL, NULL FROM late WHERE days > 30
  UNION ALL SELECT 11, 'late', 'over-180-days', count(*), NULL, NULL FROM late WHERE days > 180
  UNION ALL SELECT 20 + assurance, 'assurance', 'L' || assurance, count(*), NULL, NULL FROM entry GROUP BY assurance
  UNION ALL SELECT 30, 'key', state, count(*), NULL, group_concat(entry_index) FROM keys GROUP BY state
  UNION ALL SELECT 40, 'books', 'unexplained', coalesce(sum(amount), 0), NULL, NULL FROM posting_month)
SELECT section, item, number, value, entries FROM line ORDER BY place, item;
