@0xe3a1c0f2b7d45905;
# Pilot projects, runs and test reports.

using Cxx = import "/capnp/c++.capnp";
using import "annotations.capnp".zh;
using import "annotations.capnp".en;
using import "annotations.capnp".signers;
using import "annotations.capnp".attesters;
using import "annotations.capnp".importable;
using import "annotations.capnp".entities;
using import "annotations.capnp".postings;
using import "annotations.capnp".format;
using import "annotations.capnp".required;
using import "annotations.capnp".confidentiality;
using Common = import "common.capnp";
$Cxx.namespace("pilotledger::events::schema");

enum ServiceKind $zh("服务类型") $en("Service") {
  unspecified @0 $zh("未指定") $en("unspecified");
  engineering @1 $zh("工程开发") $en("engineering development");
  technologyMaturation @2 $zh("技术熟化") $en("technology maturation");
  processInnovation @3 $zh("工艺创新") $en("process innovation");
  samplePrototyping @4 $zh("样品试制") $en("sample prototyping");
  equipmentValidation @5 $zh("设备验证") $en("equipment validation");
  testing @6 $zh("试验检测") $en("testing");
  research @7 $zh("技术研发") $en("research");
  metrology @8 $zh("计量测试") $en("metrology");
  equipmentRental @9 $zh("设备租赁") $en("equipment rental");
  scenario @10 $zh("场景应用") $en("application scenario");
  marketMatching @11 $zh("市场对接") $en("market matching");
  investmentPromotion @12 $zh("投融资推介") $en("investment promotion");
  consultingTraining @13 $zh("咨询培训") $en("consulting and training");
}

enum ApprovalKind $zh("审批事项") $en("Approval") {
  unspecified @0 $zh("未指定") $en("unspecified");
  filing @1 $zh("备案") $en("project filing");
  safety @2 $zh("安评") $en("safety assessment");
  environment @3 $zh("环评") $en("environmental assessment");
  energy @4 $zh("能评") $en("energy assessment");
}

struct Approval {
  kind @0 :ApprovalKind $zh("事项") $en("Approval") $required(true);
  docNo @1 :Text $zh("文号") $en("Document number") $format("docno");
  date @2 :Int32 $zh("日期") $en("Date") $format("date");
}

struct PilotProjectAccepted $zh("中试项目承接") $en("Pilot project accepted") $importable(true)
    $attesters("EIT / SCI / LAB / EVA")
    $signers("PLT@platform + CUS@client")
    $entities("open project {project}; need platform {platform}; need party {client}; need? contract {contract}") {
  project @0 :Text $zh("项目编号") $en("Project id") $format("id") $required(true);
  platform @1 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  client @2 :Text $zh("客户") $en("Client") $format("party") $required(true);
  title @3 :Text $zh("项目名称") $en("Title") $required(true);
  sector @4 :Common.Sector $zh("领域") $en("Sector");
  services @5 :List(ServiceKind) $zh("服务内容") $en("Services");
  contract @6 :Text $zh("合同编号") $en("Contract id") $format("id");
  feeFen @7 :Int64 $zh("服务费") $en("Fee") $format("money") $confidentiality(party);
  batchesPlanned @8 :UInt32 $zh("计划批次") $en("Batches planned");
  approvals @9 :List(Approval) $zh("审批") $en("Approvals");
}

enum ValidationKind $zh("验证类型") $en("Validation kind") {
  unspecified @0 $zh("未指定") $en("unspecified");
  design @1 $zh("设计验证") $en("design validation");
  functionPerformance @2 $zh("功能性能验证") $en("function and performance validation");
  process @3 $zh("工艺验证") $en("process validation");
  adaptation @4 $zh("适配验证") $en("adaptation validation");
  production @5 $zh("生产验证") $en("production validation");
}

enum IndustryMode $zh("行业模式") $en("Industry mode") {
  unspecified @0 $zh("未指定") $en("unspecified");
  process @1 $zh("流程型") $en("process");
  discrete @2 $zh("离散型") $en("discrete");
}

