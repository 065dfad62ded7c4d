@0xe3a1c0f2b7d4590b;
# Loans, insurance, guarantees, leases and funds around a pilot platform.

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

enum LoanProduct $zh("贷款产品") $en("Loan product") {
  unspecified @0 $zh("未指定") $en("unspecified");
  ipPledge @1 $zh("知识产权质押贷") $en("loan against IP");
  research @2 $zh("研发贷") $en("research loan");
  credit @3 $zh("信用贷") $en("unsecured loan");
  equipment @4 $zh("设备贷") $en("equipment loan");
  other @5 $zh("其他") $en("other");
}

struct LoanGranted $zh("贷款发放合同") $en("Loan granted") $importable(true) $confidentiality(party)
    $attesters("TRS / REG / AUD")
    $signers("BNK@bank + ANY@debtor")
    $entities("open loan {loan}; need party {bank}; need party {debtor}; need? pledge {pledge}; need? platform {platform}") {
  loan @0 :Text $zh("贷款编号") $en("Loan id") $format("id") $required(true);
  bank @1 :Text $zh("贷款银行") $en("Bank") $format("party") $required(true);
  debtor @2 :Text $zh("借款人") $en("Debtor") $format("party") $required(true);
  product @3 :LoanProduct $zh("产品") $en("Product") $required(true);
  amountFen @4 :Int64 $zh("授信金额") $en("Amount") $format("money") $required(true);
  rateBp @5 :Int32 $zh("年利率") $en("Rate a year") $format("bp");
  maturity @6 :Int32 $zh("到期日") $en("Maturity") $format("date");
  pledge @7 :Text $zh("质押编号") $en("Pledge id") $format("id");
  platform @8 :Text $zh("平台编号") $en("Platform id") $format("id");
}

struct LoanDrawn $zh("贷款提款") $en("Loan drawn") $importable(true) $confidentiality(party)
    $attesters("TRS / REG / AUD")
    $signers("BNK@loan + ANY@loan / BNK@loan") $entities("need loan {loan}; need party {debtor}")
    $postings("debtor: cash = amountFen; loans-payable = -amountFen") {
  loan @0 :Text $zh("贷款编号") $en("Loan id") $format("id") $required(true);
  debtor @1 :Text $zh("借款人") $en("Debtor") $format("party") $required(true);
  amountFen @2 :Int64 $zh("提款金额") $en("Amount") $format("money") $required(true);
}

struct LoanRepaid $zh("贷款还款") $en("Loan repaid") $importable(true) $confidentiality(party)
    $attesters("TRS / REG / AUD")
    $signers("BNK@loan + ANY@loan / BNK@loan") $entities("need loan {loan}; need party {debtor}")
    $postings("debtor: loans-payable = principalFen; interest-cost = interestFen; cash = -paidFen") {
  loan @0 :Text $zh("贷款编号") $en("Loan id") $format("id") $required(true);
  debtor @1 :Text $zh("借款人") $en("Debtor") $format("party") $required(true);
  principalFen @2 :Int64 $zh("本金") $en("Principal") $format("money");
  interestFen @3 :Int64 $zh("利息") $en("Interest") $format("money");
  paidFen @4 :Int64 $zh("还款合计") $en("Paid") $format("money") $required(true);
}

enum LoanClass $zh("贷款分类") $en("Loan class") {
  unspecified @0 $zh("未指定") $en("unspecified");
  pass @1 $zh("正常") $en("pass");
  specialMention @2 $zh("关注") $en("special mention");
  substandard @3 $zh("次级") $en("substandard");
  doubtful @4 $zh("可疑") $en("doubtful");
  loss @5 $zh("损失") $en("loss");
}

struct LoanClassified $zh("贷款分类") $en("Loan classified") $importable(true) $confidentiality(party)
    $attesters("TRS / REG / AUD")
    $signers("BNK@loan") $entities("need loan {loan}") {
  loan @0 :Text $zh("贷款编号") $en("Loan id") $format("id") $required(true);
  class @1 :LoanClass $zh("分类") $en("Class") $required(true);
}

enum InsuranceKind $zh("险种") $en("Kind of insurance") {
  unspecified @0 $zh("未指定") $en("unspecified");
  pilot @1 $zh("中试险") $en("pilot insurance");
  patent @2 $zh("专利险") $en("patent insurance");
  productLiability @3 $zh("产品责任险") $en("product liability");
  other @4 $zh("其他") $en("other");
}

struct InsuranceIssued $zh("保险承保") $en("Insurance issued") $importable(true)
    $attesters("TRS / REG / AUD")
    $signers("INS@insurer + ANY@insured / INS@insurer")
    $entities("open insurance {policyNo}; need party {insurer}; need party {insured}; need? project {project}")
    $postings("insured: insurance-cost = premiumFen; cash = -premiumFen | insurer: cash = premiumFen; premium-income = -premiumFen") {
  policyNo @0 :Text $zh("保单号") $en("Policy number") $format("id") $required(true);
  insurer @1 :Text $zh("保险人") $en("Insurer") $format("party") $required(true);
  insured @2 :Text $zh("被保险人") $en("Insured") $format("party") $required(true);
  kind @3 :InsuranceKind $zh("险种") $en("Kind") $required(true);
  sumFen @4 :Int64 $zh("保险金额") $en("Sum insured") $format("money") $required(true) $confidentiality(party);
  premiumFen @5 :Int64 $zh("保费") $en("Premium") $format("money") $required(true) $confidentiality(party);
  from @6 :Int32 $zh("起") $en("From") $format("date");
  to @7 :Int32 $zh("止") $en("To") $format("date");
  project @8 :Text $zh("项目编号") $en("Project id") $format("id");
}

