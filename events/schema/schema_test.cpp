// The schema as data: every kind, field and enumerant is complete, and nothing published changes.
#include "events/schema/schema.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

namespace pilotledger::events {
namespace {

std::string typeText(const Field& field) {
  std::string text = field.enumeration != nullptr ? field.enumeration->name
                     : field.element != nullptr   ? field.element->name
                                                  : std::to_string(static_cast<int>(field.type));
  return field.isList ? "[" + text + "]" : text;
}

void walk(const StructInfo& info, std::set<std::string>& seen,
          const std::function<void(const StructInfo&, const Field&)>& visit) {
  if (!seen.insert(info.name).second) return;
  for (const Field& field : info.fields) {
    visit(info, field);
    if (field.element != nullptr) walk(*field.element, seen, visit);
  }
}

void walkAll(const std::function<void(const StructInfo&, const Field&)>& visit) {
  std::set<std::string> seen;
  walk(headerInfo(), seen, visit);
  for (const Kind& kind : kinds()) walk(*kind.body, seen, visit);
}

TEST(Schema, EverythingHasBothLabels) {
  for (const Kind& kind : kinds()) {
    EXPECT_FALSE(kind.label.zh.empty()) << kind.name;
    EXPECT_FALSE(kind.label.en.empty()) << kind.name;
    EXPECT_FALSE(kind.signers.empty()) << kind.name;
    EXPECT_FALSE(kind.entities.empty()) << kind.name;
    EXPECT_EQ(kind.table, snakeCase(kind.name));
    EXPECT_EQ(findKind(kind.name), &kind);
  }
  walkAll([](const StructInfo& info, const Field& field) {
    EXPECT_FALSE(field.label.zh.empty()) << info.name << "." << field.name;
    EXPECT_FALSE(field.label.en.empty()) << info.name << "." << field.name;
    if (field.enumeration == nullptr) return;
    EXPECT_EQ(field.enumeration->values[0].code, "UNSPECIFIED") << field.enumeration->name;
    for (const auto& value : field.enumeration->values) {
      EXPECT_FALSE(value.label.zh.empty()) << value.code;
      EXPECT_FALSE(value.label.en.empty()) << value.code;
    }
  });
}

TEST(Schema, TheFirstKindsAreThere) {
  std::set<std::string> names;
  for (const Kind& kind : kinds()) names.insert(kind.name);
  for (const char* name : {"PartyRegistered",     "KeyBound",
                           "KeyRevoked",          "PolicyRuleSetPublished",
                           "PlatformEstablished", "PlatformRecognized",
                           "PerformanceGraded",   "PilotProjectAccepted",
                           "PilotRunRecorded",    "TestReportIssued",
                           "TechContractSigned",  "TechContractRegistered",
                           "RevenueReceived",     "RevenueReversed",
                           "SubsidyAwarded",      "SubsidyDisbursed",
                           "SubsidyReceived",     "ExpenditureRecorded",
                           "AssetInstalled",      "SubsidyAcceptance",
                           "IpAssetRecorded",     "IpStatusObserved",
                           "PledgeAgreed",        "PledgeRegistered",
                           "PledgeReleased",      "EventReversed"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

// Also the long lists: "EIT / SCI / LAB / EVA".
TEST(Schema, SignersAndAttestersAreRoles) {
  const EnumInfo& roles = *findEnum("Role");
  auto known = [&](const std::string& role) {
    return std::any_of(roles.values.begin(), roles.values.end(), [&](const auto& value) { return value.code == role; });
  };
  for (const Kind& kind : kinds()) {
    for (const std::string& role : kind.attesters)
      EXPECT_TRUE(known(role)) << kind.name << " attester '" << role << "'";
    for (const SignersIn& in : kind.signers) {
      for (const auto& alternative : in.rule) {
        for (const SignerTerm& term : alternative)
          EXPECT_TRUE(term.role == "ANY" || term.role == "LOG" || known(term.role))
              << kind.name << " signer '" << term.role << "'";
      }
    }
  }
}

TEST(Schema, MoneyIsInt64AndDatesAreInt32) {
  walkAll([](const StructInfo& info, const Field& field) {
    using Which = capnp::schema::Type::Which;
    if (field.format == Format::Money) EXPECT_EQ(field.type, Which::INT64) << info.name << "." << field.name;
    if (field.format == Format::Date) EXPECT_EQ(field.type, Which::INT32) << info.name << "." << field.name;
    EXPECT_NE(field.type, Which::FLOAT32) << field.name;
    EXPECT_NE(field.type, Which::FLOAT64) << field.name;
  });
}

const char* modeText(EntityMode mode) {
  return mode == EntityMode::Open ? "open" : mode == EntityMode::Need ? "need" : "touch";
}

// schema.lock lists every field and enumerant with its number, and what rules read. Lines may be added, never changed:
// old bytes must mean the same for ever.
TEST(Schema, OnlyGrows) {
  std::set<std::string> now;
  for (const Kind& kind : kinds()) {
    now.insert(fmt::format("kind {} {}", kind.name, kind.discriminant));
    // What rules read from annotations belongs to an edition of theirs: a change is a line of the next one.
    for (const SignersIn& in : kind.signers)
      now.insert(fmt::format("signers {} {} {}", kind.name, in.edition, in.text));
    for (const EntityRule& rule : kind.entities)
      now.insert(fmt::format("entity {} {}{} {} {}", kind.name, modeText(rule.mode), rule.optional ? "?" : "",
                             rule.kind, rule.id.source));
    for (const std::string& role : kind.attesters) now.insert(fmt::format("attester {} {}", kind.name, role));
    if (kind.importable) now.insert(fmt::format("importable {}", kind.name));
    if (kind.since > 1) now.insert(fmt::format("since {} {}", kind.name, kind.since));
  }
  walkAll([&](const StructInfo& info, const Field& field) {
    now.insert(fmt::format("field {}.{} {} {}", info.name, field.name, field.raw.getProto().getOrdinal().getExplicit(),
                           typeText(field)));
    if (field.since > 1) now.insert(fmt::format("since {}.{} {}", info.name, field.name, field.since));
    if (field.enumeration == nullptr) return;
    for (std::size_t i = 0; i < field.enumeration->values.size(); ++i) {
      now.insert(fmt::format("enum {}.{} {}", field.enumeration->name, field.enumeration->values[i].code, i));
    }
  });
  std::ifstream file(PILOTLEDGER_SCHEMA_LOCK);
  ASSERT_TRUE(file) << PILOTLEDGER_SCHEMA_LOCK;
  std::set<std::string> locked;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) locked.insert(line);
  }
  for (const std::string& line : locked) EXPECT_TRUE(now.contains(line)) << "gone or changed: " << line;
  std::string fresh;
  for (const std::string& line : now) {
    if (!locked.contains(line)) fresh += line + "\n";
  }
  EXPECT_EQ(fresh, "") << "new lines: add them to " << PILOTLEDGER_SCHEMA_LOCK;
}

}  // namespace
}  // namespace pilotledger::events
