@0xe3a1c0f2b7d45904;
# A platform's life: established, recognised, graded.

using Cxx = import "/capnp/c++.capnp";
using import "annotations.capnp".zh;
using import "annotations.capnp".en;
using import "annotations.capnp".signers;
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
    $signers("EIT / EIT + EVA") $entities("need platform {platform}; open grade {platform}/{year}") {
  platform @0 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  year @1 :UInt16 $zh("考核年度") $en("Year") $required(true);
  grade @2 :Grade $zh("等次") $en("Grade") $required(true);
  indicators @3 :List(Indicator) $zh("指标") $en("Indicators");
  docNo @4 :Text $zh("文号") $en("Document number") $format("docno");
}
