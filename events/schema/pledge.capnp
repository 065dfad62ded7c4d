@0xe3a1c0f2b7d45909;
# Intellectual property and the pledges on it.

using Cxx = import "/capnp/c++.capnp";
using import "annotations.capnp".zh;
using import "annotations.capnp".en;
using import "annotations.capnp".signers;
using import "annotations.capnp".signersIn;
using import "annotations.capnp".attesters;
using import "annotations.capnp".importable;
using import "annotations.capnp".entities;
using import "annotations.capnp".postings;
using import "annotations.capnp".timeless;
using import "annotations.capnp".format;
using import "annotations.capnp".required;
using import "annotations.capnp".confidentiality;
using Common = import "common.capnp";
$Cxx.namespace("pilotledger::events::schema");

enum IpKind $zh("知识产权种类") $en("IP kind") {
  unspecified @0 $zh("未指定") $en("unspecified");
  invention @1 $zh("发明专利") $en("invention patent");
  utilityModel @2 $zh("实用新型") $en("utility model");
  design @3 $zh("外观设计") $en("design");
  trademark @4 $zh("商标") $en("trademark");
  copyright @5 $zh("著作权") $en("copyright");
  software @6 $zh("计算机软件") $en("software");
  icLayout @7 $zh("集成电路布图设计") $en("IC layout");
  dataIp @8 $zh("数据知识产权") $en("data IP");
  application @9 $zh("专利申请") $en("patent application");
}

struct IpAssetRecorded $zh("知识产权登记") $en("IP asset recorded") $importable(true)
    $attesters("REG / MKT")
    $signers("OWN@owners[].party") $signersIn([(edition = 2, text = "OWN@owners[].party / REG / MKT")])
    $entities("open ip {number}; open? ipalias {grantNumber}; need party {owners[].party}") {
  number @0 :Text $zh("号码") $en("Number") $format("ip") $required(true);
  grantNumber @1 :Text $zh("授权号") $en("Grant number") $format("ip");
  # Set where the granted right has another number than the application (US).
  kind @2 :IpKind $zh("种类") $en("Kind") $required(true);
  title @3 :Text $zh("名称") $en("Title");
  owners @4 :List(Common.PartyShare) $zh("权利人") $en("Owners") $required(true);
  filedOn @5 :Int32 $zh("申请日") $en("Filed on") $format("date");
  grantedOn @6 :Int32 $zh("授权日") $en("Granted on") $format("date");
  expiresOn @7 :Int32 $zh("期满日") $en("Expires on") $format("date");
}

struct IpStatusObserved $zh("法律状态") $en("IP status observed") $importable(true)
    $attesters("REG / MKT")
    $signers("MKT / AUD / OPR / OWN@ip")
    $entities("need ip {ip}") {
  ip @0 :Text $zh("号码") $en("Number") $format("ip") $required(true);
  code @1 :Text $zh("状态代码") $en("Status code") $format("id") $required(true);
  # Gazette code (PE01, PC01, PP01, PD01, TR01, IW01, CF01, CX01, RR01 ...), "US-" + conveyance, or what the
  # office tells those concerned: CN-INVALIDATION (proceedings begun), CN-TWIN-FILING, each with -ENDED.
  effectiveOn @2 :Int32 $zh("生效日") $en("Effective on") $format("date");
  feePaidTo @3 :Int32 $zh("年费缴至") $en("Fee paid to") $format("date");
  source @4 :Text $zh("来源") $en("Source") $required(true);
  reference @5 :Text $zh("来源编号") $en("Reference");
  detail @6 :Text $zh("内容") $en("Detail");
  fromParty @7 :Text $zh("变更前") $en("From");
  toParty @8 :Text $zh("变更后") $en("To");
}

enum ClaimKind $zh("债权种类") $en("Claim kind") {
  unspecified @0 $zh("未指定") $en("unspecified");
  loan @1 $zh("借款") $en("loan");
  ceiling @2 $zh("最高额") $en("ceiling");
  guarantee @3 $zh("反担保") $en("counter-guarantee");
  other @4 $zh("其他") $en("other");
  notStated @5 $zh("登记未载明") $en("not stated by the register");
}

