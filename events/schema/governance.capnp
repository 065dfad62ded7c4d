@0xe3a1c0f2b7d45903;
# Who takes part, with which keys, under which policy; and the reversal of what was recorded.

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
using import "annotations.capnp".since;
using import "annotations.capnp".confidentiality;
using Common = import "common.capnp";
using Pilot = import "pilot.capnp";
$Cxx.namespace("pilotledger::events::schema");

enum PartyKind $zh("主体类型") $en("Party kind") {
  unspecified @0 $zh("未指定") $en("unspecified");
  enterprise @1 $zh("企业") $en("enterprise");
  institution @2 $zh("事业单位、高校院所") $en("public institution, university");
  association @3 $zh("社会组织") $en("association");
  authority @4 $zh("政府部门") $en("government authority");
  bank @5 $zh("金融机构") $en("bank");
  laboratory @6 $zh("检测机构") $en("laboratory");
  person @7 $zh("个人(仅承诺)") $en("person (by commitment only)");
  unknown @8 $zh("名单未载明") $en("not stated by the list");
}

struct PartyRegistered $zh("主体登记") $en("Party registered") $importable(true) $timeless(true)
    $attesters("OPR / MKT")
    $signers("OPR / OPR + ANY@party") $entities("open party {party}") {
  party @0 :Text $zh("主体代码") $en("Party id") $format("party") $required(true);
  name @1 :Text $zh("名称") $en("Name") $required(true);
  kind @2 :PartyKind $zh("类型") $en("Kind") $required(true);
  division @3 :Text $zh("行政区划") $en("Division") $format("division");
  controllersCommitment @4 :Data $zh("控制人承诺值") $en("Commitment to controllers") $format("commitment");
}

struct KeyBound $zh("密钥绑定") $en("Key bound")
    $attesters("OPR / MKT")
    $signers("OPR / ANY@party") $entities("open key {key}; need party {party}; open? register {log}; touch? log {rulesLog}") {
  key @0 :Text $zh("验证密钥") $en("Verifier key") $format("vkey") $required(true);
  party @1 :Text $zh("主体") $en("Party") $format("party") $required(true);
  roles @2 :List(Common.Role) $zh("角色") $en("Roles") $required(true);
  level @3 :Common.Level $zh("机关层级") $en("Level of the authority");
  division @4 :Text $zh("管辖区划") $en("Division it acts for") $format("division");
  validFrom @5 :Int32 $zh("生效日") $en("Valid from") $format("date");
  validTo @6 :Int32 $zh("失效日") $en("Valid to") $format("date");
  certificateHash @7 :Data $zh("证书哈希") $en("Certificate hash") $format("hash");
  # Of the founding key: the log commits to its register key from its first entries on (RegisterKeyCommitted).
  log @8 :Text $zh("日志") $en("Origin of the log");
  registerKey @9 :Data $zh("登记密钥承诺值") $en("Commitment to the register key") $format("hash");
  # Of the founding key: the edition of the rules that holds from the next entry on (RulesAdopted).
  rulesLog @10 :Text $zh("规则所属日志") $en("Origin of the log whose rules these are");
  rulesEdition @11 :UInt16 $zh("规则版本") $en("Edition of the rules");
}

struct RulesAdopted $zh("规则版本启用") $en("Rules adopted")
    $signers("OPR + AUD") $entities("touch log {log}") {
  # From the next entry on the ledger's rules are those of this edition: what is refused, who must sign, what a record
  # becomes. Entries before it keep the rules they were recorded under. Without one, the first edition holds.
  log @0 :Text $zh("日志") $en("Origin of the log") $required(true);
  edition @1 :UInt16 $zh("规则版本") $en("Edition of the rules") $required(true);
  digest @2 :Data $zh("规则摘要") $en("Digest of the edition") $format("hash") $required(true);
  needs @3 :Text $zh("所需程序版本") $en("Program version that knows it") $format("id") $required(true);
}

