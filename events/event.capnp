@0xe3a1c0f2b7d45910;
# The event: one header, one body. Adding a kind: a struct in a domain file, a line in this union,
# a rule in ledger/rules. Schemas evolve only by adding (schema.lock).

using Cxx = import "/capnp/c++.capnp";
using import "annotations.capnp".zh;
using import "annotations.capnp".en;
using import "annotations.capnp".format;
using import "annotations.capnp".required;
using Common = import "common.capnp";
using Governance = import "governance.capnp";
using Platform = import "platform.capnp";
using Pilot = import "pilot.capnp";
using Technology = import "technology.capnp";
using Revenue = import "revenue.capnp";
using Subsidy = import "subsidy.capnp";
using Pledge = import "pledge.capnp";
$Cxx.namespace("pilotledger::events::schema");

struct Event {
  id @0 :Data $zh("事件编号") $en("Event id") $format("uuid") $required(true);
  # UUIDv7 made by the client (v8 when derived from an imported row): idempotency key for ever.
  legalDate @1 :Int32 $zh("法定日期") $en("Legal date") $format("date") $required(true);
  jurisdiction @2 :Text $zh("管辖区划") $en("Jurisdiction") $format("division");
  currency @3 :UInt16 = 156 $zh("币种") $en("Currency") $format("currency");
  evidence @4 :List(Common.Evidence) $zh("证据") $en("Evidence");
  refs @5 :List(Text) $zh("参考") $en("References");
  source @6 :Text $zh("资料来源") $en("Source of the record");
  # Where an imported record comes from: the list, by the name of its rules, and the row's key.

  body :union {
    partyRegistered @7 :Governance.PartyRegistered;
    keyBound @8 :Governance.KeyBound;
    keyRevoked @9 :Governance.KeyRevoked;
    policyRuleSetPublished @10 :Governance.PolicyRuleSetPublished;
    eventReversed @11 :Governance.EventReversed;
    platformEstablished @12 :Platform.PlatformEstablished;
    platformRecognized @13 :Platform.PlatformRecognized;
    performanceGraded @14 :Platform.PerformanceGraded;
    pilotProjectAccepted @15 :Pilot.PilotProjectAccepted;
    pilotRunRecorded @16 :Pilot.PilotRunRecorded;
    testReportIssued @17 :Pilot.TestReportIssued;
    techContractSigned @18 :Technology.TechContractSigned;
    techContractRegistered @19 :Technology.TechContractRegistered;
    revenueReceived @20 :Revenue.RevenueReceived;
    revenueReversed @21 :Revenue.RevenueReversed;
    subsidyAwarded @22 :Subsidy.SubsidyAwarded;
    subsidyDisbursed @23 :Subsidy.SubsidyDisbursed;
    subsidyReceived @24 :Subsidy.SubsidyReceived;
    expenditureRecorded @25 :Subsidy.ExpenditureRecorded;
    assetInstalled @26 :Subsidy.AssetInstalled;
    subsidyAcceptance @27 :Subsidy.SubsidyAcceptance;
    ipAssetRecorded @28 :Pledge.IpAssetRecorded;
    ipStatusObserved @29 :Pledge.IpStatusObserved;
    pledgeAgreed @30 :Pledge.PledgeAgreed;
    pledgeRegistered @31 :Pledge.PledgeRegistered;
    pledgeReleased @32 :Pledge.PledgeReleased;
  }
}