enum RunResult $zh("运行结果") $en("Run result") {
  unspecified @0 $zh("未指定") $en("unspecified");
  success @1 $zh("成功") $en("success");
  partial @2 $zh("部分达成") $en("partial");
  failure @3 $zh("失败") $en("failure");
}

struct Measurement {
  name @0 :Text $zh("指标") $en("Quantity") $required(true);
  actual @1 :Text $zh("实测值") $en("Actual") $format("decimal");
  target @2 :Text $zh("目标值") $en("Target") $format("decimal");
  unit @3 :Text $zh("单位") $en("Unit");
  method @4 :Text $zh("方法") $en("Method");
}

struct MaterialUse {
  group @0 :Text $zh("物料组") $en("Material group");
  lot @1 :Text $zh("批号") $en("Lot") $required(true);
  share @2 :Text $zh("占组内比例") $en("Share of its group") $format("decimal");
  kg @3 :Text $zh("用量(千克)") $en("Kilograms") $format("decimal");
}

struct PilotRunRecorded $zh("中试运行") $en("Pilot run recorded") $importable(true)
    $attesters("EIT / SCI / LAB / EVA")
    $signers("PLT@platform / PLT@platform + CUS@project")
    $entities("open run {run}; need project {project}; need platform {platform}") {
  run @0 :Text $zh("运行编号") $en("Run id") $format("id") $required(true);
  project @1 :Text $zh("项目编号") $en("Project id") $format("id") $required(true);
  platform @2 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  validationKind @3 :ValidationKind $zh("验证类型") $en("Validation kind");
  mode @4 :IndustryMode $zh("行业模式") $en("Industry mode");
  labScale @5 :Text $zh("小试规模") $en("Laboratory scale") $format("decimal");
  pilotScale @6 :Text $zh("中试规模") $en("Pilot scale") $format("decimal");
  scaleUnit @7 :Text $zh("规模单位") $en("Unit of scale");
  batchesDone @8 :UInt32 $zh("完成批次") $en("Batches done");
  yieldBp @9 :Int32 $zh("收率") $en("Yield") $format("bp");
  passRateBp @10 :Int32 $zh("合格率") $en("Pass rate") $format("bp");
  trlBefore @11 :UInt8 $zh("运行前技术就绪水平") $en("TRL before");
  trlAfter @12 :UInt8 $zh("运行后技术就绪水平") $en("TRL after");
  result @13 :RunResult $zh("结果") $en("Result") $required(true);
  measurements @14 :List(Measurement) $zh("实测指标") $en("Measurements");
  materials @15 :List(MaterialUse) $zh("物料") $en("Materials");
  energyKwh @16 :Text $zh("用电量(千瓦时)") $en("Energy in kWh") $format("decimal");
  wasteKg @17 :Text $zh("废弃物(千克)") $en("Waste in kg") $format("decimal");
  incidents @18 :UInt16 $zh("事件数") $en("Incidents");
  dataHash @19 :Data $zh("原始数据哈希") $en("Hash of the raw data") $format("hash");
  startedOn @20 :Int32 $zh("开始日") $en("Started on") $format("date");
  finishedOn @21 :Int32 $zh("结束日") $en("Finished on") $format("date");
}

struct TestReportIssued $zh("检测报告") $en("Test report issued") $importable(true)
    $attesters("EIT / SCI / LAB / EVA")
    $signers("LAB@lab")
    $entities("open report {lab}/{reportNo}; need party {lab}; need? project {project}; need? run {run}") {
  reportNo @0 :Text $zh("报告编号") $en("Report number") $format("id") $required(true);
  lab @1 :Text $zh("检测机构") $en("Laboratory") $format("party") $required(true);
  project @2 :Text $zh("项目编号") $en("Project id") $format("id");
  run @3 :Text $zh("运行编号") $en("Run id") $format("id");
  cmaNo @4 :Text $zh("CMA 编号") $en("CMA number");
  cnasNo @5 :Text $zh("CNAS 编号") $en("CNAS number");
  inScope @6 :Bool $zh("在资质范围内") $en("Within accredited scope");
  sampleId @7 :Text $zh("样品编号") $en("Sample id");
  result @8 :RunResult $zh("结论") $en("Result");
  items @9 :List(Measurement) $zh("检测项目") $en("Items");
  reportHash @10 :Data $zh("报告哈希") $en("Report hash") $format("hash") $required(true);
}

