-- view: funnel_projects
-- version: 1
-- zh: 项目转化路径
-- en: The path of each project
-- reader: authority
-- param: platform entity:platform = platform id
-- param: sector code:sector = sector code
-- param: city division = division of the city, as 330200
-- param: year year = four digits: accepted in that year
-- param: stage word:accepted,run,passed,evaluated,contracted,earned,product,demand = how far it has come
-- totals: earned
-- column: project text Project | 项目编号
-- column: platform text Platform | 平台
-- column: sector enum:Sector Sector | 领域
-- column: city text City | 城市
-- column: accepted_on date Accepted | 承接
-- column: runs int Runs | 运行
-- column: run_on date First run | 首次运行
-- column: passed_on date Pilot accepted | 验收
-- column: evaluated_on date Evaluated | 评价登记
-- column: contracted_on date Contracted | 签约
-- column: earned_on date First revenue | 首笔收入
-- column: product_on date First product | 首台套等
-- column: earned money Net revenue (CNY) | 净收入
-- column: entity text Entity | 对象
-- key: project
-- drill: entries entity={entity}
SELECT p.project, p.platform, p.sector, p.city, p.accepted_on, p.runs, p.run_on, p.passed_on, p.evaluated_on,
       p.contracted_on, p.earned_on, p.product_on, p.earned, 'project:' || p.project AS entity
FROM outcome_path p
WHERE (:platform IS NULL OR p.platform = :platform) AND (:sector IS NULL OR p.sector = :sector)
  AND (:city IS NULL OR p.city = :city)
  AND (:year IS NULL OR p.year = :year)
  AND (CASE coalesce(:stage, 'accepted')
         WHEN 'run' THEN p.run_on
         WHEN 'passed' THEN p.passed_on
         WHEN 'evaluated' THEN p.evaluated_on
         WHEN 'contracted' THEN p.contracted_on
         WHEN 'earned' THEN p.earned_on
         WHEN 'product' THEN p.product_on
         ELSE p.accepted_on END IS NOT NULL)
ORDER BY p.accepted_on, p.project;
