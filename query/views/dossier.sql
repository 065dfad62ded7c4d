-- view: dossier
-- version: 1
-- zh: 平台档案
-- en: Platform dossier
-- reader: authority
-- param: platform entity:platform = platform id
-- totals: none
-- column: platform text Platform | 平台编号
-- column: section text Section | 类别
-- label: section identity identity | 基本情况
-- label: section history history | 历程
-- label: section grade grade | 考核
-- label: section team built up | 建设事项
-- label: section qualification qualification | 资质
-- label: section services services | 服务清单
-- label: section projects projects | 项目
-- label: section funding funding | 资金
-- label: section findings findings | 审计问题
-- label: section ip IP and pledges | 知识产权与质押
-- label: section revenue revenue | 收入
-- column: item enum:MilestoneKind,QualificationKind Item | 项目
-- label: item name name | 名称
-- label: item legal-entity legal entity | 法人单位
-- label: item operator operator | 运营主体
-- label: item type type | 建设类型
-- label: item sectors sectors | 领域
-- label: item division division | 行政区划
-- label: item builder sponsor | 建设主体
-- label: item established established | 创建
-- label: item recognised recognised | 认定
-- label: item promoted promoted | 升级国家级
-- label: item re-evaluated re-evaluated | 复评
-- label: item withdrawn withdrawn | 退出
-- label: item next-review next re-evaluation | 下次复评
-- label: item accepted accepted | 承接项目
-- label: item runs runs | 中试运行
-- label: item outcomes outcomes | 成果
-- label: item fiscal fiscal subsidy | 财政补助
-- label: item loans loans drawn | 贷款提款
-- label: item bonds bonds | 债券资金
-- label: item funds funds | 基金投资
-- label: item vouchers vouchers redeemed | 创新券抵扣
-- label: item rights rights owned | 权利
-- label: item in-pledge in pledge | 在押
-- label: item net-revenue net revenue | 净收入
-- label: item cost operating cost | 运营成本
-- column: value enum:ConstructionType,Sector,Level,Grade,ReviewResult,RunResult Value | 内容
-- label: value raised raised | 已提出
-- label: value answered answered | 已整改
-- label: value closed closed | 已销号
-- label: value expired expired | 过期
-- column: date date Date | 日期
-- column: number int Number | 数量
-- column: currency text Currency | 币种
-- column: amount money Amount | 金额
-- column: entries text Entries | 条目
-- key: platform section item value date currency
WITH one AS MATERIALIZED (SELECT s.*, e.legal_date FROM platform_state s JOIN entry e ON e.entry_index = s.entry_index
                          WHERE (:platform IS NULL OR s.platform = :platform)),
