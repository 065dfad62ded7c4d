-- view: pilot_runs
-- version: 1
-- zh: 中试运行
-- en: Pilot runs
-- reader: authority
-- param: platform entity:platform = platform id
-- param: project entity:project = project id
-- param: result code:result = SUCCESS, PARTIAL or FAILURE
-- column: run text Run | 运行编号
-- column: project text Project | 项目
-- column: platform text Platform | 平台
-- column: legal_date date Date | 日期
-- column: validation_kind enum:ValidationKind Validation | 验证类型
-- column: result enum:RunResult Result | 结果
-- column: batches_done int Batches | 批次
-- column: yield_pct real Yield % | 收率%
-- column: scale_up real Scale-up | 放大倍数
-- column: trl text TRL | 技术就绪水平
-- column: measurements int Measured | 实测项
-- column: materials int Lots | 物料批
-- column: reports int Reports | 检测报告
-- column: assurance int Level | 可信级别
-- column: entry_index int Entry | 条目
-- key: run
-- drill: entries list={entry_index}
SELECT r.run, r.project, r.platform, e.legal_date, r.validation_kind, r.result, r.batches_done,
       CASE WHEN r.yield_bp > 0 THEN r.yield_bp / 100.0 END AS yield_pct,
       CASE WHEN CAST(r.lab_scale AS REAL) > 0
         THEN CAST(r.pilot_scale AS REAL) / CAST(r.lab_scale AS REAL) END AS scale_up,
       CASE WHEN r.trl_after > 0 THEN r.trl_before || ' > ' || r.trl_after END AS trl,
       (SELECT count(*) FROM pilot_run_recorded_measurements m WHERE m.entry_index = r.entry_index) AS measurements,
       (SELECT count(*) FROM pilot_run_recorded_materials m WHERE m.entry_index = r.entry_index) AS materials,
       (SELECT count(*) FROM test_report_issued t WHERE t.run = r.run) AS reports, e.assurance, r.entry_index
FROM pilot_run_recorded r JOIN entry e ON e.entry_index = r.entry_index
WHERE (:platform IS NULL OR r.platform = :platform) AND (:project IS NULL OR r.project = :project)
  AND (:result IS NULL OR r.result = :result)
ORDER BY r.platform, r.project, e.legal_date, r.run;
