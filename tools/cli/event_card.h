// An event in words: labels, amounts in their currency, parties by name, codes by their labels. For people; programs
// take the JSON form (events/json.h). One thread.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "events/codec.h"
#include "events/json.h"
#include "ledger/ledger.h"
#include "tools/cli/command.h"

namespace pilotledger::cli {

// "  label:  value" or "  标签：值".
std::string cardLine(const Context& context, std::string_view en, std::string_view zh, const std::string& value,
                     int indent = 2);

// What a card says beside the codes: looked up in a ledger, here or behind a server.
struct CardNames {
  std::function<std::string(const std::string& party)> party;              // its name; "" when not known
  std::function<std::optional<std::uint64_t>(const EventId& id)> entryOf;  // of an event that is recorded
  std::function<std::string(const std::string& key)> signer;               // who holds "name+keyid"
};
CardNames cardNames(const Context& context, const ledger::Ledger& ledger);

// Kind, days and every field that holds something, as the reader may see it (JsonReader); what is withheld is named.
std::string eventCard(const Context& context, const ledger::Ledger& ledger, const events::Event& event,
                      const events::JsonReader& reader);
// The same from its JSON form.
std::string eventCard(const Context& context, const CardNames& names, const nlohmann::ordered_json& event);

// An entry whole (service::entryJson): its event, who signed it, and what became of it.
std::string entryCard(const Context& context, const CardNames& names, const nlohmann::ordered_json& entry);

// The same in the format asked for.
std::string entryText(const Context& context, const CardNames& names, const nlohmann::ordered_json& entry);

// A line of a list: "index  recorded  legal date  kind  entities  amount", and what took the entry back.
std::string entryLine(const Context& context, const nlohmann::ordered_json& entry, const std::string& entities);

// "91330400MA99J0013G  嘉禾生物制造中试有限公司": the code, and the name that the log knows for it.
std::string partyText(const ledger::Ledger& ledger, const std::string& party);
// "TRS 财政部门": roles with their labels.
std::string rolesText(const Context& context, const std::vector<std::string>& roles);
// Who holds the key ("name+keyid"): party and roles, as bound by now; the key alone where it is not bound.
std::string signerText(const Context& context, const ledger::Ledger& ledger, const std::string& key);
// "TRS + EIT / IMP" with labels.
std::string ruleText(const Context& context, const events::Kind& kind, int edition);

}  // namespace pilotledger::cli