struct ClockCorrected $zh("时钟更正") $en("Clock corrected") $since(3)
    $signers("OPR + AUD") $entities("touch clock {log}") {
  # The machine's clock was ahead: the entries from `firstWrong` on, up to this one, carry times that lie after the time
  # at which they were recorded. This entry and later ones are recorded by the clock as it was set right. The only entry
  # that may be recorded at an earlier time than the one before it, never earlier than the last right one.
  log @0 :Text $zh("日志") $en("Origin of the log") $required(true);
  firstWrong @1 :UInt64 $zh("首个错误条目") $en("First entry recorded with the wrong clock") $required(true);
  reason @2 :Text $zh("原因") $en("Reason") $required(true);
}

struct AccessLogAnchored $zh("访问日志存证") $en("Access log anchored") $since(3)
    $signers("OPR / LOG") $entities("touch accesslog {server}") {
  # Who read what from a server is written beside the ledger, line by line, each with the hash of the one before. Here
  # the ledger commits to what that file held: what is changed or cut in it afterwards no longer leads here.
  server @0 :Text $zh("服务器") $en("Server") $format("id") $required(true);
  lines @1 :UInt64 $zh("行数") $en("Lines up to here") $required(true);
  head @2 :Data $zh("末行哈希") $en("Hash of the last line") $format("hash") $required(true);
}

struct NodeAdmitted $zh("节点加入") $en("Node admitted") $since(4)
    $signers("OPR") $entities("touch node {node}") {
  # A machine that holds a copy of this ledger and signs what it has stored (C2SP cosignature by its own key). With it
  # the ledger's receipts count when more than half of the members signed. One change of members at a time: majorities
  # of N and of N+1 nodes always share one.
  node @0 :Text $zh("节点") $en("Node") $format("id") $required(true);
  vkey @1 :Text $zh("节点公钥") $en("Key of the node") $format("vkey") $required(true);
  url @2 :Text $zh("地址") $en("Where it serves") $required(true);
}

struct NodeRetired $zh("节点退出") $en("Node retired") $since(4)
    $signers("OPR") $entities("need node {node}") {
  # From the next entry on it is no member: what it signs counts no more. Without members the ledger is again one of a
  # single machine.
  node @0 :Text $zh("节点") $en("Node") $format("id") $required(true);
  reason @1 :Text $zh("原因") $en("Reason") $required(true);
}

struct LedgerListed $zh("账本列名") $en("Ledger listed") $since(4)
    $signers("EIT / MKT") $entities("touch ledger {ledger}") {
  # An authority says which other ledgers there are where it is competent, and by which key each signs: who asks all of
  # them about a right knows whom to ask. Listed again when name or address change, and when its key does.
  ledger @0 :Text $zh("账本名称") $en("Origin of the ledger") $format("id") $required(true);
  vkey @1 :Text $zh("日志密钥") $en("Its log key") $format("vkey") $required(true);
  name @2 :Text $zh("名称") $en("Name") $required(true);
  url @3 :Text $zh("地址") $en("Where it serves") $required(true);
  replaces @4 :Text $zh("所替换密钥") $en("Key that it replaces") $format("vkey");
}

struct LedgerCheckpointed $zh("账本检查点存证") $en("Ledger checkpointed") $since(4)
    $signers("OPR / EIT / MKT") $entities("need ledger {ledger}") {
  # What a listed ledger signed about itself, as it signed it. One that shows different histories to different people
  # is found out here: two signed roots for one size stay on the record.
  ledger @0 :Text $zh("账本名称") $en("Origin of the ledger") $format("id") $required(true);
  checkpoint @1 :Text $zh("已签署检查点") $en("Signed checkpoint") $required(true);
}

struct RegisterKeyCommitted $zh("登记密钥承诺") $en("Register key committed")
    $signers("OPR") $entities("open register {log}") {
  # The key under which numbers are hashed (ledger/crypto/register_key.h), once for a ledger: numbers recorded under
  # another one would no longer match. For ledgers whose founding key does not name it.
  log @0 :Text $zh("日志") $en("Origin of the log") $required(true);
  commitment @1 :Data $zh("承诺值") $en("Commitment") $format("hash") $required(true);
}

