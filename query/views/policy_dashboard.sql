-- view: policy_dashboard
-- version: 3
-- zh: 政策目标
-- en: Policy targets
-- reader: authority
-- param: year year = four digits: targets of that year
-- totals: none
-- column: section text Section | 类别
-- label: section target target | 目标
-- label: section tier tier | 梯度
-- label: section city city | 城市
-- label: section sector sector | 领域
-- label: section funding funding | 资金
-- label: section review re-evaluation | 复评
-- label: section exit exit | 退出
-- label: section blocked award blocked by the window | 奖励频次限制
-- column: item enum:Sector,Level Item | 项目
-- label: item covered sectors covered | 覆盖领域数
-- label: item due due for re-evaluation | 应复评
-- label: item overdue overdue | 逾期未复评
-- label: item withdrawn withdrawn | 已退出
-- column: jurisdiction text Jurisdiction | 区划
-- column: year int Year | 年度
-- column: target int Target | 目标值
-- column: actual int Actual | 实际值
-- column: gap int Missing | 差额
-- column: currency text Currency | 币种
-- column: planned money Awarded | 下达
-- column: paid money Paid | 拨付
-- column: detail enum:Level Detail | 说明
-- column: entries text Entries | 条目
-- key: section item jurisdiction year currency
WITH active AS MATERIALIZED (SELECT s.* FROM platform_state s WHERE s.level <> 'WITHDRAWN'),
ranked AS (SELECT a.*, CASE a.level WHEN 'COUNTY' THEN 1 WHEN 'MUNICIPAL' THEN 2 WHEN 'PROVINCIAL' THEN 3
                         WHEN 'NATIONAL' THEN 4 END AS rank
           FROM active a),
target AS (
  SELECT p.jurisdiction, t.name, t.year, t.value, t.level, p.entry_index, CASE WHEN substr(p.jurisdiction, 3) = '0000'
             THEN substr(p.jurisdiction, 1, 2) WHEN substr(p.jurisdiction, 5) = '00' THEN substr(p.jurisdiction, 1, 4)
             ELSE p.jurisdiction END AS reach, CASE t.level WHEN 'COUNTY' THEN 1 WHEN 'MUNICIPAL' THEN 2
                                                 WHEN 'PROVINCIAL' THEN 3 WHEN 'NATIONAL' THEN 4 ELSE 1 END AS rank
  FROM policy_rule_set_published p JOIN policy_rule_set_published_targets t ON t.entry_index = p.entry_index
  WHERE p.effective_from <= (SELECT "on" FROM as_of)
    AND (p.effective_to IS NULL OR p.effective_to >= (SELECT "on" FROM as_of))
    AND (:year IS NULL OR t.year = CAST(:year AS INTEGER))),
windows AS (
  SELECT a.platform, a.payee, a.instrument, max(e.legal_date) AS last_on, max(w.window_months) AS months,
         group_concat(a.entry_index) AS entries
  FROM subsidy_awarded a JOIN entry e ON e.entry_index = a.entry_index JOIN award_policy w ON w.award = a.award
  WHERE w.window_months IS NOT NULL GROUP BY a.platform, a.payee, a.instrument),
line AS (
  SELECT 1 AS place, 'target' AS section, t.name AS item, t.jurisdiction, t.year, t.value AS target, (SELECT count(*)
             FROM ranked r WHERE r.rank >= t.rank AND substr(r.division, 1, length(t.reach)) = t.reach) AS actual,
         NULL AS currency, CAST(NULL AS INTEGER) AS planned, CAST(NULL AS INTEGER) AS paid, t.level AS detail,
         CAST(t.entry_index AS TEXT) AS entries
  FROM target t
  UNION ALL SELECT 2, 'tier', level, NULL, NULL, NULL, count(*), NULL, NULL, NULL, group_concat(platform, ', '),
      group_concat(entry_index)
  FROM (SELECT * FROM active WHERE level IS NOT NULL ORDER BY level, entry_index) a GROUP BY level
  UNION ALL SELECT 3, 'city', level, city, NULL, NULL, count(*), NULL, NULL, NULL, group_concat(platform, ', '),
      group_concat(entry_index)
  FROM (SELECT * FROM active WHERE level IS NOT NULL ORDER BY city, level, entry_index) a GROUP BY city, level
  UNION ALL SELECT 4, 'sector', 'covered', NULL, NULL, 15, count(DISTINCT s.value), NULL, NULL, NULL, NULL, NULL
  FROM active a JOIN platform_established_sectors s ON s.entry_index = a.entry_index WHERE s.value <> 'OTHER'
  UNION ALL SELECT 5, 'sector', a.value, NULL, NULL, NULL, count(*), NULL, NULL, NULL,
      group_concat(a.platform || ' ' || coalesce(a.level, '-'), ', '), group_concat(a.entry_index)
  FROM (SELECT s.value, a.platform, a.level, a.entry_index FROM active a JOIN platform_established_sectors s
        ON s.entry_index = a.entry_index ORDER BY s.value, a.entry_index) a GROUP BY a.value
  UNION ALL SELECT 6, 'funding', m.instrument, NULL, CAST(substr(m.legal_date, 1, 4) AS INTEGER), NULL, count(*),
      m.currency, sum(m.awarded), sum(m.disbursed), NULL, NULL
  FROM award_money m GROUP BY m.instrument, substr(m.legal_date, 1, 4), m.currency
  UNION ALL SELECT 7, 'review', CASE WHEN due < (SELECT "on" FROM as_of) THEN 'overdue' ELSE 'due' END, city,
                   CAST(substr(due, 1, 4) AS INTEGER), NULL, count(*), NULL, NULL, NULL,
                   group_concat(platform || ' ' || due, ', '), group_concat(entry_index)
  FROM (SELECT * FROM active WHERE due <= add_months((SELECT "on" FROM as_of), 12) ORDER BY city, entry_index) a
  GROUP BY 3, city, substr(due, 1, 4)
  UNION ALL SELECT 8, 'exit', 'withdrawn', city, CAST(substr(withdrawn_on, 1, 4) AS INTEGER), NULL, count(*), NULL,
      NULL, NULL, group_concat(platform || ' ' || withdrawn_on, ', '), group_concat(withdrawn_entry)
  FROM (SELECT * FROM platform_state WHERE level = 'WITHDRAWN' ORDER BY city, entry_index) w
  GROUP BY city, substr(withdrawn_on, 1, 4)
  UNION ALL SELECT 9, 'blocked', instrument, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    coalesce(platform, payee) || ' < ' || add_months(last_on, months), entries
  FROM windows WHERE add_months(last_on, months) > (SELECT "on" FROM as_of))
SELECT section, item, jurisdiction, year, target, actual, CASE WHEN target > actual THEN target - actual END AS gap,
       currency, planned, paid, detail, entries
FROM line
ORDER BY place, section, item, jurisdiction, year, currency, detail;
