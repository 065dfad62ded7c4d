-- view: platforms
-- version: 2
-- zh: 平台名录
-- en: Platforms
-- reader: authority
-- param: level = COUNTY, MUNICIPAL, PROVINCIAL, NATIONAL or WITHDRAWN
-- column: platform text Platform | 平台编号
-- column: name text Name | 名称
-- column: legal_entity text Legal entity | 法人单位
-- column: construction_type text Type | 建设类型
-- column: level text Tier | 级别
-- column: recognised_on date Recognised | 认定日
-- column: due date Re-evaluation due | 复评到期
-- column: last_grade text Last grade | 最近考核
-- column: projects int Projects | 项目
-- column: runs int Runs | 运行
-- column: awards int Awards | 补助
-- column: awarded money Awarded (CNY) | 补助金额
-- column: net money Net revenue (CNY) | 净收入
-- column: assurance int Level | 可信级别
WITH last_recognition AS (SELECT platform, max(entry_index) AS entry_index
                          FROM (SELECT platform, entry_index FROM platform_recognized UNION ALL SELECT platform, entry_index FROM platform_promoted)
                          GROUP BY platform)
SELECT p.platform, p.name, coalesce(n.name, p.legal_entity) AS legal_entity, p.construction_type,
       CASE WHEN w.platform IS NOT NULL THEN 'WITHDRAWN' WHEN g.entry_index IS NULL AND l.platform IS NOT NULL THEN 'NATIONAL' ELSE g.level END AS level,
       ge.legal_date AS recognised_on, CASE WHEN w.platform IS NULL THEN date(coalesce((SELECT max(xe.legal_date) FROM platform_reevaluated x JOIN entry xe ON xe.entry_index = x.entry_index
                                                           WHERE x.platform = p.platform), ge.legal_date), '+2 years') END AS due,
       (SELECT x.year || ' ' || x.grade FROM performance_graded x WHERE x.platform = p.platform ORDER BY x.year DESC LIMIT 1) AS last_grade,
       (SELECT count(*) FROM pilot_project_accepted x WHERE x.platform = p.platform) AS projects,
       (SELECT count(*) FROM pilot_run_recorded x WHERE x.platform = p.platform) AS runs,
       (SELECT count(*) FROM subsidy_awarded x WHERE x.platform = p.platform) AS awards,
       (SELECT coalesce(sum(x.amount_fen), 0) FROM subsidy_awarded x JOIN entry xe ON xe.entry_index = x.entry_index
        WHERE x.platform = p.platform AND xe.currency = 'CNY') AS awarded,
       (SELECT coalesce(sum(x.net_fen), 0) FROM revenue_received x JOIN entry xe ON xe.entry_index = x.entry_index
        WHERE x.platform = p.platform AND xe.currency = 'CNY')
         - (SELECT coalesce(sum(x.net_fen), 0) FROM revenue_reversed x JOIN entry xe ON xe.entry_index = x.entry_index
            WHERE x.platform = p.platform AND xe.currency = 'CNY') AS net,
       max(e.assurance, coalesce(ge.assurance, 0)) AS assurance
FROM platform_established p
JOIN entry e ON e.entry_index = p.entry_index
LEFT JOIN party_name n ON n.party = p.legal_entity
LEFT JOIN last_recognition l ON l.platform = p.platform
LEFT JOIN platform_recognized g ON g.entry_index = l.entry_index
LEFT JOIN entry ge ON ge.entry_index = l.entry_index
LEFT JOIN platform_withdrawn w ON w.platform = p.platform AND w.effective_on <= (SELECT "on" FROM as_of)
WHERE :level IS NULL OR :level = CASE WHEN w.platform IS NOT NULL THEN 'WITHDRAWN' WHEN g.entry_index IS NULL AND l.platform IS NOT NULL THEN 'NATIONAL' ELSE g.level END
ORDER BY p.platform;
