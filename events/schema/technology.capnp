@0xe3a1c0f2b7d45906;
# Technology contracts and their registration.

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

enum ContractType $zh("技术合同类型") $en("Contract type") {
  unspecified @0 $zh("未指定") $en("unspecified");
  development @1 $zh("技术开发") $en("development");
  transfer @2 $zh("技术转让") $en("transfer");
  licence @3 $zh("技术许可") $en("licence");
  consulting @4 $zh("技术咨询") $en("consulting");
  service @5 $zh("技术服务") $en("service");
}

enum PaymentMode $zh("支付方式") $en("Payment mode") {
  unspecified @0 $zh("未指定") $en("unspecified");
  lumpSum @1 $zh("一次总付") $en("lump sum");
  instalment @2 $zh("分期支付") $en("instalment");
  royalty @3 $zh("提成支付") $en("royalty");
  entryFee @4 $zh("入门费") $en("entry fee");
  equity @5 $zh("作价入股") $en("equity for technology");
}

enum RoyaltyBase $zh("提成基数") $en("Royalty base") {
  unspecified @0 $zh("未指定") $en("unspecified");
  price @1 $zh("价格") $en("price");
  output @2 $zh("产值") $en("output");
  profit @3 $zh("利润") $en("profit");
  sales @4 $zh("销售额") $en("sales");
}

struct PaymentTerm {
  mode @0 :PaymentMode $zh("方式") $en("Mode") $required(true);
  due @1 :Int32 $zh("应付日") $en("Due") $format("date");
  amountFen @2 :Int64 $zh("金额") $en("Amount") $format("money");
  rateBp @3 :Int32 $zh("提成比例") $en("Royalty rate") $format("bp");
  base @4 :RoyaltyBase $zh("提成基数") $en("Royalty base");
}

enum PricingMode $zh("定价方式") $en("Pricing mode") {
  unspecified @0 $zh("未指定") $en("unspecified");
  negotiated @1 $zh("协议定价") $en("negotiated");
  listed @2 $zh("挂牌交易") $en("listed");
  auction @3 $zh("拍卖") $en("auction");
}

struct TechContractSigned $zh("技术合同签订") $en("Technology contract signed") $importable(true)
    $attesters("REG / SCI / EIT / AUD")
    $signers("ANY@seller + ANY@buyer")
    $entities("open contract {contract}; need party {seller}; need party {buyer}; need? platform {platform}; need ip {ips[]}") {
  contract @0 :Text $zh("合同编号") $en("Contract id") $format("id") $required(true);
  contractType @1 :ContractType $zh("合同类型") $en("Type") $required(true);
  seller @2 :Text $zh("卖方") $en("Seller") $format("party") $required(true);
  buyer @3 :Text $zh("买方") $en("Buyer") $format("party") $required(true);
  platform @4 :Text $zh("平台编号") $en("Platform id") $format("id");
  title @5 :Text $zh("合同名称") $en("Title");
  totalFen @6 :Int64 $zh("合同成交额") $en("Contract value") $format("money");
  techFen @7 :Int64 $zh("技术交易额") $en("Technology value") $format("money");
  terms @8 :List(PaymentTerm) $zh("支付条款") $en("Payment terms") $confidentiality(party);
  pricing @9 :PricingMode $zh("定价方式") $en("Pricing");
  ips @10 :List(Text) $zh("知识产权") $en("IP assets") $format("ip");
  imported @11 :Bool $zh("技术进口") $en("Imported technology");
  validTo @12 :Int32 $zh("有效期至") $en("Valid to") $format("date");
  textHash @13 :Data $zh("合同文本哈希") $en("Hash of the contract text") $format("hash");
  noticeFrom @14 :Int32 $zh("公示开始") $en("Notice from") $format("date");
  noticeTo @15 :Int32 $zh("公示结束") $en("Notice to") $format("date");
}

