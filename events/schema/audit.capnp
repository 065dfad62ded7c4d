@0xe3a1c0f2b7d4590a;
# What auditors find, what the audited answer, and how it ends.

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

enum FindingSeverity $zh("严重程度") $en("Severity") {
  unspecified @0 $zh("未指定") $en("unspecified");
  low @1 $zh("低") $en("low");
  medium @2 $zh("中") $en("medium");
  high @3 $zh("高") $en("high");
}

struct AuditFindingRaised $zh("审计发现") $en("Audit finding raised") $importable(true)
    $attesters("AUD")
    $signers("AUD") $entities("open finding {finding}; need party {audited}; need? award {award}; need? event {targets[]}") {
  finding @0 :Text $zh("问题编号") $en("Finding id") $format("id") $required(true);
  code @1 :Text $zh("问题代码") $en("Code") $format("id") $required(true);
  severity @2 :FindingSeverity $zh("严重程度") $en("Severity") $required(true);
  audited @3 :Text $zh("被审计单位") $en("Audited party") $format("party") $required(true);
  award @4 :Text $zh("补助编号") $en("Award id") $format("id");
  targets @5 :List(Data) $zh("涉及事件") $en("Target events") $format("uuid");
  amountFen @6 :Int64 $zh("涉及金额") $en("Amount at risk") $format("money");
  legalBasis @7 :Text $zh("依据") $en("Legal basis") $required(true);
  dueOn @8 :Int32 $zh("整改期限") $en("Due on") $format("date");
  text @9 :Text $zh("问题描述") $en("Text") $required(true);
}

struct AuditFindingAnswered $zh("审计整改") $en("Audit finding answered") $importable(true)
    $attesters("AUD")
    $signers("ANY@finding") $entities("need finding {finding}") {
  finding @0 :Text $zh("问题编号") $en("Finding id") $format("id") $required(true);
  answer @1 :Text $zh("整改情况") $en("Answer") $required(true);
  recoveredFen @2 :Int64 $zh("已退回金额") $en("Recovered") $format("money");
}

enum FindingOutcome $zh("处理结果") $en("Outcome") {
  unspecified @0 $zh("未指定") $en("unspecified");
  rectified @1 $zh("销号") $en("closed as rectified");
  transferred @2 $zh("移送") $en("transferred to another authority");
  withdrawn @3 $zh("撤回") $en("withdrawn");
}

struct AuditFindingClosed $zh("审计销号") $en("Audit finding closed") $importable(true)
    $attesters("AUD")
    $signers("AUD") $entities("need finding {finding}") {
  finding @0 :Text $zh("问题编号") $en("Finding id") $format("id") $required(true);
  outcome @1 :FindingOutcome $zh("结果") $en("Outcome") $required(true);
  transferredTo @2 :Text $zh("移送机关") $en("Transferred to");
  docNo @3 :Text $zh("文号") $en("Document number") $format("docno");
}
