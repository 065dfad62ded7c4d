-- view: platforms
-- version: 3
-- zh: 平台名录
-- en: Platforms
-- reader: authority
-- param: level code:level = COUNTY, MUNICIPAL, PROVINCIAL, NATIONAL or WITHDRAWN
-- totals: awarded net
-- column: platform text Platform | 平台编号
-- column: name text Name | 名称
-- column: legal_entity text Legal entity | 法人单位
-- column: construction_type enum:ConstructionType Type | 建设类型
-- column: level enum:Level Tier | 级别
-- label: level WITHDRAWN withdrawn | 已退出
-- column: recognised_on date Recognised | 认定日
-- column: due date Re-evaluation due | 复评到期
-- column: last_grade enum:Grade Last grade | 最近考核
-- column: projects int Projects | 项目
-- column: runs int Runs | 运行
-- column: awards int Awards | 补助
-- column: awarded money Awarded (CNY) | 补助金额
-- column: net money Net revenue (CNY) | 净收入
-- column: assurance int Level | 可信级别
-- key: platform
-- drill: dossier platform={platform}
SELECT s.platform, s.name, coalesce((SELECT n.name FROM party_registered n WHERE n.party = s.legal_entity),
                                    s.legal_entity) AS legal_entity,
       s.construction_type,
       s.level, s.recognised_on, s.due,
       (SELECT x.year || ' ' || x.grade FROM performance_graded x WHERE x.platform = s.platform ORDER BY x.year DESC
        LIMIT 1) AS last_grade,
       (SELECT count(*) FROM pilot_project_accepted x WHERE x.platform = s.platform) AS projects,
       (SELECT count(*) FROM pilot_run_recorded x WHERE x.platform = s.platform) AS runs,
       (SELECT count(*) FROM subsidy_awarded x WHERE x.platform = s.platform) AS awards,
       (SELECT coalesce(sum(x.amount_fen), 0) FROM subsidy_awarded x JOIN entry xe ON xe.entry_index = x.entry_index
        WHERE x.platform = s.platform AND xe.currency = 'CNY') AS awarded,
       coalesce((SELECT sum(m.net_fen) FROM month_revenue_received m WHERE m.platform = s.platform
                   AND m.currency = 'CNY'), 0)
         - coalesce((SELECT sum(m.net_fen) FROM month_revenue_reversed m WHERE m.platform = s.platform
                       AND m.currency = 'CNY'), 0) AS net,
       max(e.assurance,
           coalesce((SELECT te.assurance FROM platform_tier t JOIN entry te ON te.entry_index = t.entry_index
                                  WHERE t.platform = s.platform ORDER BY t.entry_index DESC LIMIT 1), 0)) AS assurance
FROM platform_state s
JOIN entry e ON e.entry_index = s.entry_index
WHERE (:level IS NULL OR s.level = :level)
ORDER BY s.platform;
