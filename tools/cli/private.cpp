#include "tools/cli/private.h"

#include <fmt/format.h>
#include <unistd.h>

#include <map>

#include "events/civil_date.h"
#include "events/seal.h"
#include "ledger/proof/note.h"

namespace pilotledger::cli {

namespace fs = std::filesystem;

void declareReader(CLI::App& app, const Context& context, std::string& reader) {
  app.add_option("--reader", reader, std::string(context.say("withhold what this reader may not see: public, party:ID or audit; default: everything",
                                                             "按读者隐去不可见内容：public、party:主体代码、audit；默认全部显示")));
}

Result<query::Sight> sightOf(const Context& context, const ledger::Ledger& ledger, const std::string& reader) {
  std::int64_t now = context.clock ? context.clock() : ledger::systemClock()();
  return query::Sight::of(ledger, reader, events::civilDateOfUtcMs(now));
}

Result<std::vector<std::string>> signersOf(const ledger::Ledger& ledger, const proof::Entry& entry) {
  PL_TRY(std::string text, ledger.submissionNote(entry.submissionDigest));
  PL_TRY(proof::Note note, proof::Note::parse(text));
  std::vector<std::string> names;
  for (const auto& signature : note.signatures) names.push_back(signature.keyName());
  return names;
}

fs::path vaultPath(const Context& context) {
  return context.vaultFile.empty() ? fs::path(context.ledgerDirectory) / "vault.sqlite" : fs::path(context.vaultFile);
}

Result<query::OpenedNumbers> openedNumbers(const Context& context) {
  fs::path path = vaultPath(context);
  // Another user of the ledger, or a copy for reading: what is sealed stays so.
  if (::access(path.c_str(), R_OK | W_OK) != 0) return query::OpenedNumbers();
  PL_TRY(vault::Vault vault, vault::Vault::open(path));
  return vault.numbers();
}

Result<std::function<std::string(const std::string&)>> numberOpener(const Context& context) {
  PL_TRY(auto numbers, openedNumbers(context));
  auto known = std::make_shared<std::map<std::string, std::string>>(numbers.begin(), numbers.end());
  return std::function<std::string(const std::string&)>([known](const std::string& text) {
    auto at = known->find(text);
    return at == known->end() ? text : at->second;
  });
}

Result<Sealing> Sealing::of(const Context& context, crypto::SuiteId suite) {
  Sealing sealing;
  sealing.vault_ = vaultPath(context);
  fs::path file = fs::path(context.ledgerDirectory) / "register.key";
  std::error_code failure;
  if (!fs::exists(file, failure) && !failure) return sealing;
  PL_TRY(sealing.key_, crypto::RegisterKey::load(suite, file));
  return sealing;
}

Result<Bytes> Sealing::seal(const events::Event& event) {
  if (!key_) return Bytes(event.bytes().begin(), event.bytes().end());
  return events::sealNumbers(event, [&](std::string_view kind, std::string_view number) {
    numbers_.push_back({key_->seal(kind, number), std::string(kind), std::string(number)});
    return numbers_.back().sealed;
  });
}

Status Sealing::sealAll(std::vector<EventLine>& events, bool keeps) {
  if (!key_) return {};
  for (EventLine& line : events) {
    PL_TRY(events::Event event, events::Event::decode(line.bytes));
    PL_TRY(line.bytes, seal(event));
  }
  return keeps ? keep() : Status();
}

Status Sealing::keep() {
  if (numbers_.empty()) return {};
  PL_TRY(vault::Vault vault, vault::Vault::open(vault_));
  PL_CHECK(vault.keepNumbers(numbers_));
  numbers_.clear();
  return {};
}

std::string Sealing::entityKey(const std::string& key) const {
  std::size_t colon = std::min(key.find(':'), key.size());
  std::string kind = key.substr(0, colon);
  std::string id = key.substr(std::min(key.size(), colon + 1));
  if (!key_ || events::isSealed(id)) return key;
  for (const events::Kind& one : events::kinds()) {
    for (const events::EntityRule& rule : one.entities) {
      bool whole = rule.kind == kind && rule.id.parts.size() == 1 && !rule.id.parts[0].path.empty();
      if (whole && !rule.id.parts[0].path.back()->sealed.empty()) return kind + ":" + key_->seal(rule.id.parts[0].path.back()->sealed, id);
    }
  }
  return key;
}

}  // namespace pilotledger::cli