struct PledgeAgreed $zh("质押合同") $en("Pledge agreed") $importable(true)
    $attesters("REG / MKT")
    $signers("OWN@pledgors + BNK@pledgee")
    $entities("open pledge {pledge}; need ip {assets[]}; need party {pledgors[]}; need party {pledgee}") {
  pledge @0 :Text $zh("质押编号") $en("Pledge id") $format("id") $required(true);
  assets @1 :List(Text) $zh("质物") $en("Assets") $format("ip") $required(true);
  pledgors @2 :List(Text) $zh("出质人") $en("Pledgors") $format("party") $required(true);
  pledgee @3 :Text $zh("质权人") $en("Pledgee") $format("party") $required(true);
  mainContract @4 :Text $zh("主合同编号") $en("Main contract") $confidentiality(party);
  debtor @5 :Text $zh("债务人") $en("Debtor") $confidentiality(party);
  claimKind @6 :ClaimKind $zh("债权种类") $en("Claim kind") $required(true);
  amountFen @7 :Int64 $zh("担保金额") $en("Secured amount") $format("money") $confidentiality(party);
  debtFrom @8 :Int32 $zh("债务起始日") $en("Debt from") $format("date");
  debtTo @9 :Int32 $zh("债务到期日") $en("Debt to") $format("date");
  scope @10 :Text $zh("担保范围") $en("Scope");
  coOwnerConsent @11 :Text $zh("共有人约定") $en("Co-owner agreement reference");
}

struct PledgeRegistered $zh("质押登记") $en("Pledge registered") $importable(true)
    $attesters("REG / MKT")
    $signers("OWN@pledge + BNK@pledge / REG")
    $entities("need pledge {pledge}; need ip {asset}; open pledgereg {regNo}/{asset}") {
  # One event for each asset: assets of one contract have registrations of their own.
  pledge @0 :Text $zh("质押编号") $en("Pledge id") $format("id") $required(true);
  asset @1 :Text $zh("质物") $en("Asset") $format("ip") $required(true);
  regNo @2 :Text $zh("登记号") $en("Registration number") $format("id") $required(true);
  noticeHash @3 :Data $zh("通知书哈希") $en("Notice hash") $format("hash");
  waiver @4 :Text $zh("知情确认") $en("Waiver");
}

enum ReleaseReason $zh("注销原因") $en("Release reason") {
  unspecified @0 $zh("未指定") $en("unspecified");
  performed @1 $zh("债务履行") $en("debt performed");
  enforced @2 $zh("质权实现") $en("pledge enforced");
  waived @3 $zh("质权人放弃") $en("waived");
  contractVoid @4 $zh("主合同无效") $en("main contract void");
  other @5 $zh("其他") $en("other");
}

struct PledgeReleased $zh("质押注销") $en("Pledge released") $importable(true)
    $attesters("REG / MKT")
    $signers("BNK@pledge / BNK@pledge + OWN@pledge / REG")
    $entities("need pledge {pledge}; need ip {assets[]}") {
  pledge @0 :Text $zh("质押编号") $en("Pledge id") $format("id") $required(true);
  assets @1 :List(Text) $zh("质物") $en("Assets") $format("ip") $required(true);
  reason @2 :ReleaseReason $zh("原因") $en("Reason") $required(true);
  noticeHash @3 :Data $zh("通知书哈希") $en("Notice hash") $format("hash");
}

struct IpTransferred $zh("知识产权转移") $en("IP transferred") $importable(true)
    $attesters("REG / MKT")
    $signers("OWN@ip + ANY@owners[].party") $entities("need ip {ip}; need party {owners[].party}; need? contract {contract}") {
  # Replaces the owners. A pledge in force also needs its pledgee's signature (Civil Code 444).
  ip @0 :Text $zh("号码") $en("Number") $format("ip") $required(true);
  owners @1 :List(Common.PartyShare) $zh("新权利人") $en("New owners") $required(true);
  contract @2 :Text $zh("合同编号") $en("Contract id") $format("id");
  docNo @3 :Text $zh("手续合格通知书") $en("Notice of the register");
  priceFen @4 :Int64 $zh("转让价款") $en("Price") $format("money") $confidentiality(party);
}

