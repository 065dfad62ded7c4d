#include "tools/service/entity_on_log.h"

#include <fmt/format.h>

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

}  // namespace

Result<events::EntityFound> entityOnLog(const Site& site, const ledger::Ledger& ledger, const std::string& text,
                                        Names names) {
  PL_TRY(Sealing sealing, Sealing::of(site, ledger));
  PL_TRY(events::EntityFound found, events::findEntity(text, namesOnLog(ledger, sealing, names)));
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