struct PilotProjectAmended $zh("中试项目变更") $en("Pilot project amended") $importable(true)
    $attesters("EIT / SCI / LAB / EVA")
    $signers("PLT@project + CUS@project") $entities("need project {project}") {
  project @0 :Text $zh("项目编号") $en("Project id") $format("id") $required(true);
  batchesPlanned @1 :UInt32 $zh("计划批次") $en("Batches planned") $required(true);
  feeFen @2 :Int64 $zh("服务费") $en("Fee") $format("money") $confidentiality(party);
  reason @3 :Text $zh("原因") $en("Reason") $required(true);
}

struct PilotAccepted $zh("中试验收") $en("Pilot accepted") $importable(true)
    $attesters("EIT / SCI / LAB / EVA")
    $signers("PLT@project + CUS@project / PLT@project + CUS@project + EVA") $entities("need project {project}") {
  project @0 :Text $zh("项目编号") $en("Project id") $format("id") $required(true);
  result @1 :RunResult $zh("结论") $en("Result") $required(true);
  trlBefore @2 :UInt8 $zh("验收前技术就绪水平") $en("TRL before");
  trlAfter @3 :UInt8 $zh("验收后技术就绪水平") $en("TRL after");
  measurements @4 :List(Measurement) $zh("指标完成") $en("Specification results");
  reportHash @5 :Data $zh("验收报告哈希") $en("Hash of the report") $format("hash");
}

enum EvaluationMethod $zh("评价方式") $en("Evaluation method") {
  unspecified @0 $zh("未指定") $en("unspecified");
  meeting @1 $zh("会议评价") $en("meeting");
  correspondence @2 $zh("函审评价") $en("by correspondence");
  appraisal @3 $zh("机构评估") $en("appraisal");
}

enum OutcomeLevel $zh("成果水平") $en("Outcome level") {
  unspecified @0 $zh("未指定") $en("unspecified");
  internationalLeading @1 $zh("国际领先") $en("internationally leading");
  internationalAdvanced @2 $zh("国际先进") $en("internationally advanced");
  nationalLeading @3 $zh("国内领先") $en("nationally leading");
  nationalAdvanced @4 $zh("国内先进") $en("nationally advanced");
  other @5 $zh("其他") $en("other");
}

struct OutcomeEvaluated $zh("成果评价") $en("Outcome evaluated") $importable(true)
    $attesters("EIT / SCI / LAB / EVA")
    $signers("EVA@evaluator")
    $entities("touch outcome {outcome}; need party {evaluator}; need project {project}") {
  outcome @0 :Text $zh("成果编号") $en("Outcome id") $format("id") $required(true);
  project @1 :Text $zh("项目编号") $en("Project id") $format("id") $required(true);
  evaluator @2 :Text $zh("评价机构") $en("Evaluator") $format("party") $required(true);
  method @3 :EvaluationMethod $zh("方式") $en("Method");
  level @4 :OutcomeLevel $zh("水平") $en("Level");
  valueFen @5 :Int64 $zh("评估价值") $en("Value") $format("money");
  reportHash @6 :Data $zh("报告哈希") $en("Hash of the report") $format("hash");
}

enum OutcomeStage $zh("成果阶段") $en("Outcome stage") {
  unspecified @0 $zh("未指定") $en("unspecified");
  early @1 $zh("初期(小试)") $en("early, laboratory");
  middle @2 $zh("中期(中试)") $en("middle, pilot");
  mature @3 $zh("成熟应用") $en("in mature use");
}

