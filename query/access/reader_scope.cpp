#include "query/access/reader_scope.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/base/uuid.h"
#include "events/reference.h"

namespace pilotledger::query {
namespace {

constexpr std::string_view kPartyReader = "party:";

bool countsAmongItsParties(const ledger::EntityRecord& record, const std::string& party) {
  return std::any_of(record.attributes().begin(), record.attributes().end(), [&](const auto& attribute) {
    return attribute.name.starts_with("party.") && attribute.value == party;
  });
}

// The entries that concern a party, with no look at grants.
Result<std::set<std::uint64_t>> entriesConcerning(const ledger::Ledger& ledger, const std::string& party) {
  PL_TRY(auto named, ledger.entriesOf("party:" + party));
  std::set<std::uint64_t> entries(named.begin(), named.end());
  for (std::uint64_t index : named) {
    PL_TRY(events::Event event, ledger.event(index));
    for (const auto& entity : events::entitiesOf(event)) {
      if (entity.mode != events::EntityMode::Open || entity.kind == "party" || entity.kind == "key") continue;
      PL_TRY(auto record, ledger.entity(entity.key));
      if (!record || !countsAmongItsParties(*record, party)) continue;
      PL_TRY(auto more, ledger.entriesOf(entity.key));
      entries.insert(more.begin(), more.end());
    }
  }
  return entries;
}

Status addGrant(const ledger::Ledger& ledger, const events::Event& event, std::set<std::uint64_t>& concerned) {
  auto grant = event.reader().getBody().getDisclosureGranted();
  PL_TRY(auto reversal, ledger.entity("reversal:" + events::formatUuid(event.id())));
  if (reversal) return {};
  PL_TRY(auto owned, entriesConcerning(ledger, grant.getOwner().cStr()));
  PL_TRY(auto scope, ledger.entriesOf(grant.getScope().cStr()));
  std::set_intersection(scope.begin(), scope.end(), owned.begin(), owned.end(),
                        std::inserter(concerned, concerned.end()));
  return {};
}

// What the party's own entries say: its keys, and what others let it see.
Status readOwnEntries(const ledger::Ledger& ledger, const std::string& party, std::int32_t today,
                      std::set<std::uint64_t>& concerned, std::set<std::string>& keys) {
  PL_TRY(auto named, ledger.entriesOf("party:" + party));
  for (std::uint64_t index : named) {
    PL_TRY(events::Event event, ledger.event(index));
    auto body = event.reader().getBody();
    if (body.isKeyBound()) {
      keys.insert(events::keyNameOf(body.getKeyBound().getKey().cStr()));
    } else if (body.isDisclosureGranted()) {
      auto grant = body.getDisclosureGranted();
      bool runs = grant.getUntil() == 0 || grant.getUntil() >= today;
      if (runs && grant.getGrantee() == capnp::Text::Reader(party.c_str()))
        PL_CHECK(addGrant(ledger, event, concerned));
    }
  }
  return {};
}

Confidentiality highestIn(const events::StructInfo& info) {
  Confidentiality highest = Confidentiality::PUBLIC;
  for (const events::Field& field : info.fields) {
    highest = std::max(highest, field.confidentiality);
    if (field.element != nullptr) highest = std::max(highest, highestIn(*field.element));
  }
  return highest;
}

}  // namespace

Confidentiality highestOf(const events::Kind& kind) { return std::max(kind.confidentiality, highestIn(*kind.body)); }

Result<ReaderScope> ReaderScope::of(const ledger::Ledger& ledger, const std::string& reader, std::int32_t today) {
  ReaderScope sight;
  sight.reader_ = reader;
  if (reader.empty()) return sight;
  sight.everywhere_ = reader == "audit" ? Confidentiality::AUDIT : Confidentiality::PUBLIC;
  if (reader == "audit" || reader == "public") return sight;
  if (!reader.starts_with(kPartyReader) || reader.size() == kPartyReader.size()) {
    return invalidInput(fmt::format("--reader: expected public, party:ID or audit, found '{}'", reader),
                        fmt::format("--reader 应为 public、party:主体代码 或 audit，实为“{}”", reader));
  }
  std::string party = reader.substr(kPartyReader.size());
  PL_TRY(auto record, ledger.entity("party:" + party));
  if (!record) return makeError(ErrorCode::NotFound, "--reader: no party " + party, "--reader：没有主体 " + party);
  PL_TRY(sight.concerned_, entriesConcerning(ledger, party));
  PL_CHECK(readOwnEntries(ledger, party, today, sight.concerned_, sight.keys_));
  return sight;
}

Confidentiality ReaderScope::at(std::uint64_t index, std::span<const std::string> signers) const {
  for (const std::string& key : signers) {
    if (keys_.contains(key)) return Confidentiality::AUDIT;
  }
  return concerned_.contains(index) ? std::max(everywhere_, Confidentiality::PARTY) : everywhere_;
}

}  // namespace pilotledger::query