struct InsuranceClaimPaid $zh("保险赔付") $en("Insurance claim paid") $importable(true)
    $attesters("TRS / REG / AUD")
    $signers("INS@policyNo") $entities("need insurance {policyNo}") {
  policyNo @0 :Text $zh("保单号") $en("Policy number") $format("id") $required(true);
  amountFen @1 :Int64 $zh("赔付金额") $en("Amount") $format("money") $required(true) $confidentiality(party);
  cause @2 :Text $zh("事由") $en("Cause");
}

struct GuaranteeIssued $zh("担保") $en("Guarantee issued") $importable(true)
    $attesters("TRS / REG / AUD")
    $signers("GUA@guarantor + ANY@debtor / GUA@guarantor")
    $entities("open guarantee {guarantee}; need party {guarantor}; need party {debtor}; need? loan {loan}")
    $postings("debtor: guarantee-cost = feeFen; cash = -feeFen | guarantor: cash = feeFen; fee-income = -feeFen") {
  guarantee @0 :Text $zh("担保编号") $en("Guarantee id") $format("id") $required(true);
  guarantor @1 :Text $zh("担保人") $en("Guarantor") $format("party") $required(true);
  debtor @2 :Text $zh("债务人") $en("Debtor") $format("party") $required(true);
  loan @3 :Text $zh("贷款编号") $en("Loan id") $format("id");
  amountFen @4 :Int64 $zh("担保金额") $en("Amount") $format("money") $required(true) $confidentiality(party);
  feeFen @5 :Int64 $zh("担保费") $en("Fee") $format("money") $confidentiality(party);
  validTo @6 :Int32 $zh("有效期至") $en("Valid to") $format("date");
}

struct LeaseRegistered $zh("融资租赁") $en("Lease registered") $importable(true)
    $attesters("TRS / REG / AUD")
    $signers("LES@lessor + ANY@lessee")
    $entities("open lease {lease}; need party {lessor}; need party {lessee}; need asset {assets[]}")
    $postings("lessee: leased-assets = amountFen; lease-payable = -amountFen | lessor: lease-receivable = amountFen; cash = -amountFen") {
  lease @0 :Text $zh("租赁编号") $en("Lease id") $format("id") $required(true);
  lessor @1 :Text $zh("出租人") $en("Lessor") $format("party") $required(true);
  lessee @2 :Text $zh("承租人") $en("Lessee") $format("party") $required(true);
  assets @3 :List(Text) $zh("租赁物") $en("Assets") $format("id");
  amountFen @4 :Int64 $zh("租赁本金") $en("Amount") $format("money") $required(true) $confidentiality(party);
  registryNo @5 :Text $zh("中登网登记号") $en("Registry number") $format("id");
  to @6 :Int32 $zh("租期至") $en("To") $format("date");
}

struct FundInvested $zh("产业基金投资") $en("Fund invested") $importable(true)
    $attesters("TRS / REG / AUD")
    $signers("FND@fund + ANY@investee")
    $entities("open investment {investment}; need party {fund}; need party {investee}; need? platform {platform}")
    $postings("fund: equity-investments = amountFen; cash = -amountFen | investee: cash = amountFen; paid-in-capital = -amountFen") {
  investment @0 :Text $zh("投资编号") $en("Investment id") $format("id") $required(true);
  fund @1 :Text $zh("基金") $en("Fund") $format("party") $required(true);
  investee @2 :Text $zh("被投企业") $en("Investee") $format("party") $required(true);
  platform @3 :Text $zh("平台编号") $en("Platform id") $format("id");
  amountFen @4 :Int64 $zh("投资金额") $en("Amount") $format("money") $required(true) $confidentiality(party);
  shareBp @5 :Int32 $zh("股权比例") $en("Share") $format("bp");
}

enum AidKind $zh("补贴种类") $en("Kind of aid") {
  unspecified @0 $zh("未指定") $en("unspecified");
  interest @1 $zh("贷款贴息") $en("interest subsidy");
  premium @2 $zh("科技保险补贴") $en("premium subsidy");
  guaranteeFee @3 $zh("担保费补贴") $en("guarantee fee subsidy");
}

struct FinanceAidPaid $zh("金融补贴") $en("Finance aid paid") $importable(true)
    $attesters("TRS / REG / AUD")
    $signers("TRS")
    $entities("open aid {aid}; need party {recipient}; need? loan {loan}; need? insurance {policyNo}; need? guarantee {guarantee}")
    $postings("recipient: cash = amountFen; other-income/{kind} = -amountFen") {
  aid @0 :Text $zh("补贴编号") $en("Aid id") $format("id") $required(true);
  kind @1 :AidKind $zh("种类") $en("Kind") $required(true);
  recipient @2 :Text $zh("受益单位") $en("Recipient") $format("party") $required(true);
  loan @3 :Text $zh("贷款编号") $en("Loan id") $format("id");
  policyNo @4 :Text $zh("保单号") $en("Policy number") $format("id");
  guarantee @5 :Text $zh("担保编号") $en("Guarantee id") $format("id");
  amountFen @6 :Int64 $zh("金额") $en("Amount") $format("money") $required(true);
  docNo @7 :Text $zh("文号") $en("Document number") $format("docno");
}
