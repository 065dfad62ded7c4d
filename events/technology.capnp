@0xe3a1c0f2b7d45906;
# Technology contracts and their registration.

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
  terms @8 :List(PaymentTerm) $zh("支付条款") $en("Payment terms");
  pricing @9 :PricingMode $zh("定价方式") $en("Pricing");
  ips @10 :List(Text) $zh("知识产权") $en("IP assets") $format("ip");
  imported @11 :Bool $zh("技术进口") $en("Imported technology");
  validTo @12 :Int32 $zh("有效期至") $en("Valid to") $format("date");
  textHash @13 :Data $zh("合同文本哈希") $en("Hash of the contract text") $format("hash");
}

struct TechContractRegistered $zh("技术合同认定登记") $en("Technology contract registered") $importable(true)
    $signers("REG / ANY@contract")
    $entities("need contract {contract}; open techreg {regNo}") {
  contract @0 :Text $zh("合同编号") $en("Contract id") $format("id") $required(true);
  regNo @1 :Text $zh("登记编号") $en("Registration number") $format("id") $required(true);
  confirmedTotalFen @2 :Int64 $zh("认定成交额") $en("Confirmed contract value") $format("money");
  confirmedTechFen @3 :Int64 $zh("认定技术交易额") $en("Confirmed technology value") $format("money");
  registrar @4 :Text $zh("登记机构") $en("Registrar");
  expertReview @5 :Bool $zh("专家评审") $en("Expert review held");
}