struct TechContractRegistered $zh("技术合同认定登记") $en("Technology contract registered") $importable(true)
    $attesters("REG / SCI / EIT / AUD")
    $signers("REG / ANY@contract")
    $entities("need contract {contract}; open techreg {regNo}") {
  contract @0 :Text $zh("合同编号") $en("Contract id") $format("id") $required(true);
  regNo @1 :Text $zh("登记编号") $en("Registration number") $format("id") $required(true);
  confirmedTotalFen @2 :Int64 $zh("认定成交额") $en("Confirmed contract value") $format("money");
  confirmedTechFen @3 :Int64 $zh("认定技术交易额") $en("Confirmed technology value") $format("money");
  registrar @4 :Text $zh("登记机构") $en("Registrar");
  expertReview @5 :Bool $zh("专家评审") $en("Expert review held");
}

struct TechContractAmended $zh("技术合同变更") $en("Technology contract amended") $importable(true)
    $attesters("REG / SCI / EIT / AUD")
    $signers("ANY@seller + ANY@buyer / REG")
    $entities("need contract {contract}; need party {seller}; need party {buyer}") {
  contract @0 :Text $zh("合同编号") $en("Contract id") $format("id") $required(true);
  seller @1 :Text $zh("卖方") $en("Seller") $format("party") $required(true);
  buyer @2 :Text $zh("买方") $en("Buyer") $format("party") $required(true);
  totalFen @3 :Int64 $zh("变更后成交额") $en("Contract value") $format("money");
  techFen @4 :Int64 $zh("变更后技术交易额") $en("Technology value") $format("money");
  validTo @5 :Int32 $zh("有效期至") $en("Valid to") $format("date");
  reason @6 :Text $zh("原因") $en("Reason") $required(true);
  textHash @7 :Data $zh("变更协议哈希") $en("Hash of the amendment") $format("hash");
}

enum ContractEnd $zh("合同终结") $en("End of a contract") {
  unspecified @0 $zh("未指定") $en("unspecified");
  completed @1 $zh("完成") $en("completed");
  terminated @2 $zh("解除") $en("terminated");
  annulled @3 $zh("撤销") $en("annulled");
}

struct TechContractEnded $zh("技术合同完成或解除") $en("Technology contract ended") $importable(true)
    $attesters("REG / SCI / EIT / AUD")
    $signers("ANY@seller + ANY@buyer / REG")
    $entities("need contract {contract}; need party {seller}; need party {buyer}") {
  contract @0 :Text $zh("合同编号") $en("Contract id") $format("id") $required(true);
  seller @1 :Text $zh("卖方") $en("Seller") $format("party") $required(true);
  buyer @2 :Text $zh("买方") $en("Buyer") $format("party") $required(true);
  end @3 :ContractEnd $zh("终结方式") $en("End") $required(true);
  taxReliefUsed @4 :Bool $zh("已享税收优惠") $en("Tax relief was used");
  reason @5 :Text $zh("原因") $en("Reason");
}

struct IncomeDistributionResolved $zh("收益分配决议") $en("Income distribution resolved") $importable(true)
    $attesters("REG / SCI / EIT / AUD")
    $signers("PLT@institution / OWN@institution")
    $entities("open distribution {resolution}; need party {institution}; need? contract {contract}; need? platform {platform}") {
  resolution @0 :Text $zh("决议编号") $en("Resolution id") $format("id") $required(true);
  institution @1 :Text $zh("成果持有单位") $en("Institution") $format("party") $required(true);
  platform @2 :Text $zh("平台编号") $en("Platform id") $format("id");
  contract @3 :Text $zh("合同编号") $en("Contract id") $format("id");
  netFen @4 :Int64 $zh("净收入") $en("Net income") $format("money") $required(true);
  contributorFen @5 :Int64 $zh("完成人奖励") $en("To contributors") $format("money") $required(true);
  contributors @6 :UInt16 $zh("完成人数") $en("Number of contributors");
  noticeFrom @7 :Int32 $zh("公示开始") $en("Notice from") $format("date");
  noticeTo @8 :Int32 $zh("公示结束") $en("Notice to") $format("date");
  ownRules @9 :Bool $zh("有自定办法") $en("Own rules filed");
}