enum RevocationReason $zh("吊销原因") $en("Revocation reason") {
  unspecified @0 $zh("未指定") $en("unspecified");
  superseded @1 $zh("更换") $en("superseded");
  compromised @2 $zh("泄露") $en("compromised");
  ceased @3 $zh("停用") $en("no longer used");
}

struct KeyRevoked $zh("密钥吊销") $en("Key revoked")
    $attesters("OPR / MKT")
    $signers("OPR / ANY@key") $entities("need key {key}") {
  key @0 :Text $zh("验证密钥") $en("Verifier key") $format("vkey") $required(true);
  reason @1 :RevocationReason $zh("原因") $en("Reason") $required(true);
  compromisedSince @2 :Int32 $zh("疑似泄露日") $en("Compromised since") $format("date");
}

struct LogKeyRotated $zh("日志密钥轮换") $en("Log key rotated")
    $signers("LOG + OPR") $entities("touch log {log}") {
  # The key that signs checkpoints names the next one. The checkpoint of this commit carries both signatures,
  # later ones the new key's. LOG is no role that a key is bound with: it is the log key in force.
  log @0 :Text $zh("日志") $en("Origin of the log") $required(true);
  oldKey @1 :Text $zh("原密钥") $en("Key in force") $format("vkey") $required(true);
  newKey @2 :Text $zh("新密钥") $en("Next key") $format("vkey") $required(true);
  reason @3 :RevocationReason $zh("原因") $en("Reason") $required(true);
  compromisedSince @4 :Int32 $zh("疑似泄露日") $en("Compromised since") $format("date");
}

struct PolicyTarget {
  # "20 provincial platforms by 2027".
  name @0 :Text $zh("目标") $en("Target") $format("id") $required(true);
  year @1 :UInt16 $zh("年度") $en("Year") $required(true);
  value @2 :UInt32 $zh("数量") $en("Value") $required(true);
  level @3 :Common.Level $zh("级别") $en("Tier");
}

