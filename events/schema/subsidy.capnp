@0xe3a1c0f2b7d45908;
# Fiscal money, from the award to its acceptance.

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
using import "annotations.capnp".since;
using import "annotations.capnp".confidentiality;
using import "annotations.capnp".sealed;
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
    $attesters("TRS / EIT / AUD")
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
  lines @23 :List(Common.Amount) $zh("科目预算") $en("Budget by line");
  acceptanceDue @24 :Int32 $zh("验收期限") $en("Acceptance due") $format("date");
  application @25 :Text $zh("申报编号") $en("Application id") $format("id");
  project @26 :Text $zh("项目编号") $en("Project id") $format("id");
}

struct SubsidyDisbursed $zh("拨付") $en("Subsidy disbursed") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("TRS") $entities("need award {award}; need party {payee}")
    $postings("payee: in-transit = amountFen; award-receivable = -amountFen") {
  award @0 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  payee @1 :Text $zh("收款单位") $en("Payee") $format("party") $required(true);
  amountFen @2 :Int64 $zh("金额") $en("Amount") $format("money") $required(true);
  bankRef @3 :Text $zh("银行流水号") $en("Bank reference") $confidentiality(audit) $sealed("bankref");
  docNo @4 :Text $zh("文号") $en("Document number") $format("docno");
}

struct SubsidyReceived $zh("到账") $en("Subsidy received") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("FIN@award / PLT@award") $entities("need award {award}; need party {payee}")
    $postings("payee: cash-special = amountFen; in-transit = -amountFen") {
  award @0 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  payee @1 :Text $zh("收款单位") $en("Payee") $format("party") $required(true);
  amountFen @2 :Int64 $zh("金额") $en("Amount") $format("money") $required(true);
  account @3 :Text $zh("专户(掩码)") $en("Account, masked") $confidentiality(audit) $sealed("account");
  bankRef @4 :Text $zh("银行流水号") $en("Bank reference") $confidentiality(audit) $sealed("bankref");
}

enum ExpenditureBasis $zh("支出依据") $en("Basis") {
  unspecified @0 $zh("未指定") $en("unspecified");
  invoice @1 $zh("逐张发票") $en("one invoice");
  listTotal @2 $zh("公开名单合计") $en("total stated by a public list");
}

enum ProcurementMode $zh("采购方式") $en("Procurement mode") {
  unspecified @0 $zh("未指定") $en("unspecified");
  openTender @1 $zh("公开招标") $en("open tender");
  invitedTender @2 $zh("邀请招标") $en("invited tender");
  negotiation @3 $zh("竞争性谈判或磋商") $en("competitive negotiation");
  quotation @4 $zh("询价") $en("quotation");
  singleSource @5 $zh("单一来源") $en("single source");
  direct @6 $zh("直接采购") $en("direct purchase");
}

struct ExpenditureRecorded $zh("支出") $en("Expenditure recorded") $importable(true)
    $attesters("TRS / EIT / AUD")
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
  paymentRef @8 :Text $zh("付款流水号") $en("Payment reference") $confidentiality(audit) $sealed("bankref");
  voucherNo @9 :Text $zh("凭证号") $en("Voucher number");
  asset @10 :Text $zh("资产编号") $en("Asset id") $format("id");
  specialAccount @11 :Text $zh("专账编号") $en("Separate account reference");
  note @12 :Text $zh("说明") $en("Note");
  supplierParty @13 :Text $zh("收款方代码") $en("Supplier's party id") $format("party");
  procurement @14 :ProcurementMode $zh("采购方式") $en("Procurement");
}