struct IpLicensed $zh("知识产权许可") $en("IP licensed") $importable(true)
    $attesters("REG / MKT")
    $signers("OWN@ip + ANY@licensee") $entities("open licence {licence}; need ip {ip}; need party {licensee}; need? contract {contract}") {
  licence @0 :Text $zh("许可编号") $en("Licence id") $format("id") $required(true);
  ip @1 :Text $zh("号码") $en("Number") $format("ip") $required(true);
  licensee @2 :Text $zh("被许可人") $en("Licensee") $format("party") $required(true);
  exclusive @3 :Bool $zh("独占") $en("Exclusive");
  from @4 :Int32 $zh("起") $en("From") $format("date");
  to @5 :Int32 $zh("止") $en("To") $format("date");
  feeFen @6 :Int64 $zh("许可费") $en("Fee") $format("money") $confidentiality(party);
  contract @7 :Text $zh("合同编号") $en("Contract id") $format("id");
}

enum ValuationMethod $zh("评估方法") $en("Valuation method") {
  unspecified @0 $zh("未指定") $en("unspecified");
  income @1 $zh("收益法") $en("income");
  market @2 $zh("市场法") $en("market");
  cost @3 $zh("成本法") $en("cost");
}

struct IpValued $zh("知识产权评估") $en("IP valued") $importable(true)
    $attesters("REG / MKT")
    $signers("EVA@evaluator") $entities("need ip {ips[]}; need party {evaluator}; open valuation {evaluator}/{reportNo}") {
  reportNo @0 :Text $zh("评估报告编号") $en("Report number") $format("id") $required(true);
  evaluator @1 :Text $zh("评估机构") $en("Evaluator") $format("party") $required(true);
  ips @2 :List(Text) $zh("评估对象") $en("Assets") $format("ip") $required(true);
  valueFen @3 :Int64 $zh("评估值") $en("Value") $format("money") $required(true) $confidentiality(party);
  method @4 :ValuationMethod $zh("方法") $en("Method");
  baseDate @5 :Int32 $zh("评估基准日") $en("Base date") $format("date") $required(true);
  validTo @6 :Int32 $zh("有效期至") $en("Valid to") $format("date");
}

struct PledgeAmended $zh("质押变更") $en("Pledge amended") $importable(true)
    $attesters("REG / MKT")
    $signers("OWN@pledge + BNK@pledge / REG") $entities("need pledge {pledge}") {
  # What is empty stays as it was.
  pledge @0 :Text $zh("质押编号") $en("Pledge id") $format("id") $required(true);
  amountFen @1 :Int64 $zh("担保金额") $en("Secured amount") $format("money") $confidentiality(party);
  debtTo @2 :Int32 $zh("债务到期日") $en("Debt to") $format("date");
  scope @3 :Text $zh("担保范围") $en("Scope");
  reason @4 :Text $zh("变更内容") $en("What is amended") $required(true);
  noticeHash @5 :Data $zh("通知书哈希") $en("Notice hash") $format("hash");
  changedOn @6 :Int32 $zh("变更发生日") $en("Changed on") $format("date");
}

struct PledgeRevoked $zh("质押撤销") $en("Pledge revoked") $importable(true) $timeless(true)
    $attesters("REG / MKT")
    $signers("REG / MKT / OWN@pledge + BNK@pledge") $entities("need pledge {pledge}; need ip {assets[]}") {
  # Void from the start: as if the registration had never been.
  pledge @0 :Text $zh("质押编号") $en("Pledge id") $format("id") $required(true);
  assets @1 :List(Text) $zh("质物") $en("Assets") $format("ip") $required(true);
  ground @2 :Text $zh("撤销理由") $en("Ground") $required(true);
  noticeHash @3 :Data $zh("通知书哈希") $en("Notice hash") $format("hash");
}