struct OutcomeRegistered $zh("成果登记") $en("Outcome registered") $importable(true)
    $attesters("EIT / SCI / LAB / EVA")
    $signers("PLT@project / SCI")
    $entities("touch outcome {outcome}; open outcomereg {regNo}; need project {project}; need party {owners[]}") {
  outcome @0 :Text $zh("成果编号") $en("Outcome id") $format("id") $required(true);
  project @1 :Text $zh("项目编号") $en("Project id") $format("id") $required(true);
  regNo @2 :Text $zh("登记号") $en("Registration number") $format("id") $required(true);
  stage @3 :OutcomeStage $zh("阶段") $en("Stage");
  title @4 :Text $zh("成果名称") $en("Title") $required(true);
  owners @5 :List(Text) $zh("完成单位") $en("Owners") $format("party");
}

enum ProductClass $zh("首次产品类别") $en("Class of first product") {
  unspecified @0 $zh("未指定") $en("unspecified");
  equipment @1 $zh("首台(套)装备") $en("first set of equipment");
  software @2 $zh("首版次软件") $en("first version of software");
  material @3 $zh("首批次新材料") $en("first batch of material");
}

struct FirstProductRecognized $zh("首台(套)、首版次、首批次认定") $en("First product recognised") $importable(true)
    $attesters("EIT / SCI / LAB / EVA")
    $signers("EIT") $entities("need outcome {outcome}") {
  outcome @0 :Text $zh("成果编号") $en("Outcome id") $format("id") $required(true);
  class @1 :ProductClass $zh("类别") $en("Class") $required(true);
  level @2 :Common.Level $zh("级别") $en("Tier");
  listNo @3 :Text $zh("目录文号") $en("List") $format("docno") $required(true);
  year @4 :UInt16 $zh("年度") $en("Year");
}

enum IncidentSeverity $zh("事件等级") $en("Severity") {
  unspecified @0 $zh("未指定") $en("unspecified");
  minor @1 $zh("一般") $en("minor");
  serious @2 $zh("较大") $en("serious");
  major @3 $zh("重大") $en("major");
}

enum IncidentKind $zh("事件类别") $en("Incident kind") {
  unspecified @0 $zh("未指定") $en("unspecified");
  safety @1 $zh("安全") $en("safety");
  quality @2 $zh("质量") $en("quality");
  environment @3 $zh("环境") $en("environment");
}

struct IncidentReported $zh("安全、质量、环境事件") $en("Incident reported") $importable(true)
    $attesters("EIT / SCI / LAB / EVA")
    $signers("PLT@platform / EIT / MKT")
    $entities("open incident {incident}; need platform {platform}; need? run {run}") {
  incident @0 :Text $zh("事件编号") $en("Incident id") $format("id") $required(true);
  platform @1 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  run @2 :Text $zh("运行编号") $en("Run id") $format("id");
  kind @3 :IncidentKind $zh("类别") $en("Kind") $required(true);
  severity @4 :IncidentSeverity $zh("等级") $en("Severity") $required(true);
  summary @5 :Text $zh("概况") $en("Summary");
  reportHash @6 :Data $zh("报告哈希") $en("Hash of the report") $format("hash");
}

struct TradeSecretCommitted $zh("商业秘密存证") $en("Trade secret committed") $importable(true)
    $attesters("EIT / SCI / LAB / EVA")
    $signers("OWN@owner / PLT@owner")
    $entities("open secret {commitment}; need party {owner}; need? run {run}") {
  # A root over salted leaves, one for each parameter; no plain text.
  owner @0 :Text $zh("权利人") $en("Owner") $format("party") $required(true);
  commitment @1 :Data $zh("承诺根") $en("Commitment root") $format("commitment") $required(true);
  fields @2 :UInt32 $zh("参数个数") $en("Number of fields");
  scope @3 :Text $zh("范围") $en("Scope");
  run @4 :Text $zh("运行编号") $en("Run id") $format("id");
}