struct PolicyRuleSetPublished $zh("政策规则发布") $en("Policy rule set published")
    $attesters("OPR / MKT")
    $signers("EIT + TRS / OPR")
    $entities("open ruleset {ruleSet}; touch policy {jurisdiction}/{instrument}") {
  # The numbers that findings test against. Versioned: the set in force on the legal date decides.
  ruleSet @0 :Text $zh("规则编号") $en("Rule set id") $format("id") $required(true);
  jurisdiction @1 :Text $zh("适用区划") $en("Jurisdiction") $format("division") $required(true);
  instrument @2 :Text $zh("政策工具") $en("Instrument") $format("id") $required(true);
  docNo @3 :Text $zh("文号") $en("Document number") $format("docno");
  effectiveFrom @4 :Int32 $zh("生效日") $en("Effective from") $format("date") $required(true);
  effectiveTo @5 :Int32 $zh("失效日") $en("Effective to") $format("date");
  capFen @6 :Int64 $zh("补助上限") $en("Cap") $format("money");
  ratioBp @7 :Int32 $zh("补助比例") $en("Ratio of base") $format("bp");
  windowMonths @8 :UInt16 $zh("频次窗口(月)") $en("Window in months");
  oneTime @9 :Bool $zh("一次性") $en("One-time");
  permittedLines @10 :List(Text) $zh("允许科目") $en("Permitted lines");
  idleMonths @11 :UInt16 $zh("沉淀月数") $en("Idle after months");
  idleBp @12 :Int32 $zh("沉淀比例") $en("Idle above share") $format("bp");
  transferDays @13 :UInt16 $zh("拨付时限(天)") $en("Transfer within days");
  installDays @14 :UInt16 $zh("安装时限(天)") $en("Install within days");
  recordDays @15 :UInt16 $zh("入账时限(天)") $en("Record within days");
  requiredEvidence @16 :List(Common.EvidenceKind) $zh("必备证据") $en("Required evidence");
  example @17 :Bool $zh("示例参数") $en("Example values, not law");
  title @18 :Text $zh("名称") $en("Title");
  lineToleranceBp @19 :Int32 $zh("科目超支容差") $en("Tolerance by line") $format("bp");
  tenderFen @20 :Int64 $zh("招标限额") $en("Tender threshold") $format("money");
  splitDays @21 :UInt16 $zh("拆分采购窗口(天)") $en("Window for split purchases in days");
  restraintMonths @22 :UInt16 $zh("资产监管期(月)") $en("Restraint on assets in months");
  kpiBp @23 :Int32 $zh("绩效达标比例") $en("Targets met from") $format("bp");
  stacking @24 :Bool $zh("允许叠加") $en("May be stacked");
  targets @25 :List(PolicyTarget) $zh("建设目标") $en("Targets");
  eligibleLevel @26 :Common.Level $zh("适用级别") $en("Tier required");
  eligibleGrade @27 :Text $zh("考核等次要求") $en("Grade required") $format("id");
  reviewMonths @28 :UInt16 $zh("复评周期(月)") $en("Re-evaluation every months");
  publicityDays @29 :UInt16 $zh("公示天数") $en("Public notice before an award in days");
  acceptanceMonths @30 :UInt16 $zh("验收期限(月)") $en("Acceptance within months of the period's end");
  requiredApprovals @31 :List(Pilot.ApprovalKind) $zh("必备审批") $en("Required approvals");
  maxScaleRatio @32 :UInt32 $zh("放大倍数上限") $en("Plausible scale-up up to");
  maxTrlJump @33 :UInt8 $zh("技术就绪水平提升上限") $en("Plausible TRL rise up to");
  incidentMonths @34 :UInt16 $zh("重大事件限制期(月)") $en("No application within months of a major incident");
  noticeDays @35 :UInt16 $zh("定价与分配公示天数") $en("Notice of price and distribution in days");
  expertReviewFen @36 :Int64 $zh("专家评审限额") $en("Expert review from") $format("money");
  distributionBp @37 :Int32 $zh("完成人分配下限") $en("Least share of contributors") $format("bp");
  voucherYearFen @38 :Int64 $zh("创新券年度限额") $en("Vouchers a holder and year") $format("money");
  feeDays @39 :UInt16 $zh("年费预警(天)") $en("Warn of annual fees within days");
  ltvBp @40 :Int32 $zh("质押率上限") $en("Loan to value up to") $format("bp");
  valuationMonths @41 :UInt16 $zh("评估有效期(月)") $en("Valuation valid for months");
  pledgeRegisterDays @42 :UInt16 $zh("质押登记时限(天)") $en("Pledge registered within days");
  releaseDays @43 :UInt16 $zh("质押注销时限(天)") $en("Pledge released within days");
}

enum ReversalKind $zh("冲正方式") $en("Reversal kind") {
  unspecified @0 $zh("未指定") $en("unspecified");
  reversed @1 $zh("冲销") $en("reversed");
  revoked @2 $zh("撤销(自始无效)") $en("revoked, void from the start");
}

struct EventReversed $zh("冲销") $en("Event reversed") $importable(true) $timeless(true)
    $signers("ANY") $entities("need event {target}; open reversal {target}") {
  # Signed by whoever could have signed the target; the rule checks it.
  target @0 :Data $zh("被冲销事件") $en("Target event") $format("uuid") $required(true);
  kind @1 :ReversalKind $zh("方式") $en("Kind") $required(true);
  reason @2 :Text $zh("原因") $en("Reason") $required(true);
  replacement @3 :Data $zh("替代事件") $en("Replacement event") $format("uuid");
}

struct EventCorrected $zh("更正") $en("Event corrected") $importable(true) $timeless(true)
    $signers("ANY") $entities("need event {target}; open reversal {target}") {
  # The target is taken back, as by a reversal; the right record is the event `replacement`, in
  # the same submission or later. Signed by whoever could have signed the target.
  target @0 :Data $zh("被更正事件") $en("Target event") $format("uuid") $required(true);
  replacement @1 :Data $zh("更正后事件") $en("Replacement event") $format("uuid") $required(true);
  reason @2 :Text $zh("原因") $en("Reason") $required(true);
}