enum EnforcementMode $zh("实现方式") $en("Enforcement mode") {
  unspecified @0 $zh("未指定") $en("unspecified");
  agreedPrice @1 $zh("折价") $en("taken at an agreed price");
  auction @2 $zh("拍卖") $en("auction");
  sale @3 $zh("变卖") $en("sale");
}

struct PledgeEnforced $zh("质权实现") $en("Pledge enforced") $importable(true)
    $attesters("REG / MKT")
    $signers("BNK@pledge") $entities("need pledge {pledge}; need ip {assets[]}") {
  pledge @0 :Text $zh("质押编号") $en("Pledge id") $format("id") $required(true);
  assets @1 :List(Text) $zh("质物") $en("Assets") $format("ip") $required(true);
  mode @2 :EnforcementMode $zh("方式") $en("Mode") $required(true);
  proceedsFen @3 :Int64 $zh("所得价款") $en("Proceeds") $format("money") $confidentiality(party);
  courtRef @4 :Text $zh("法院文书") $en("Court reference");
}

struct PreservationNoted $zh("保全或解除") $en("Preservation noted") $importable(true)
    $attesters("REG / MKT")
    $signers("OWN@ip / BNK / MKT / AUD") $entities("need ip {ip}") {
  ip @0 :Text $zh("号码") $en("Number") $format("ip") $required(true);
  court @1 :Text $zh("法院") $en("Court") $required(true);
  caseNo @2 :Text $zh("案号") $en("Case number") $required(true);
  lifted @3 :Bool $zh("解除") $en("Lifted");
  from @4 :Int32 $zh("起") $en("From") $format("date");
  to @5 :Int32 $zh("止") $en("To") $format("date");
}

enum RegisterEntry $zh("登记簿事项") $en("Register entry") {
  unspecified @0 $zh("未指定") $en("unspecified");
  pledged @1 $zh("质押登记") $en("pledged");
  released @2 $zh("质押注销") $en("pledge released");
  revoked @3 $zh("质押撤销") $en("pledge revoked");
  enforced @4 $zh("质权实现") $en("pledge enforced");
  transferred @5 $zh("权利转移") $en("right transferred");
  ended @6 $zh("权利终止") $en("right ended");
  restored @7 $zh("权利恢复") $en("right restored");
  preserved @8 $zh("保全") $en("under preservation");
  preservationLifted @9 $zh("保全解除") $en("preservation lifted");
  other @10 $zh("其他") $en("other");
}

struct RegisterObserved $zh("登记簿记载") $en("Register entry observed") $importable(true)
    $attesters("REG / MKT")
    $signers("REG / MKT / AUD") $entities("need ip {ip}; need? pledge {pledge}; need? party {owners[].party}") {
  # What a public register shows of a right, beside what its own parties recorded: it changes the state of nothing. Who
  # copies from a register records this where the parties' own record would have to change.
  ip @0 :Text $zh("号码") $en("Number") $format("ip") $required(true);
  entry @1 :RegisterEntry $zh("事项") $en("Entry") $required(true);
  pledge @2 :Text $zh("质押编号") $en("Pledge id") $format("id");
  owners @3 :List(Common.PartyShare) $zh("权利人") $en("Owners");
  effectiveOn @4 :Int32 $zh("生效日") $en("Effective on") $format("date");
  reference @5 :Text $zh("来源编号") $en("Reference");
  detail @6 :Text $zh("内容") $en("Detail");
}

struct DisclosureGranted $zh("授权查询") $en("Disclosure granted")
    $attesters("REG / MKT")
    $signers("OWN@owner / PLT@owner / CUS@owner") $entities("open disclosure {grant}; need party {owner}; need party {grantee}") {
  grant @0 :Text $zh("授权编号") $en("Grant id") $format("id") $required(true);
  owner @1 :Text $zh("授权人") $en("Owner") $format("party") $required(true);
  grantee @2 :Text $zh("被授权人") $en("Grantee") $format("party") $required(true);
  scope @3 :Text $zh("范围(对象)") $en("Scope: an entity, as kind:id") $required(true);
  until @4 :Int32 $zh("有效期至") $en("Until") $format("date");
}