line AS (
  SELECT platform, 1 AS place, 'identity' AS section, 'name' AS item, name AS value, NULL AS date,
         CAST(NULL AS INTEGER) AS number, NULL AS currency, CAST(NULL AS INTEGER) AS amount,
         CAST(entry_index AS TEXT) AS entries FROM one
  UNION ALL SELECT platform, 2, 'identity', 'legal-entity',
      coalesce((SELECT p.name FROM party_registered p WHERE p.party = legal_entity), legal_entity), NULL, NULL, NULL,
      NULL, CAST(entry_index AS TEXT) FROM one
  UNION ALL SELECT platform, 3, 'identity', 'operator',
      coalesce((SELECT p.name FROM party_registered p WHERE p.party = operator), operator), NULL, NULL, NULL, NULL,
      CAST(entry_index AS TEXT) FROM one WHERE operator IS NOT NULL
  UNION ALL SELECT platform, 4, 'identity', 'type', construction_type, NULL, NULL, NULL, NULL, CAST(entry_index AS TEXT)
  FROM one
  UNION ALL SELECT platform, 5, 'identity', 'sectors', (SELECT group_concat(s.value)
                                                        FROM (SELECT value FROM platform_established_sectors
                                                              WHERE entry_index = one.entry_index ORDER BY item) s),
      NULL, NULL, NULL, NULL, CAST(entry_index AS TEXT) FROM one
  UNION ALL SELECT platform, 6, 'identity', 'division', division, NULL, NULL, NULL, NULL, CAST(entry_index AS TEXT)
  FROM one
  UNION ALL SELECT o.platform, 7, 'identity', 'builder',
      coalesce((SELECT p.name FROM party_registered p WHERE p.party = b.party), b.party)
    || ' ' || (b.share_bp / 100) || '%', NULL, NULL, NULL, NULL, CAST(o.entry_index AS TEXT)
  FROM one o JOIN platform_established_builders b ON b.entry_index = o.entry_index
  UNION ALL SELECT platform, 10, 'history', 'established', NULL, legal_date, NULL, NULL, NULL, CAST(entry_index AS TEXT)
  FROM one
  UNION ALL SELECT o.platform, 11, 'history',
      CASE WHEN EXISTS (SELECT 1 FROM platform_promoted m WHERE m.entry_index = t.entry_index)
    THEN 'promoted' ELSE 'recognised' END, t.level, t.since, NULL, NULL, NULL, CAST(t.entry_index AS TEXT)
  FROM one o JOIN platform_tier t ON t.platform = o.platform
  UNION ALL SELECT o.platform, 12, 'history', 're-evaluated', r.result || coalesce(' ' || r.score, ''), e.legal_date,
      NULL, NULL, NULL, CAST(r.entry_index AS TEXT)
  FROM one o JOIN platform_reevaluated r ON r.platform = o.platform JOIN entry e ON e.entry_index = r.entry_index
  UNION ALL SELECT platform, 13, 'history', 'next-review', NULL, due, NULL, NULL, NULL, NULL FROM one
  WHERE due IS NOT NULL
  UNION ALL SELECT platform, 14, 'history', 'withdrawn', NULL, withdrawn_on, NULL, NULL, NULL,
      CAST(withdrawn_entry AS TEXT) FROM one
  WHERE withdrawn_entry IS NOT NULL
  UNION ALL SELECT o.platform, 20, 'grade', CAST(g.year AS TEXT), g.grade, e.legal_date, NULL, NULL, NULL,
      CAST(g.entry_index AS TEXT)
  FROM one o JOIN performance_graded g ON g.platform = o.platform JOIN entry e ON e.entry_index = g.entry_index
  UNION ALL SELECT m.platform, 30, 'team', m.kind, group_concat(m.title, ', '), max(m.legal_date), sum(max(m.count, 1)),
      NULL, NULL, group_concat(m.entry_index)
  FROM (SELECT o.platform, m.kind, m.title, m.count, m.entry_index, e.legal_date FROM one o JOIN milestone_recorded m
        ON m.platform = o.platform JOIN entry e ON e.entry_index = m.entry_index
        ORDER BY o.platform, m.kind, m.entry_index) m
  GROUP BY m.platform, m.kind
  UNION ALL SELECT o.platform, 40, 'qualification', q.kind || ' ' || q.number, CASE WHEN q.valid_to < (SELECT "on"
      FROM as_of) THEN 'expired' END, q.valid_to, NULL, NULL, NULL, CAST(q.entry_index AS TEXT)
  FROM one o JOIN qualification_recorded q ON q.platform = o.platform
    OR (q.platform IS NULL AND q.holder = o.legal_entity)
  UNION ALL SELECT o.platform, 50, 'services', i.code, i.name || coalesce(' / ' || i.unit, ''), e.legal_date, NULL,
      e.currency, i.price_fen, CAST(s.entry_index AS TEXT)
  FROM one o JOIN service_list_published s ON s.platform = o.platform JOIN entry e ON e.entry_index = s.entry_index
  JOIN service_list_published_items i ON i.entry_index = s.entry_index
  WHERE s.entry_index = (SELECT max(n.entry_index) FROM service_list_published n WHERE n.platform = o.platform)
  UNION ALL SELECT o.platform, 60, 'projects', 'accepted', NULL, NULL, count(*), NULL, NULL, group_concat(j.entry_index)
  FROM one o
  JOIN pilot_project_accepted j ON j.platform = o.platform GROUP BY o.platform
  UNION ALL SELECT o.platform, 61, 'projects', 'runs', r.result, NULL, count(*), NULL, NULL, group_concat(r.entry_index)
  FROM one o
  JOIN pilot_run_recorded r ON r.platform = o.platform GROUP BY o.platform, r.result
  UNION ALL SELECT y.platform, 62, 'projects', 'outcomes', NULL, NULL, count(DISTINCT y.outcome), NULL, NULL,
      group_concat(y.entry_index)
  FROM (SELECT o.platform, x.outcome, x.entry_index FROM one o JOIN pilot_project_accepted j ON j.platform = o.platform
        JOIN (SELECT outcome, project, entry_index FROM outcome_evaluated UNION ALL SELECT outcome, project, entry_index
              FROM outcome_registered) x ON x.project = j.project ORDER BY o.platform, x.entry_index) y
              GROUP BY y.platform
  UNION ALL SELECT o.platform, 70, 'funding', 'fiscal', a.instrument, NULL, count(*), e.currency, sum(a.amount_fen),
                   group_concat(a.entry_index)
  FROM one o JOIN subsidy_awarded a ON a.platform = o.platform JOIN entry e ON e.entry_index = a.entry_index
  GROUP BY o.platform,
  a.instrument, e.currency
  UNION ALL SELECT o.platform, 71, 'funding', 'loans', NULL, NULL, count(DISTINCT l.loan), e.currency,
      sum(d.amount_fen), group_concat(d.entry_index)
  FROM one o JOIN loan_granted l ON l.platform = o.platform JOIN loan_drawn d ON d.loan = l.loan
  JOIN entry e ON e.entry_index = d.entry_index GROUP BY o.platform, e.currency
  UNION ALL SELECT o.platform, 72, 'funding', 'bonds', NULL, NULL, count(*), e.currency, sum(b.amount_fen),
      group_concat(b.entry_index)
  FROM one o JOIN bond_proceeds_allocated b ON b.platform = o.platform JOIN entry e ON e.entry_index = b.entry_index
  GROUP BY o.platform,
  e.currency
  UNION ALL SELECT o.platform, 73, 'funding', 'funds', NULL, NULL, count(*), e.currency, sum(f.amount_fen),
      group_concat(f.entry_index)
  FROM one o JOIN fund_invested f ON f.platform = o.platform JOIN entry e ON e.entry_index = f.entry_index
  GROUP BY o.platform, e.currency
  UNION ALL SELECT o.platform, 74, 'funding', 'vouchers', NULL, NULL, count(*), e.currency, sum(v.amount_fen),
      group_concat(v.entry_index)
  FROM one o JOIN voucher_redeemed v ON v.platform = o.platform JOIN entry e ON e.entry_index = v.entry_index
  GROUP BY o.platform,
  e.currency
  UNION ALL SELECT o.platform, 80, 'findings', c.code, c.state, c.due_on, NULL, c.currency, c.amount_fen,
      CAST(c.entry_index AS TEXT)
  FROM one o JOIN audit_chain c ON c.audited = o.legal_entity
  UNION ALL SELECT o.platform, 90, 'ip', 'rights', NULL, NULL, count(DISTINCT i.number), NULL, NULL,
      group_concat(i.entry_index)
  FROM one o JOIN ip_asset_recorded_owners w ON w.party = o.legal_entity
  JOIN ip_asset_recorded i ON i.entry_index = w.entry_index
  GROUP BY o.platform
  UNION ALL SELECT o.platform, 91, 'ip', 'in-pledge', q.asset, q.debt_to, NULL, q.currency, nullif(q.amount_fen, 0),
                   CAST(q.registered_entry AS TEXT)
  FROM one o JOIN pledge_agreed_pledgors g ON g.value = o.legal_entity
  JOIN pledge_asset q ON q.entry_index = g.entry_index
  WHERE q.state = 'active'
  UNION ALL SELECT o.platform, 100, 'revenue', 'net-revenue', substr(m.period, 1, 4), NULL, NULL, m.currency,
      sum(m.net), NULL
  FROM one o JOIN (SELECT platform, period, currency, net_fen AS net FROM month_revenue_received
                   UNION ALL SELECT platform, period,
                          currency, -net_fen FROM month_revenue_reversed) m ON m.platform = o.platform
  GROUP BY o.platform, substr(m.period, 1, 4), m.currency
  UNION ALL SELECT o.platform, 101, 'revenue', 'cost', substr(m.period, 1, 4), NULL, NULL, m.currency, sum(m.cost_fen),
      NULL
  FROM one o JOIN month_operating_cost_reported m ON m.platform = o.platform
  GROUP BY o.platform, substr(m.period, 1, 4), m.currency)
SELECT platform, section, item, value, date, number, currency, amount, entries FROM line
ORDER BY platform, place, item, date, value, currency, entries;
