@0xe3a1c0f2b7d45907;
# What a platform earns, by stream.

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
using import "annotations.capnp".sealed;
using Common = import "common.capnp";
$Cxx.namespace("pilotledger::events::schema");

enum RevenueStream $zh("收入类型") $en("Revenue stream") {
  unspecified @0 $zh("未指定") $en("unspecified");
  service @1 $zh("服务收入") $en("service income");
  technologySales @2 $zh("技术交易") $en("technology sales");
  commercialisation @3 $zh("成果转化") $en("commercialisation");
  incubation @4 $zh("企业孵化") $en("incubation");
  investmentReturn @5 $zh("投资回报") $en("investment return");
}

struct RevenueReceived $zh("收入到账") $en("Revenue received") $importable(true)
    $attesters("AUD / TRS")
    $signers("FIN@platform / PLT@platform")
    $entities("open receipt {@id}; need platform {platform}; need? party {payer}; need? contract {contract}; need? project {project}; touch? invoice {invoice.number}")
    $postings("platform: cash = grossFen; revenue/{stream} = -netFen; tax-payable = -taxFen") {
  platform @0 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  stream @1 :RevenueStream $zh("收入类型") $en("Stream") $required(true);
  payer @2 :Text $zh("付款方") $en("Payer") $format("party") $confidentiality(party);
  contract @3 :Text $zh("合同编号") $en("Contract id") $format("id");
  project @4 :Text $zh("项目编号") $en("Project id") $format("id");
  grossFen @5 :Int64 $zh("含税金额") $en("Gross") $format("money") $required(true);
  taxFen @6 :Int64 $zh("税额") $en("Tax") $format("money");
  netFen @7 :Int64 $zh("不含税金额") $en("Net") $format("money");
  invoice @8 :Common.Invoice $zh("发票") $en("Invoice") $confidentiality(audit);
  bankRef @9 :Text $zh("银行流水号") $en("Bank reference") $confidentiality(audit) $sealed("bankref");
  voucherFunded @10 :Bool $zh("创新券支付") $en("Paid by voucher");
  serviceCode @11 :Text $zh("服务编号") $en("Service code") $format("id");
}

struct RevenueReversed $zh("退款或红冲") $en("Revenue reversed") $importable(true)
    $attesters("AUD / TRS")
    $signers("FIN@platform / PLT@platform")
    $entities("need receipt {target}; need platform {platform}")
    $postings("platform: cash = -grossFen; revenue/{stream} = netFen; tax-payable = taxFen") {
  target @0 :Data $zh("原收入事件") $en("Receipt reversed") $format("uuid") $required(true);
  platform @1 :Text $zh("平台编号") $en("Platform id") $format("id") $required(true);
  stream @2 :RevenueStream $zh("收入类型") $en("Stream") $required(true);
  grossFen @3 :Int64 $zh("含税金额") $en("Gross") $format("money") $required(true);
  taxFen @4 :Int64 $zh("税额") $en("Tax") $format("money");
  netFen @5 :Int64 $zh("不含税金额") $en("Net") $format("money");
  reason @6 :Text $zh("原因") $en("Reason");
}