struct InvoiceVoided $zh("发票作废或红冲") $en("Invoice voided") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("AUD / TRS / FIN / PLT") $entities("touch invoice {invoice}; open voiding {@id}") {
  # Seen in the tax register: the invoice was cancelled, or a red one takes it back.
  invoice @0 :Text $zh("发票号码") $en("Invoice number") $format("id") $required(true) $confidentiality(audit) $sealed("invoice");
  redInvoice @1 :Text $zh("红字发票号码") $en("Red invoice number") $format("id") $confidentiality(audit) $sealed("invoice");
  amountFen @2 :Int64 $zh("红冲金额") $en("Amount taken back") $format("money");
  # 0: the whole invoice.
  source @3 :Text $zh("查验来源") $en("Source") $required(true);
  seller @4 :Text $zh("销售方代码") $en("Seller's party id") $format("party") $confidentiality(audit) $since(3);
  sellerName @5 :Text $zh("销售方名称") $en("Seller, where no party id is known") $confidentiality(audit) $since(3);
  code @6 :Text $zh("发票代码") $en("Invoice code") $format("id") $confidentiality(audit) $since(3);
}

struct AssetInstalled $zh("设备安装") $en("Asset installed") $importable(true)
    $attesters("TRS / EIT / AUD")
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
    $attesters("TRS / EIT / AUD")
    $signers("EIT + EVA / EIT + EVA + AUD") $entities("need award {award}") {
  award @0 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  result @1 :AcceptanceResult $zh("结论") $en("Result") $required(true);
  confirmedFen @2 :Int64 $zh("确认金额") $en("Confirmed") $format("money");
  reportHash @3 :Data $zh("报告哈希") $en("Report hash") $format("hash");
}

struct SubsidyApplied $zh("补助申报") $en("Subsidy applied for") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("PLT@applicant / FIN@applicant")
    $entities("open application {application}; need party {applicant}; need? platform {platform}") {
  application @0 :Text $zh("申报编号") $en("Application id") $format("id") $required(true);
  applicant @1 :Text $zh("申报单位") $en("Applicant") $format("party") $required(true);
  platform @2 :Text $zh("平台编号") $en("Platform id") $format("id");
  instrument @3 :Text $zh("政策工具") $en("Instrument") $format("id") $required(true);
  ruleSet @4 :Text $zh("政策规则") $en("Rule set") $format("id");
  items @5 :List(Common.Amount) $zh("申报基数明细") $en("Items of the base");
  baseFen @6 :Int64 $zh("申报基数") $en("Base") $format("money");
  requestedFen @7 :Int64 $zh("申请金额") $en("Requested") $format("money") $required(true);
  project @8 :Text $zh("项目编号") $en("Project id") $format("id");
}

struct SubsidyPublicized $zh("拟补助公示") $en("Subsidy publicised") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("EIT / TRS")
    $entities("open publicnotice {notice}; need application {applications[]}") {
  notice @0 :Text $zh("公示编号") $en("Notice id") $format("id") $required(true);
  applications @1 :List(Text) $zh("公示申报") $en("Applications") $format("id") $required(true);
  from @2 :Int32 $zh("公示开始") $en("From") $format("date") $required(true);
  to @3 :Int32 $zh("公示结束") $en("To") $format("date") $required(true);
}

struct AppropriationPassed $zh("资金下达") $en("Appropriation passed on") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("TRS@from + TRS@to / TRS@from")
    $entities("need award {award}; need party {from}; need party {to}; touch passage {award}/{to}")
    $postings("from: due-to-payees = amountFen; treasury-clearing = -amountFen | to: treasury-clearing = amountFen; due-to-payees = -amountFen") {
  # From one treasury to the next, before the payee is paid.
  award @0 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  from @1 :Text $zh("下达财政") $en("From treasury") $format("party") $required(true);
  to @2 :Text $zh("接收财政") $en("To treasury") $format("party") $required(true);
  amountFen @3 :Int64 $zh("金额") $en("Amount") $format("money") $required(true);
  docNo @4 :Text $zh("文号") $en("Document number") $format("docno");
}

struct MatchingPaid $zh("配套资金到位") $en("Matching funds paid") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("FIN@award / PLT@award / TRS")
    $entities("need award {award}; need party {payee}")
    $postings("payee: cash-special = amountFen; matching-funds = -amountFen") {
  award @0 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  payee @1 :Text $zh("承担单位") $en("Payee") $format("party") $required(true);
  payer @2 :Text $zh("出资方") $en("Payer");
  amountFen @3 :Int64 $zh("金额") $en("Amount") $format("money") $required(true);
  bankRef @4 :Text $zh("银行流水号") $en("Bank reference") $confidentiality(audit) $sealed("bankref");
}

