@0xe3a1c0f2b7d45904;
# A platform's life: established, recognised, graded.

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

enum ConstructionType $zh("建设类型") $en("Construction type") {
  unspecified @0 $zh("未指定") $en("unspecified");
  leadEnterprise @1 $zh("龙头企业主导型") $en("led by a lead enterprise");
  thirdParty @2 $zh("第三方服务机构主导型") $en("led by a third-party service institution");
  universityInstitute @3 $zh("重点高校院所主导型") $en("led by a university or institute");
  government @4 $zh("政府投资主导型") $en("led by government investment");
}

enum AreaType $zh("建设区域") $en("Area type") {
  unspecified @0 $zh("未指定") $en("unspecified");
  industrialCounty @1 $zh("工业大县(市、区)") $en("major industrial county");
  highTechZone @2 $zh("高新区") $en("high-tech zone");
  economicZone @3 $zh("经开区") $en("economic development zone");
  chemicalPark @4 $zh("化工园区") $en("chemical park");
  newIndustryPlatform @5 $zh("“万亩千亿”新产业平台") $en("large new-industry platform");
  futureIndustryZone @6 $zh("未来产业先导区") $en("future-industry pilot zone");
  universitySciencePark @7 $zh("大学科技园") $en("university science park");
  other @8 $zh("其他") $en("other");
}

struct PlatformEstablished $zh("平台创建") $en("Platform established") $importable(true)
    $attesters("EIT")
    $signers("PLT@legalEntity + EIT")
    $entities("open platform {platform}; need party {legalEntity}; need party {builders[].party}; need? party {operator}") {
  platform @0 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  name @1 :Text $zh("名称") $en("Name") $required(true);
  legalEntity @2 :Text $zh("法人单位") $en("Legal entity") $format("party") $required(true);
  constructionType @3 :ConstructionType $zh("建设类型") $en("Construction type");
  sectors @4 :List(Common.Sector) $zh("领域") $en("Sectors");
  areaType @5 :AreaType $zh("建设区域") $en("Area type");
  division @6 :Text $zh("行政区划") $en("Division") $format("division");
  builders @7 :List(Common.PartyShare) $zh("建设主体") $en("Sponsors");
  operator @8 :Text $zh("运营主体") $en("Operator") $format("party");
  planHash @9 :Data $zh("建设方案哈希") $en("Hash of the construction plan") $format("hash");
}

struct PlatformRecognized $zh("平台认定") $en("Platform recognised") $importable(true)
    $attesters("EIT")
    $signers("EIT") $entities("need platform {platform}") {
  platform @0 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  level @1 :Common.Level $zh("级别") $en("Tier") $required(true);
  docNo @2 :Text $zh("文号") $en("Document number") $format("docno");
  validTo @3 :Int32 $zh("有效期至") $en("Valid to") $format("date");
  exceptionRef @4 :Text $zh("例外依据") $en("Exception reference");
}

enum Grade $zh("考核等次") $en("Grade") {
  unspecified @0 $zh("未指定") $en("unspecified");
  excellent @1 $zh("优秀") $en("excellent");
  good @2 $zh("良好") $en("good");
  qualified @3 $zh("合格") $en("qualified");
  unqualified @4 $zh("不合格") $en("unqualified");
}

struct Indicator {
  name @0 :Text $zh("指标") $en("Indicator") $required(true);
  actual @1 :Text $zh("实际值") $en("Actual") $format("decimal");
  target @2 :Text $zh("目标值") $en("Target") $format("decimal");
}

struct PerformanceGraded $zh("年度绩效考核") $en("Performance graded") $importable(true)
    $attesters("EIT")
    $signers("EIT / EIT + EVA") $entities("need platform {platform}; open grade {platform}/{year}") {
  platform @0 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  year @1 :UInt16 $zh("考核年度") $en("Year") $required(true);
  grade @2 :Grade $zh("等次") $en("Grade") $required(true);
  indicators @3 :List(Indicator) $zh("指标") $en("Indicators");
  docNo @4 :Text $zh("文号") $en("Document number") $format("docno");
}

enum ReviewResult $zh("复评结论") $en("Re-evaluation result") {
  unspecified @0 $zh("未指定") $en("unspecified");
  passed @1 $zh("通过") $en("passed");
  rectify @2 $zh("整改") $en("rectify");
  failed @3 $zh("不通过") $en("failed");
}

struct PlatformReevaluated $zh("平台复评") $en("Platform re-evaluated") $importable(true)
    $attesters("EIT")
    $signers("EIT / EIT + EVA") $entities("need platform {platform}") {
  platform @0 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  result @1 :ReviewResult $zh("结论") $en("Result") $required(true);
  score @2 :Text $zh("得分") $en("Score") $format("decimal");
  nextDue @3 :Int32 $zh("下次复评日") $en("Next due") $format("date");
  docNo @4 :Text $zh("文号") $en("Document number") $format("docno");
}

struct PlatformPromoted $zh("升级国家级") $en("Platform promoted to national tier") $importable(true)
    $attesters("EIT")
    $signers("EIT") $entities("need platform {platform}") {
  platform @0 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  docNo @1 :Text $zh("国家级文号") $en("National document number") $format("docno") $required(true);
}

struct PlatformWithdrawn $zh("平台退出") $en("Platform withdrawn") $importable(true)
    $attesters("EIT")
    $signers("EIT") $entities("need platform {platform}") {
  platform @0 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  reason @1 :Text $zh("原因") $en("Reason") $required(true);
  effectiveOn @2 :Int32 $zh("生效日") $en("Effective on") $format("date") $required(true);
  docNo @3 :Text $zh("文号") $en("Document number") $format("docno");
}

