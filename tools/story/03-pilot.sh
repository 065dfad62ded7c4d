# 中试项目、运行、检测. Failed runs are recorded like any other.
accepted() { event PilotProjectAccepted "$1" "\"project\":\"$2\",\"platform\":\"$3\",\"client\":\"$4\",\"title\":\"$5\",$6"; }
# run LEGAL-DATE RUN PROJECT PLATFORM BATCHES YIELD-BP RESULT TRL-BEFORE TRL-AFTER FIELDS
run() { event PilotRunRecorded "$1" "\"run\":\"$2\",\"project\":\"$3\",\"platform\":\"$4\",\"validationKind\":\"PROCESS\",\"mode\":\"PROCESS\",\"batchesDone\":$5,\"yieldBp\":$6,\"result\":\"$7\",\"trlBefore\":$8,\"trlAfter\":$9,\"dataHash\":\"$(hash "raw data $2")\"${10:+,${10}}"; }
report() { event TestReportIssued "$1" "\"reportNo\":\"$2\",\"lab\":\"91330100MA99L0014K\",\"project\":\"$3\",\"run\":\"$4\",\"cmaNo\":\"251100140099\",\"inScope\":$5,\"sampleId\":\"S-$2\",\"result\":\"$6\",\"reportHash\":\"$(hash "report $2")\""; }

today 2025-09-01
DIVISION=330200 accepted 2025-08-28 YJ-P1 YJ 91330282MA99C0015N 可降解薄膜连续聚合中试 '"sector":"NEW_MATERIALS","services":["TECHNOLOGY_MATURATION","SAMPLE_PROTOTYPING"],"feeFen":86000000,"batchesPlanned":8,"approvals":[{"kind":"SAFETY","docNo":"甬应急〔2025〕88号","date":"2025-08-20"},{"kind":"ENVIRONMENT","docNo":"甬环〔2025〕102号","date":"2025-08-22"}]' | signed yongjiang chenguang
DIVISION=330200 accepted 2025-08-29 YJ-P2 YJ 91330481MA99C004X0 阻燃纤维母粒放大 '"sector":"TEXTILE","services":["ENGINEERING"],"feeFen":42000000,"batchesPlanned":3' | signed yongjiang yunzhi
DIVISION=330400 accepted 2025-08-29 JH-P1 JH 91330402MA99C00230 耐热脂肪酶发酵放大 '"sector":"BIOMANUFACTURING","services":["PROCESS_INNOVATION","TESTING"],"feeFen":58000000,"batchesPlanned":6' | signed jiahe nanhu
accepted 2025-08-29 HP-P1 HP 91330110MA99C0031X 六轴协作臂可靠性验证 '"sector":"ROBOTICS","services":["EQUIPMENT_VALIDATION"],"feeFen":36000000,"batchesPlanned":4' | signed hupan lingxi

today 2025-12-14
DIVISION=330200
{
  run 2025-10-15 YJ-P1-R1 YJ-P1 YJ 2 6120 FAILURE 4 4 '"labScale":"0.5","pilotScale":"50","scaleUnit":"kg","incidents":1,"wasteKg":"18.5"'
  run 2025-10-30 YJ-P1-R2 YJ-P1 YJ 2 7450 PARTIAL 4 5 '"labScale":"0.5","pilotScale":"50","scaleUnit":"kg","energyKwh":"2140"'
  run 2025-11-18 YJ-P1-R3 YJ-P1 YJ 2 8810 SUCCESS 5 6 '"labScale":"0.5","pilotScale":"200","scaleUnit":"kg","energyKwh":"6020","measurements":[{"name":"拉伸强度","actual":"38.4","target":"35","unit":"MPa"},{"name":"降解率(90天)","actual":"92.1","target":"90","unit":"%"}]'
  run 2025-12-10 YJ-P1-R4 YJ-P1 YJ 2 9035 SUCCESS 6 7 '"labScale":"0.5","pilotScale":"200","scaleUnit":"kg","materials":[{"group":"单体","lot":"LA-251201","share":"0.92","kg":"184"},{"group":"单体","lot":"CL-251128","share":"0.08","kg":"16"}]'
  run 2025-11-25 YJ-P2-R1 YJ-P2 YJ 1 8200 SUCCESS 5 6 '"labScale":"2","pilotScale":"100","scaleUnit":"kg"'
  run 2025-12-05 YJ-P2-R2 YJ-P2 YJ 1 8660 SUCCESS 6 6 '"labScale":"2","pilotScale":"100","scaleUnit":"kg"'
} | signed yongjiang
run 2025-12-13 YJ-P2-R3 YJ-P2 YJ 5 8700 SUCCESS 6 7 | refused R-BATCHES yongjiang
DIVISION=330400
{
  run 2025-10-20 JH-P1-R1 JH-P1 JH 1 4400 FAILURE 4 4 '"labScale":"5","pilotScale":"500","scaleUnit":"L"'
  run 2025-11-08 JH-P1-R2 JH-P1 JH 1 6900 PARTIAL 4 5 '"labScale":"5","pilotScale":"500","scaleUnit":"L"'
  run 2025-12-02 JH-P1-R3 JH-P1 JH 2 8150 SUCCESS 5 6 '"labScale":"5","pilotScale":"2000","scaleUnit":"L","measurements":[{"name":"酶活","actual":"12600","target":"12000","unit":"U/mL"}]'
} | signed jiahe
unset DIVISION
{
  run 2025-11-12 HP-P1-R1 HP-P1 HP 1 9100 SUCCESS 6 6 '"measurements":[{"name":"平均无故障时间","actual":"8200","target":"8000","unit":"h"}]'
  run 2025-12-12 HP-P1-R2 HP-P1 HP 1 9300 SUCCESS 6 7 '"measurements":[{"name":"重复定位精度","actual":"0.021","target":"0.02","unit":"mm"}]'
} | signed hupan

today 2026-01-12
{
  report 2025-12-28 ZJ-26-0001 YJ-P1 YJ-P1-R4 true SUCCESS
  report 2025-12-29 ZJ-26-0002 JH-P1 JH-P1-R3 true SUCCESS
  report 2026-01-06 ZJ-26-0003 HP-P1 HP-P1-R2 false PARTIAL
} | signed lab