struct AssetMoved $zh("设备移动") $en("Asset moved") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("PLT@asset") $entities("need asset {asset}") {
  asset @0 :Text $zh("资产编号") $en("Asset id") $format("id") $required(true);
  site @1 :Text $zh("新地点") $en("New site") $required(true);
  reason @2 :Text $zh("原因") $en("Reason");
  inUse @3 :Bool $zh("正常使用") $en("In use");
}

enum DisposalMode $zh("处置方式") $en("Disposal mode") {
  unspecified @0 $zh("未指定") $en("unspecified");
  sold @1 $zh("出售") $en("sold");
  leasedOut @2 $zh("出租") $en("leased out");
  pledged @3 $zh("抵押或质押") $en("pledged");
  transferred @4 $zh("划转") $en("transferred");
  scrapped @5 $zh("报废") $en("scrapped");
}

struct AssetDisposed $zh("设备处置") $en("Asset disposed of") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("PLT@asset") $entities("need asset {asset}") {
  asset @0 :Text $zh("资产编号") $en("Asset id") $format("id") $required(true);
  mode @1 :DisposalMode $zh("方式") $en("Mode") $required(true);
  proceedsFen @2 :Int64 $zh("处置收入") $en("Proceeds") $format("money");
  acquirer @3 :Text $zh("受让方") $en("Acquirer");
  approvalDocNo @4 :Text $zh("批准文号") $en("Approval") $format("docno");
}

struct BudgetAdjusted $zh("预算调剂") $en("Budget adjusted") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("PLT@award + EIT / FIN@award + EIT") $entities("need award {award}") {
  award @0 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  changes @1 :List(Common.Amount) $zh("科目增减") $en("Changes by line") $required(true);
  docNo @2 :Text $zh("文号") $en("Document number") $format("docno");
}

struct SubsidyEvaluated $zh("绩效评价") $en("Subsidy evaluated") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("TRS / EVA") $entities("need award {award}") {
  award @0 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  score @1 :Text $zh("得分") $en("Score") $format("decimal");
  results @2 :List(Common.Quantity) $zh("绩效完成") $en("Results");
  reportHash @3 :Data $zh("报告哈希") $en("Hash of the report") $format("hash");
}

struct ClawbackOrdered $zh("追回决定") $en("Clawback ordered") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("TRS") $entities("open clawback {clawback}; need award {award}; need party {payee}")
    $postings("payee: deferred-income = amountFen; clawback-payable = -amountFen") {
  clawback @0 :Text $zh("追回编号") $en("Clawback id") $format("id") $required(true);
  award @1 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  payee @2 :Text $zh("承担单位") $en("Payee") $format("party") $required(true);
  amountFen @3 :Int64 $zh("追回金额") $en("Amount") $format("money") $required(true);
  penaltyFen @4 :Int64 $zh("罚款") $en("Penalty") $format("money");
  legalBasis @5 :Text $zh("法律依据") $en("Legal basis") $required(true);
  dueOn @6 :Int32 $zh("缴回期限") $en("Due on") $format("date");
  docNo @7 :Text $zh("文号") $en("Document number") $format("docno");
}

struct ClawbackRepaid $zh("追回退缴") $en("Clawback repaid") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("FIN@award + TRS / PLT@award + TRS / FIN@award / PLT@award")
    $entities("need clawback {clawback}; need award {award}; need party {payee}")
    $postings("payee: clawback-payable = amountFen; cash-special = -amountFen") {
  clawback @0 :Text $zh("追回编号") $en("Clawback id") $format("id") $required(true);
  award @1 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  payee @2 :Text $zh("承担单位") $en("Payee") $format("party") $required(true);
  amountFen @3 :Int64 $zh("金额") $en("Amount") $format("money") $required(true);
  bankRef @4 :Text $zh("银行流水号") $en("Bank reference") $confidentiality(audit) $sealed("bankref");
}