struct IncomeDistributionPaid $zh("收益分配支付") $en("Income distribution paid") $importable(true)
    $attesters("REG / SCI / EIT / AUD")
    $signers("FIN@institution / PLT@institution")
    $entities("need distribution {resolution}; need party {institution}")
    $postings("institution: distributed-income = amountFen; cash = -amountFen") {
  resolution @0 :Text $zh("决议编号") $en("Resolution id") $format("id") $required(true);
  institution @1 :Text $zh("成果持有单位") $en("Institution") $format("party") $required(true);
  amountFen @2 :Int64 $zh("金额") $en("Amount") $format("money") $required(true);
  recipientsCommitment @3 :Data $zh("领取人承诺值") $en("Commitment to recipients") $format("commitment");
}

struct EquityTaken $zh("作价入股") $en("Equity taken") $importable(true)
    $attesters("REG / SCI / EIT / AUD")
    $signers("PLT@platform + ANY@investee")
    $entities("open stake {stake}; need platform {platform}; need party {investee}; need? contract {contract}; need ip {ips[]}")
    $postings("platform: equity-investments = valuationFen; contributed-technology = -valuationFen") {
  stake @0 :Text $zh("持股编号") $en("Stake id") $format("id") $required(true);
  platform @1 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  investee @2 :Text $zh("被投企业") $en("Investee") $format("party") $required(true);
  shareBp @3 :Int32 $zh("股权比例") $en("Share") $format("bp") $required(true);
  valuationFen @4 :Int64 $zh("作价金额") $en("Valuation") $format("money") $confidentiality(party);
  valuationRef @5 :Text $zh("评估报告编号") $en("Valuation report");
  contract @6 :Text $zh("合同编号") $en("Contract id") $format("id");
  ips @7 :List(Text) $zh("知识产权") $en("IP assets") $format("ip");
}

enum ReturnKind $zh("回报方式") $en("Kind of return") {
  unspecified @0 $zh("未指定") $en("unspecified");
  dividend @1 $zh("分红") $en("dividend");
  sale @2 $zh("转让退出") $en("sale");
  buyback @3 $zh("回购") $en("buy-back");
}

struct InvestmentReturned $zh("投资回报") $en("Investment returned") $importable(true)
    $attesters("REG / SCI / EIT / AUD")
    $signers("FIN@stake / PLT@stake")
    $entities("need stake {stake}; need? receipt {receipt}") {
  # The cash itself enters as RevenueReceived, stream INVESTMENT_RETURN, named by `receipt`.
  stake @0 :Text $zh("持股编号") $en("Stake id") $format("id") $required(true);
  kind @1 :ReturnKind $zh("方式") $en("Kind") $required(true);
  amountFen @2 :Int64 $zh("金额") $en("Amount") $format("money") $required(true);
  soldBp @3 :Int32 $zh("退出股权") $en("Share given up") $format("bp");
  receipt @4 :Data $zh("到账事件") $en("Receipt event") $format("uuid");
}

struct IncubateeGraduated $zh("企业孵化毕业") $en("Incubatee graduated") $importable(true)
    $attesters("REG / SCI / EIT / AUD")
    $signers("PLT@platform + ANY@firm / PLT@platform")
    $entities("open graduation {platform}/{firm}; need platform {platform}; need party {firm}") {
  platform @0 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  firm @1 :Text $zh("企业") $en("Firm") $format("party") $required(true);
  enteredOn @2 :Int32 $zh("入驻日") $en("Entered on") $format("date");
  shareBp @3 :Int32 $zh("平台持股") $en("Share held") $format("bp");
  annualSalesFen @4 :Int64 $zh("年销售额") $en("Annual sales") $format("money") $confidentiality(party);
}
