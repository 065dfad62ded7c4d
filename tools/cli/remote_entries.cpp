// log, show and entity of a ledger behind a server.
#include <fmt/format.h>

#include "events/codec.h"
#include "events/entity_name.h"
#include "events/json.h"
#include "events/reference.h"
#include "tools/cli/event_card.h"
#include "tools/cli/remote.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {
namespace {

using remote::Json;
using remote::RemoteLog;
using remote::textOf;

constexpr const char* kPageOfEntries = "1000";

// What an event names; what is withheld from this reader cannot be told.
std::string entitiesOf(const Json& event) {
  if (auto withheld = event.find("withheld"); withheld != event.end()) return "(withheld: " + withheld->dump() + ")";
  auto bytes = events::eventFromJson(event);
  if (!bytes.ok()) return "";
  auto decoded = events::Event::decode(*bytes);
  if (!decoded.ok()) return "";
  std::string text;
  for (const auto& named : events::entitiesOf(*decoded)) text += (text.empty() ? "" : " ") + named.key;
  return text;
}

std::string recordLines(const Json& record) {
  std::string text = fmt::format("trail {} {}\n", remote::memberOf(record, "entries").dump(), textOf(record, "trail"));
  const Json attributes = remote::memberOf(record, "attributes");
  for (const auto& [name, values] : attributes.items()) {
    for (const Json& value : values)
      text += fmt::format("{}={}\n", name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return text;
}

std::string lineText(const Context& context, const Json& entry) {
  if (context.format == "json" || context.format == "jsonl") return entry.dump() + "\n";
  return entryLine(context, entry, entitiesOf(remote::memberOf(entry, "event")));
}

// A row of the server's view of parties and keys, which is the public's too; null where it has none.
Json partyRow(RemoteLog& log, const char* by, const std::string& value) {
  auto view = log.ask("/v1/views/parties", {{by, value}, {"limit", "1"}});
  const Json rows = view.ok() ? remote::memberOf(*view, "rows") : Json();
  return rows.is_array() && !rows.empty() ? rows[0] : Json();
}

std::string signerText(const Context& context, RemoteLog& log, const std::string& key) {
  const Json row = partyRow(log, "key", key);
  const std::string party = textOf(row, "party"), codes = textOf(row, "roles");
  if (party.empty()) return key;
  std::vector<std::string> roles;
  for (std::size_t at = 0; at < codes.size(); at = std::min(codes.find(',', at), codes.size()) + 1)
    roles.push_back(codes.substr(at, codes.find(',', at) - at));
  return fmt::format("{}  {}  {}  {}", key, party, textOf(row, "name"), rolesText(context, roles));
}

}  // namespace

CardNames remoteNames(const Context& context, RemoteLog& log) {
  CardNames names;
  names.party = [&log](const std::string& party) { return textOf(partyRow(log, "party", party), "name"); };
  names.entryOf = [](const EventId&) { return std::optional<std::uint64_t>(); };
  names.signer = [&context, &log](const std::string& key) { return signerText(context, log, key); };
  return names;
}

Result<int> remoteEntries(Context& context, const RemoteRange& range) {
  PL_TRY(RemoteLog log, openRemote(context));
  remote::Query query = {{"limit", kPageOfEntries}};
  if (!range.kind.empty()) query.emplace_back("kind", range.kind);
  if (!range.entity.empty()) query.emplace_back("entity", range.entity);
  const std::size_t first = query.size();
  std::uint64_t least = 0;  // the next index, at least: a list goes on or ends
  while (true) {
    PL_TRY(Json page, log.ask("/v1/entries", query));
    auto entries = page.find("entries");
    if (entries == page.end() || !entries->is_array()) return oddAnswer(log, "entries");
    for (const Json& entry : *entries) {
      auto index = entry.find("index");
      if (index == entry.end() || !index->is_number_unsigned() || index->get<std::uint64_t>() < least)
        return oddAnswer(log, "index");
      least = index->get<std::uint64_t>() + 1;
      if (index->get<std::uint64_t>() >= range.to) return kOk;
      if (index->get<std::uint64_t>() >= range.from) PL_CHECK(writeOutput(context, lineText(context, entry)));
    }
    std::string next = textOf(page, "next");
    if (next.empty()) return kOk;
    if (query.back().second == next) return oddAnswer(log, "next");
    query.resize(first);
    query.emplace_back("cursor", std::move(next));
  }
}

Result<int> remoteEntry(Context& context, std::uint64_t index) {
  PL_TRY(RemoteLog log, openRemote(context));
  PL_TRY(Json json, log.ask(fmt::format("/v1/entries/{}", index)));
  PL_CHECK(writeOutput(context, entryText(context, remoteNames(context, log), remote::memberOf(json, "entry"))));
  return kOk;
}

Result<int> remoteEntity(Context& context, const std::string& entity) {
  PL_TRY(RemoteLog log, openRemote(context));
  PL_TRY(Json json, log.ask("/v1/entities/" + http::percentEncoded(entity)));
  Json record = remote::memberOf(json, "record");
  if (!record.is_object()) return oddAnswer(log, "record");
  bool whole = record.contains("trail");
  if (!whole) record["withheld"] = remote::memberOf(json, "withheld");
  if (context.format != "table") {
    PL_CHECK(writeOutput(context, record.dump() + "\n"));
  } else if (whole) {
    PL_CHECK(writeOutput(context, recordLines(record)));
  } else {
    PL_CHECK(writeOutput(
        context,
        fmt::format(fmt::runtime(context.say("withheld: the record of {} follows from entries of which this reader "
                                             "does not see all; see log --entity\n",
                                             "不予显示：{} 的记录由该读者不能全部查看的条目得出；请用 log --entity\n")),
                    textOf(record, "entity"))));
  }
  return kOk;
}

}  // namespace pilotledger::cli