struct SurplusReturned $zh("结余上缴") $en("Surplus returned") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("FIN@award + TRS / PLT@award + TRS / FIN@award / PLT@award")
    $entities("need award {award}; need party {payee}")
    $postings("payee: deferred-income = amountFen; cash-special = -amountFen") {
  award @0 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  payee @1 :Text $zh("承担单位") $en("Payee") $format("party") $required(true);
  amountFen @2 :Int64 $zh("金额") $en("Amount") $format("money") $required(true);
  bankRef @3 :Text $zh("银行流水号") $en("Bank reference") $confidentiality(audit) $sealed("bankref");
}

struct CarriedOver $zh("结转") $en("Carried over") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("FIN@award / PLT@award / TRS") $entities("need award {award}") {
  award @0 :Text $zh("补助编号") $en("Award id") $format("id") $required(true);
  toYear @1 :UInt16 $zh("结转至年度") $en("To year") $required(true);
  amountFen @2 :Int64 $zh("金额") $en("Amount") $format("money") $required(true);
}

struct VoucherIssued $zh("创新券发放") $en("Voucher issued") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("SCI / EIT / TRS") $entities("open voucher {voucher}; need party {holder}") {
  voucher @0 :Text $zh("券号") $en("Voucher id") $format("id") $required(true);
  holder @1 :Text $zh("持券单位") $en("Holder") $format("party") $required(true);
  faceFen @2 :Int64 $zh("面额") $en("Face value") $format("money") $required(true);
  validTo @3 :Int32 $zh("有效期至") $en("Valid to") $format("date") $required(true);
  instrument @4 :Text $zh("政策工具") $en("Instrument") $format("id");
}

struct VoucherRedeemed $zh("创新券使用") $en("Voucher redeemed") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("CUS@voucher + PLT@platform")
    $entities("need voucher {voucher}; need platform {platform}; need? project {project}")
    $postings("platform: voucher-receivable = amountFen; voucher-clearing = -amountFen") {
  voucher @0 :Text $zh("券号") $en("Voucher id") $format("id") $required(true);
  platform @1 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  project @2 :Text $zh("项目编号") $en("Project id") $format("id");
  amountFen @3 :Int64 $zh("抵扣金额") $en("Discount") $format("money") $required(true);
}

struct VoucherSettled $zh("创新券兑付") $en("Voucher settled") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("TRS / SCI") $entities("need voucher {voucher}; need platform {platform}")
    $postings("platform: voucher-clearing = amountFen; voucher-receivable = -amountFen") {
  # The cash itself enters as RevenueReceived with voucherFunded.
  voucher @0 :Text $zh("券号") $en("Voucher id") $format("id") $required(true);
  platform @1 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  amountFen @2 :Int64 $zh("兑付金额") $en("Amount") $format("money") $required(true);
}

enum BondKind $zh("债券种类") $en("Kind of bond") {
  unspecified @0 $zh("未指定") $en("unspecified");
  ultraLongTreasury @1 $zh("超长期特别国债") $en("ultra-long special treasury bond");
  localGovernment @2 $zh("地方政府债券") $en("local government bond");
}

struct BondProceedsAllocated $zh("债券资金安排") $en("Bond proceeds allocated") $importable(true)
    $attesters("TRS / EIT / AUD")
    $signers("TRS") $entities("open bondfund {allocation}; need party {recipient}; need? platform {platform}")
    $postings("recipient: bond-receivable/{bond} = amountFen; special-payable/{bond} = -amountFen") {
  allocation @0 :Text $zh("安排编号") $en("Allocation id") $format("id") $required(true);
  bond @1 :BondKind $zh("债券") $en("Bond") $required(true);
  recipient @2 :Text $zh("项目单位") $en("Recipient") $format("party") $required(true);
  platform @3 :Text $zh("平台编号") $en("Platform id") $format("id");
  project @4 :Text $zh("项目编号") $en("Project id") $format("id");
  asset @5 :Text $zh("资产编号") $en("Asset id") $format("id");
  amountFen @6 :Int64 $zh("金额") $en("Amount") $format("money") $required(true);
  docNo @7 :Text $zh("文号") $en("Document number") $format("docno");
}
