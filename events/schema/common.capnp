@0xe3a1c0f2b7d45902;
# Shapes that several domains share.

using Cxx = import "/capnp/c++.capnp";
using import "annotations.capnp".zh;
using import "annotations.capnp".en;
using import "annotations.capnp".format;
using import "annotations.capnp".required;
using import "annotations.capnp".since;
using import "annotations.capnp".sealed;
$Cxx.namespace("pilotledger::events::schema");

enum EvidenceKind $zh("证据种类") $en("Evidence kind") {
  unspecified @0 $zh("未指定") $en("unspecified");
  officialDocument @1 $zh("官方文件") $en("official document");
  contract @2 $zh("合同") $en("contract");
  procurement @3 $zh("采购记录") $en("procurement record");
  invoice @4 $zh("发票") $en("invoice");
  payment @5 $zh("付款回单") $en("payment slip");
  delivery @6 $zh("交付记录") $en("delivery record");
  assetCard @7 $zh("资产卡片") $en("asset card");
  voucher @8 $zh("记账凭证") $en("accounting voucher");
  report @9 $zh("报告") $en("report");
  certificate @10 $zh("证书") $en("certificate");
  photo @11 $zh("照片") $en("photo");
  rawData @12 $zh("原始数据") $en("raw data");
  other @13 $zh("其他") $en("other");
}

struct Evidence {
  # A file held elsewhere, bound by its hash.
  kind @0 :EvidenceKind $zh("种类") $en("Kind") $required(true);
  hash @1 :Data $zh("哈希") $en("Hash") $format("hash") $required(true);
  size @2 :UInt64 $zh("字节数") $en("Size in bytes");
  mediaType @3 :Text $zh("媒体类型") $en("Media type");
  locator @4 :Text $zh("存放位置") $en("Locator");
  title @5 :Text $zh("标题") $en("Title");
}

struct Invoice {
  number @0 :Text $zh("发票号码") $en("Invoice number") $format("id") $sealed("invoice");
  date @1 :Int32 $zh("开票日期") $en("Invoice date") $format("date");
  totalFen @2 :Int64 $zh("价税合计") $en("Total with tax") $format("money");
  taxFen @3 :Int64 $zh("税额") $en("Tax") $format("money");
  code @4 :Text $zh("发票代码") $en("Invoice code") $format("id") $since(3);
  # Of invoices whose number is counted anew for each code; an invoice is its seller, code and number.
}

struct PartyShare {
  party @0 :Text $zh("主体") $en("Party") $format("party") $required(true);
  shareBp @1 :Int32 $zh("份额") $en("Share") $format("bp");
}

enum Sector $zh("领域") $en("Sector") {
  unspecified @0 $zh("未指定") $en("unspecified");
  petrochemical @1 $zh("石化化工") $en("petrochemicals");
  newMaterials @2 $zh("新材料") $en("new materials");
  newEnergy @3 $zh("新能源") $en("new energy");
  textile @4 $zh("现代纺织") $en("modern textiles");
  agriculture @5 $zh("现代农业") $en("modern agriculture");
  biomedicine @6 $zh("生物医药") $en("biomedicine");
  medicalDevice @7 $zh("医疗器械") $en("medical devices");
  artificialIntelligence @8 $zh("人工智能") $en("artificial intelligence");
  integratedCircuit @9 $zh("集成电路") $en("integrated circuits");
  highEndSoftware @10 $zh("高端软件") $en("high-end software");
  machineTool @11 $zh("工业母机") $en("machine tools");
  robotics @12 $zh("机器人") $en("robotics");
  automotive @13 $zh("汽车及零部件") $en("automotive and parts");
  lowAltitude @14 $zh("低空装备") $en("low-altitude equipment");
  biomanufacturing @15 $zh("生物制造") $en("biomanufacturing");
  other @16 $zh("其他") $en("other");
}

enum Role $zh("签署角色") $en("Signing role") {
  unspecified @0 $zh("未指定") $en("unspecified");
  opr @1 $zh("运营者") $en("operator of the ledger");
  plt @2 $zh("中试平台") $en("pilot platform");
  fin @3 $zh("平台财务") $en("platform finance");
  cus @4 $zh("客户") $en("client");
  own @5 $zh("权利人") $en("owner, pledgor");
  bnk @6 $zh("质权人") $en("bank, pledgee");
  eit @7 $zh("经信部门") $en("economy and information authority");
  trs @8 $zh("财政部门") $en("treasury");
  sci @9 $zh("科技部门") $en("science authority");
  mkt @10 $zh("市场监管部门") $en("market and IP authority");
  reg @11 $zh("登记机构") $en("registrar");
  lab @12 $zh("检测机构") $en("laboratory");
  eva @13 $zh("评估机构") $en("evaluator");
  aud @14 $zh("审计") $en("auditor");
  imp @15 $zh("公开资料导入") $en("importer of public records");
  ins @16 $zh("保险机构") $en("insurer");
  gua @17 $zh("担保机构") $en("guarantor");
  les @18 $zh("融资租赁公司") $en("lessor");
  fnd @19 $zh("产业基金") $en("investment fund");
}

enum Level $zh("级别") $en("Tier") {
  unspecified @0 $zh("未指定") $en("unspecified");
  county @1 $zh("县级") $en("county");
  municipal @2 $zh("市级") $en("municipal");
  provincial @3 $zh("省级") $en("provincial");
  national @4 $zh("国家级") $en("national");
}

struct Amount {
  # One line of a list of amounts.
  line @0 :Text $zh("科目") $en("Line") $format("id") $required(true);
  amountFen @1 :Int64 $zh("金额") $en("Amount") $format("money") $required(true);
}

struct Quantity {
  name @0 :Text $zh("指标") $en("Quantity") $required(true);
  actual @1 :Text $zh("实际值") $en("Actual") $format("decimal");
  target @2 :Text $zh("目标值") $en("Target") $format("decimal");
  unit @3 :Text $zh("单位") $en("Unit");
}
