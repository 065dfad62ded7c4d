#include "tools/service/entity_on_log.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/base/text.h"
#include "events/codec.h"
#include "ledger/store/store.h"
#include "tools/service/confidentiality.h"

namespace pilotledger::service {
namespace {

namespace layout = ledger::layout;

// Names are rare to be listed: only when what was asked for is not there. A store of its own, read beside the ledger.
Status eachName(const std::filesystem::path& directory, const std::string& kind,
                const std::function<void(std::string_view)>& visit) {
  PL_TRY(auto store, ledger::Store::open(directory, ledger::Store::Mode::Read));
  std::string prefix = kind + ":";
  return store->each(layout::Family::Entity, prefix, [&](std::string_view key, std::string_view) {
    if (!key.starts_with(prefix)) return false;
    visit(key.substr(prefix.size()));
    return true;
  });
}

events::EntityLookup namesOnLog(const ledger::Ledger& ledger, const Sealing& sealing, Names names) {
  events::EntityLookup lookup;
  lookup.exists = [&](const std::string& key) -> Result<bool> {
    PL_TRY(auto plain, ledger.entity(key));
    if (plain) return true;
    PL_TRY(std::string sealed, sealing.entityKey(key));
    if (sealed == key) return false;
    PL_TRY(auto there, ledger.entity(sealed));
    return there.has_value();
  };
  lookup.assetOfGrant = [&](const std::string& number) -> Result<std::string> {
    PL_TRY(auto alias, ledger.entity("ipalias:" + number));
    return alias ? std::string(alias->get("ip")) : std::string();
  };
  if (names == Names::Told) {
    lookup.each = [&ledger](const std::string& kind, const std::function<void(std::string_view)>& visit) {
      return eachName(ledger.directory(), kind, visit);
    };
  }
  return lookup;
}

std::string folded(std::string_view text) {
  auto spelled = events::identifierSpelling(text);
  std::string out = spelled.ok() ? *spelled : std::string(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// Whether a key, NAME+ID, is meant by its name or its id alone.
bool isShortFor(std::string_view key, std::string_view asked) {
  std::size_t plus = std::min(key.rfind('+'), key.size());
  return folded(key.substr(0, plus)) == asked || folded(key.substr(std::min(plus + 1, key.size()))) == asked;
}

// What its first entry calls a party or a platform.
Result<std::string> nameOnLog(const ledger::Ledger& ledger, const std::string& key) {
  PL_TRY(auto entries, ledger.entriesOf(key));
  for (std::uint64_t index : entries) {
    PL_TRY(events::Event event, ledger.event(index));
    auto body = event.reader().getBody();
    if (body.isPartyRegistered()) return std::string(body.getPartyRegistered().getName().cStr());
    if (body.isPlatformEstablished()) return std::string(body.getPlatformEstablished().getName().cStr());
    break;
  }
  return std::string();
}

// Those that people call so: parties and platforms by name, keys by half of theirs.
Result<std::vector<std::string>> calledSo(const ledger::Ledger& ledger, const std::string& kind,
                                          std::string_view asked) {
  std::vector<std::string> all, called;
  if (kind != "party" && kind != "platform" && kind != "key") return called;
  PL_CHECK(eachName(ledger.directory(), kind, [&](std::string_view id) { all.emplace_back(id); }));
  const std::string wanted = folded(asked);
  for (const std::string& id : all) {
    const std::string key = kind + ":" + id;
    if (kind == "key") {
      if (isShortFor(id, wanted)) called.push_back(key);
      continue;
    }
    PL_TRY(std::string name, nameOnLog(ledger, key));
    if (!name.empty() && folded(name) == wanted) called.push_back(key);
  }
  return called;
}

// As events::findEntity says; where it finds nothing, by the name that is borne by one alone.
Result<events::EntityFound> findOnLog(const ledger::Ledger& ledger, const events::EntityLookup& lookup,
                                      const std::string& text, Names names) {
  auto found = events::findEntity(text, lookup);
  if (names == Names::Hidden || (found.ok() && found->recorded)) return found;
  if (!found.ok() && found.error().code != ErrorCode::InvalidInput) return found;
  auto asked = events::readEntityName(text);
  if (!asked.ok()) return found;
  PL_TRY(std::vector<std::string> called, calledSo(ledger, asked->kind, asked->typed));
  if (called.empty()) return found;
  if (called.size() == 1) return events::EntityFound{std::move(called.front()), true};
  return invalidInput(
      fmt::format("'{}' may mean several that are recorded: {}; write the one that is meant", events::shortened(text),
                  fmt::join(called, ", ")),
      fmt::format("“{}”可能指多个已记录的对象：{}；请写明所指", events::shortened(text), fmt::join(called, "、")));
}

}  // namespace

Result<events::EntityFound> entityOnLog(const Site& site, const ledger::Ledger& ledger, const std::string& text,
                                        Names names) {
  PL_TRY(Sealing sealing, Sealing::of(site, ledger));
  PL_TRY(events::EntityFound found, findOnLog(ledger, namesOnLog(ledger, sealing, names), text, names));
  PL_TRY(auto plain, ledger.entity(found.key));
  if (!plain) {
    PL_TRY(found.key, sealing.entityKey(found.key));
  }
  return found;
}

Error nothingNames(const Site& site, const ledger::Ledger& ledger, const std::string& text, Names names) {
  auto asked = events::readEntityName(text);
  std::string key = asked.ok() ? asked->key() : text;
  Message hint;
  if (auto sealing = Sealing::of(site, ledger); sealing.ok()) {
    auto near = events::nearestName(key, namesOnLog(ledger, *sealing, names));
    if (near.ok()) hint = std::move(near).value();
  }
  return makeError(ErrorCode::NotFound, fmt::format("no entry names {}{}", key, hint.en),
                   fmt::format("没有条目提及 {}{}", key, hint.zh));
}

}  // namespace pilotledger::service
