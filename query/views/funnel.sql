-- view: funnel
-- version: 1
-- zh: 转化漏斗
-- en: From demand to product
-- reader: authority
-- param: platform entity:platform = platform id
-- param: sector enum:Sector = sector code
-- param: city division = division of the city, as 330200
-- param: year year = four digits: projects accepted in that year
-- totals: none
-- column: stage text Stage | 阶段
-- label: stage demand demand posted | 需求
-- label: stage accepted project accepted | 承接
-- label: stage run piloted | 中试运行
-- label: stage passed pilot accepted | 中试验收
-- label: stage evaluated evaluated or registered | 评价或登记
-- label: stage contracted contracted | 签约
-- label: stage earned with revenue | 有收入
-- label: stage product first product | 首台套等
-- column: projects int Projects | 项目数
-- column: step_pct real Of the stage before % | 较上一阶段%
-- column: total_pct real Of all accepted % | 占承接%
-- column: median_days int Median days since acceptance | 距承接天数（中位）
-- column: amount money Net revenue (CNY) | 净收入
-- key: stage
-- drill: funnel_projects stage={stage}
WITH path AS MATERIALIZED (
  SELECT p.* FROM outcome_path p
  WHERE (:platform IS NULL OR p.platform = :platform) AND (:sector IS NULL OR p.sector = :sector)
    AND (:city IS NULL OR p.city = :city)
    AND (:year IS NULL OR p.year = :year)),
reached AS (
  SELECT 2 AS place, 'accepted' AS stage, accepted_on AS day, accepted_on, 0 AS earned FROM path
  UNION ALL SELECT 3, 'run', run_on, accepted_on, 0 FROM path WHERE run_on IS NOT NULL
  UNION ALL SELECT 4, 'passed', passed_on, accepted_on, 0 FROM path WHERE passed_on IS NOT NULL
  UNION ALL SELECT 5, 'evaluated', evaluated_on, accepted_on, 0 FROM path WHERE evaluated_on IS NOT NULL
  UNION ALL SELECT 6, 'contracted', contracted_on, accepted_on, 0 FROM path WHERE contracted_on IS NOT NULL
  UNION ALL SELECT 7, 'earned', earned_on, accepted_on, earned FROM path WHERE earned_on IS NOT NULL
  UNION ALL SELECT 8, 'product', product_on, accepted_on, 0 FROM path WHERE product_on IS NOT NULL),
timed AS (
  SELECT r.*, julianday(day) - julianday(accepted_on) AS days, row_number() OVER (PARTITION BY place
      ORDER BY julianday(day) - julianday(accepted_on)) AS nth,
         count(*) OVER (PARTITION BY place) AS n FROM reached r),
stages(place, stage) AS (VALUES (1, 'demand'), (2, 'accepted'), (3, 'run'), (4, 'passed'), (5, 'evaluated'),
                         (6, 'contracted'),
                         (7, 'earned'), (8, 'product')),
counted AS (
  SELECT s.place, s.stage,
         CASE WHEN s.place = 1 THEN (SELECT coalesce(sum(max(m.count, 1)), 0) FROM milestone_recorded m
                                     JOIN entry e ON e.entry_index = m.entry_index
                                     WHERE m.kind = 'DEMAND_POSTED' AND (:platform IS NULL OR m.platform = :platform)
                                       AND (:year IS NULL OR substr(e.legal_date, 1, 4) = :year))
              ELSE (SELECT count(*) FROM reached r WHERE r.place = s.place) END AS projects,
         (SELECT CAST(max(t.days) AS INTEGER) FROM timed t
          WHERE t.place = s.place AND t.nth <= (t.n + 1) / 2) AS median_days,
         (SELECT sum(r.earned) FROM reached r WHERE r.place = s.place AND s.place = 7) AS amount
  FROM stages s)
SELECT stage, projects, 100.0 * projects / nullif(lag(projects) OVER (ORDER BY place), 0) AS step_pct,
       CASE WHEN place > 1 THEN 100.0 * projects / nullif((SELECT c.projects FROM counted c WHERE c.place = 2),
                                                          0) END AS total_pct, median_days, amount
FROM counted
ORDER BY place;