enum QualificationKind $zh("资质类别") $en("Qualification kind") {
  unspecified @0 $zh("未指定") $en("unspecified");
  cma @1 $zh("检验检测机构资质认定") $en("CMA");
  cnas @2 $zh("实验室认可") $en("CNAS");
  iso @3 $zh("管理体系认证") $en("management system");
  safetyLicence @4 $zh("安全生产许可") $en("safety licence");
  dischargePermit @5 $zh("排污许可") $en("discharge permit");
  other @6 $zh("其他") $en("other");
}

struct QualificationRecorded $zh("资质") $en("Qualification recorded") $importable(true)
    $attesters("EIT")
    $signers("PLT@holder / LAB@holder / MKT") $entities("open qualification {kind}/{number}; need party {holder}; need? platform {platform}") {
  holder @0 :Text $zh("持证单位") $en("Holder") $format("party") $required(true);
  platform @1 :Text $zh("平台编号") $en("Platform id") $format("id");
  kind @2 :QualificationKind $zh("类别") $en("Kind") $required(true);
  number @3 :Text $zh("证书编号") $en("Certificate number") $format("id") $required(true);
  # As printed; a number that does not look like its kind is a finding, not a refusal.
  scopeHash @4 :Data $zh("能力范围哈希") $en("Hash of the scope") $format("hash");
  validFrom @5 :Int32 $zh("生效日") $en("Valid from") $format("date");
  validTo @6 :Int32 $zh("有效期至") $en("Valid to") $format("date");
}

struct ServiceItem {
  code @0 :Text $zh("服务编号") $en("Service code") $format("id") $required(true);
  name @1 :Text $zh("服务名称") $en("Service name") $required(true);
  unit @2 :Text $zh("计价单位") $en("Unit");
  priceFen @3 :Int64 $zh("收费标准") $en("Price") $format("money");
  sla @4 :Text $zh("服务承诺") $en("Service level");
}

struct ServiceListPublished $zh("服务清单") $en("Service list published") $importable(true)
    $attesters("EIT")
    $signers("PLT@platform") $entities("open servicelist {platform}/{version}; need platform {platform}") {
  platform @0 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  version @1 :UInt32 $zh("版本") $en("Version") $required(true);
  items @2 :List(ServiceItem) $zh("服务项目") $en("Items") $required(true);
}

enum MilestoneKind $zh("建设事项") $en("Milestone kind") {
  unspecified @0 $zh("未指定") $en("unspecified");
  chiefExpert @1 $zh("首席专家(总工程师)") $en("chief expert");
  expertCommittee @2 $zh("专家委员会") $en("expert committee");
  operatorTeam @3 $zh("运营团队") $en("operating team");
  incentiveScheme @4 $zh("收益分配机制") $en("incentive scheme");
  trainingBase @5 $zh("人才培养基地") $en("training base");
  postdocStation @6 $zh("博士后工作站") $en("postdoctoral station");
  laboratory @7 $zh("实验室与场景") $en("laboratory or scene");
  digitalTwin @8 $zh("数字孪生与虚拟中试") $en("digital twin, virtual pilot");
  monitoring @9 $zh("能耗与污染物监测") $en("energy and pollutant monitoring");
  jointResearch @10 $zh("联合研发") $en("joint research");
  developedInstrument @11 $zh("自主仪器与软件") $en("own instrument or software");
  standardDrafted @12 $zh("标准研制") $en("standard drafted");
  alliance @13 $zh("产业联盟") $en("alliance");
  informationPlatform @14 $zh("信息平台") $en("information platform");
  matchingEvent @15 $zh("供需对接活动") $en("match-making event");
  publicServiceList @16 $zh("公共服务清单") $en("public service list");
  sceneList @17 $zh("应用场景清单") $en("scene list");
  demandPosted @18 $zh("中试需求") $en("demand posted");
  listedProject @19 $zh("入选“千项万亿”等清单") $en("on a list of major projects");
  technologyManager @20 $zh("技术经理人服务") $en("technology manager engaged");
  other @21 $zh("其他") $en("other");
}

struct MilestoneRecorded $zh("平台建设事项") $en("Platform milestone recorded") $importable(true)
    $attesters("EIT")
    $signers("PLT@platform / EIT") $entities("open milestone {@id}; need platform {platform}; need? project {project}") {
  # What the plan asks a platform to build up, beyond money and runs: team, bases, alliances,
  # standards, events. Persons are never named, only counted.
  platform @0 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  kind @1 :MilestoneKind $zh("事项") $en("Milestone") $required(true);
  title @2 :Text $zh("名称") $en("Title") $required(true);
  count @3 :UInt32 $zh("数量") $en("Count");
  amountFen @4 :Int64 $zh("金额") $en("Amount") $format("money");
  project @5 :Text $zh("项目编号") $en("Project id") $format("id");
  docNo @6 :Text $zh("文号") $en("Document number") $format("docno");
}

struct OperatingCostReported $zh("运营成本") $en("Operating cost reported") $importable(true)
    $attesters("EIT")
    $signers("FIN@platform / PLT@platform")
    $entities("open opcost {platform}/{periodFrom}/{line}; need platform {platform}")
    $postings("platform: operating-cost/{line} = costFen; cash = -costFen") {
  # One line of one period: for the share of its cost that a platform earns itself.
  platform @0 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  periodFrom @1 :Int32 $zh("期间起") $en("Period from") $format("date") $required(true);
  periodTo @2 :Int32 $zh("期间止") $en("Period to") $format("date") $required(true);
  line @3 :Text $zh("成本科目") $en("Cost line") $format("id") $required(true);
  costFen @4 :Int64 $zh("金额") $en("Cost") $format("money") $required(true);
}