struct Attested $zh("权威确认") $en("Attested") $timeless(true)
    $signers("REG / TRS / EIT / SCI / MKT / LAB / EVA / AUD")
    $entities("need event {target}; open attestation {@id}") {
  # Raises the assurance of the target from this entry on; the roles that may are on the target's
  # kind (attesters). Only who attested takes it back.
  target @0 :Data $zh("被确认事件") $en("Target event") $format("uuid") $required(true);
  statement @1 :Text $zh("确认内容") $en("Statement") $required(true);
  docNo @2 :Text $zh("文号") $en("Document number") $format("docno");
}

struct DisputeRaised $zh("异议提出") $en("Dispute raised")
    $attesters("OPR / MKT")
    $signers("ANY@party") $entities("open dispute {dispute}; need event {target}; need party {party}") {
  dispute @0 :Text $zh("异议编号") $en("Dispute id") $format("id") $required(true);
  target @1 :Data $zh("争议事件") $en("Target event") $format("uuid") $required(true);
  party @2 :Text $zh("异议人") $en("Raised by") $format("party") $required(true);
  textHash @3 :Data $zh("异议书哈希") $en("Hash of the text") $format("hash") $required(true);
}

enum DisputeOutcome $zh("异议结果") $en("Dispute outcome") {
  unspecified @0 $zh("未指定") $en("unspecified");
  upheld @1 $zh("成立") $en("upheld");
  rejected @2 $zh("不成立") $en("rejected");
  withdrawn @3 $zh("撤回") $en("withdrawn");
}

struct DisputeResolved $zh("异议处理") $en("Dispute resolved")
    $attesters("OPR / MKT")
    $signers("ANY@dispute + AUD / AUD") $entities("need dispute {dispute}") {
  dispute @0 :Text $zh("异议编号") $en("Dispute id") $format("id") $required(true);
  outcome @1 :DisputeOutcome $zh("结果") $en("Outcome") $required(true);
  textHash @2 :Data $zh("决定书哈希") $en("Hash of the decision") $format("hash");
}

struct PartyLink {
  party @0 :Text $zh("关联主体") $en("Party") $format("party") $required(true);
  relation @1 :Text $zh("关联关系") $en("Relation") $required(true);
}

struct RelationDeclared $zh("关联关系声明") $en("Relations declared") $importable(true)
    $attesters("OPR / MKT")
    $signers("ANY@party / AUD") $entities("need party {party}; need party {links[].party}") {
  # Who shares a controller or a person in charge with whom; findings on related parties use it.
  party @0 :Text $zh("主体代码") $en("Party id") $format("party") $required(true);
  links @1 :List(PartyLink) $zh("关联方") $en("Related parties") $required(true);
}

enum PartyStatus $zh("主体状态") $en("Party status") {
  unspecified @0 $zh("未指定") $en("unspecified");
  active @1 $zh("正常") $en("active");
  suspended @2 $zh("暂停") $en("suspended");
}

struct PartyStatusChanged $zh("主体状态变更") $en("Party status changed")
    $attesters("OPR / MKT")
    $signers("OPR / OPR + AUD") $signersIn([(edition = 2, text = "OPR + AUD / OPR + EIT / OPR + MKT")])
    $entities("need party {party}") {
  # A suspended party's keys sign nothing until it is active again.
  party @0 :Text $zh("主体代码") $en("Party id") $format("party") $required(true);
  status @1 :PartyStatus $zh("状态") $en("Status") $required(true);
  reason @2 :Text $zh("原因") $en("Reason") $required(true);
  docNo @3 :Text $zh("文号") $en("Document number") $format("docno");
}

struct PersonalDataErased $zh("个人信息删除") $en("Personal data erased")
    $attesters("OPR / MKT")
    $signers("OPR + PLT") $entities("open erasure {commitment}; need? event {event}") {
  # The salt of the commitment was destroyed: what it committed to can no longer be disclosed, and
  # every proof still holds.
  commitment @0 :Data $zh("承诺值") $en("Commitment") $format("commitment") $required(true);
  event @1 :Data $zh("所在事件") $en("Event that holds it") $format("uuid");
  request @2 :Text $zh("申请编号") $en("Request reference");
}
