@0xe3a1c0f2b7d45908;
# Fiscal money, from the award to its acceptance.

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

enum FundingMode $zh("补助方式") $en("Funding mode") {
  unspecified @0 $zh("未指定") $en("unspecified");
  pre @1 $zh("事前补助") $en("paid before the cost");
  post @2 $zh("后补助") $en("paid on tested cost");
  reward @3 $zh("奖励") $en("reward");
}

struct Kpi {
  name @0 :Text $zh("绩效指标") $en("Indicator") $required(true);
  target @1 :Text $zh("目标值") $en("Target") $format("decimal");
}

struct SubsidyAwarded $zh("补助下达") $en("Subsidy awarded") $importable(true)
    $signers("TRS + EIT") $entities("open award {award}; need party {payee}; need? platform {platform}")
    $postings("payee: award-receivable = amountFen; deferred-income = -amountFen") {
  award @0 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  payee @1 :Text $zh("承担单位") $en("Payee") $format("party") $required(true);
  platform @2 :Text $zh("平台编号") $en("Platform id") $format("id");
  instrument @3 :Text $zh("政策工具") $en("Instrument") $format("id") $required(true);
  mode @4 :FundingMode $zh("补助方式") $en("Mode");
  amountFen @5 :Int64 $zh("补助金额") $en("Amount") $format("money");
  baseFen @6 :Int64 $zh("核定基数") $en("Base tested") $format("money");
  matchingFen @7 :Int64 $zh("配套承诺") $en("Matching promised") $format("money");
  ownFen @8 :Int64 $zh("自筹") $en("Own contribution") $format("money");
  ineligibleFen @9 :Int64 $zh("不予支持金额") $en("Ineligible cost") $format("money");
  totalFen @10 :Int64 $zh("项目总投资") $en("Total project cost") $format("money");
  docNo @11 :Text $zh("文号") $en("Document number") $format("docno");
  budgetLine @12 :Text $zh("预算科目") $en("Budget line");
  payer @13 :Text $zh("拨款机关") $en("Paying authority");
  title @14 :Text $zh("项目名称") $en("Title");
  programme @15 :Text $zh("计划类别") $en("Programme");
  periodFrom @16 :Int32 $zh("执行期起") $en("Period from") $format("date");
  periodTo @17 :Int32 $zh("执行期止") $en("Period to") $format("date");
  permittedLines @18 :List(Text) $zh("允许科目") $en("Permitted lines");
  kpis @19 :List(Kpi) $zh("绩效目标") $en("Targets");
  ruleSet @20 :Text $zh("政策规则") $en("Rule set") $format("id");
  exceptionRef @21 :Text $zh("例外依据") $en("Exception reference");
  state @22 :Text $zh("名单所载状态") $en("State as listed");
}

struct SubsidyDisbursed $zh("拨付") $en("Subsidy disbursed") $importable(true)
    $signers("TRS") $entities("need award {award}; need party {payee}")
    $postings("payee: in-transit = amountFen; award-receivable = -amountFen") {
  award @0 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  payee @1 :Text $zh("收款单位") $en("Payee") $format("party") $required(true);
  amountFen @2 :Int64 $zh("金额") $en("Amount") $format("money") $required(true);
  bankRef @3 :Text $zh("银行流水号") $en("Bank reference") $confidentiality(audit);
  docNo @4 :Text $zh("文号") $en("Document number") $format("docno");
}

struct SubsidyReceived $zh("到账") $en("Subsidy received") $importable(true)
    $signers("FIN@award / PLT@award") $entities("need award {award}; need party {payee}")
    $postings("payee: cash-special = amountFen; in-transit = -amountFen") {
  award @0 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  payee @1 :Text $zh("收款单位") $en("Payee") $format("party") $required(true);
  amountFen @2 :Int64 $zh("金额") $en("Amount") $format("money") $required(true);
  account @3 :Text $zh("专户(掩码)") $en("Account, masked") $confidentiality(audit);
  bankRef @4 :Text $zh("银行流水号") $en("Bank reference") $confidentiality(audit);
}

enum ExpenditureBasis $zh("支出依据") $en("Basis") {
  unspecified @0 $zh("未指定") $en("unspecified");
  invoice @1 $zh("逐张发票") $en("one invoice");
  listTotal @2 $zh("公开名单合计") $en("total stated by a public list");
}

struct ExpenditureRecorded $zh("支出") $en("Expenditure recorded") $importable(true)
    $signers("FIN@award / PLT@award")
    $entities("open spend {@id}; need award {award}; need? party {spender}; touch? invoice {invoice.number}; touch? claim {award}/{invoice.number}")
    $postings("spender: spent/{line} = claimFen; cash-special = -claimFen") {
  award @0 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  spender @1 :Text $zh("支出单位") $en("Spender") $format("party") $required(true);
  basis @2 :ExpenditureBasis $zh("依据") $en("Basis") $required(true);
  line @3 :Text $zh("预算科目") $en("Budget line") $format("id");
  supplier @4 :Text $zh("收款方") $en("Supplier");
  invoice @5 :Common.Invoice $zh("发票") $en("Invoice") $confidentiality(audit);
  claimFen @6 :Int64 $zh("列支金额") $en("Claimed") $format("money") $required(true);
  paidOn @7 :Int32 $zh("付款日") $en("Paid on") $format("date");
  paymentRef @8 :Text $zh("付款流水号") $en("Payment reference") $confidentiality(audit);
  voucherNo @9 :Text $zh("凭证号") $en("Voucher number");
  asset @10 :Text $zh("资产编号") $en("Asset id") $format("id");
  specialAccount @11 :Text $zh("专账编号") $en("Separate account reference");
  note @12 :Text $zh("说明") $en("Note");
}

struct AssetInstalled $zh("设备安装") $en("Asset installed") $importable(true)
    $signers("PLT@owner / PLT@owner + EVA")
    $entities("open asset {asset}; need party {owner}; need? award {award}; need? platform {platform}") {
  asset @0 :Text $zh("资产编号") $en("Asset id") $format("id") $required(true);
  owner @1 :Text $zh("资产单位") $en("Owner") $format("party") $required(true);
  platform @2 :Text $zh("平台编号") $en("Platform id") $format("id");
  award @3 :Text $zh("补助编号") $en("Award id") $format("id");
  model @4 :Text $zh("型号") $en("Model");
  serialNo @5 :Text $zh("序列号") $en("Serial number");
  label @6 :Text $zh("资产标签") $en("Asset label");
  site @7 :Text $zh("安装地点") $en("Site");
  photoHash @8 :Data $zh("照片哈希") $en("Photo hash") $format("hash");
  inUse @9 :Bool $zh("正常使用") $en("In use");
}

enum AcceptanceResult $zh("验收结论") $en("Acceptance result") {
  unspecified @0 $zh("未指定") $en("unspecified");
  passed @1 $zh("通过") $en("passed");
  rectify @2 $zh("整改") $en("rectify");
  failed @3 $zh("不通过") $en("failed");
}

struct SubsidyAcceptance $zh("项目验收") $en("Subsidy acceptance") $importable(true)
    $signers("EIT + EVA / EIT + EVA + AUD") $entities("need award {award}") {
  award @0 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  result @1 :AcceptanceResult $zh("结论") $en("Result") $required(true);
  confirmedFen @2 :Int64 $zh("确认金额") $en("Confirmed") $format("money");
  reportHash @3 :Data $zh("报告哈希") $en("Report hash") $format("hash");
}
