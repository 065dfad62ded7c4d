#include "tools/service/confidentiality.h"

#include <fmt/format.h>
#include <unistd.h>

#include <map>
#include <set>

#include "events/base/civil_date.h"
#include "events/pseudonym.h"
#include "ledger/crypto/encoding.h"
#include "ledger/tlog/note.h"

namespace pilotledger::service {

namespace fs = std::filesystem;

Result<query::ReaderScope> sightOf(const Site& site, const ledger::Ledger& ledger, const std::string& reader) {
  std::int64_t now = site.clock ? site.clock() : ledger::systemClock()();
  return query::ReaderScope::of(ledger, reader, events::civilDateOfUtcMs(now));
}

Result<std::vector<std::string>> signersOf(const ledger::Ledger& ledger, const proof::Entry& entry) {
  PL_TRY(std::string text, ledger.submissionNote(entry.submissionDigest));
  PL_TRY(proof::Note note, proof::Note::parse(text));
  std::vector<std::string> names;
  for (const auto& signature : note.signatures) names.push_back(signature.keyName());
  return names;
}

namespace {

Error registerKeyDamage(const fs::path& file, std::string_view en, std::string_view zh) {
  return makeError(ErrorCode::Corruption,
                   fmt::format("{}: {}; put the ledger's own register key back from a backup", file.string(), en),
                   fmt::format("{}：{}；请从备份恢复本账本的登记密钥", file.string(), zh));
}

Error notSealedSo(const fs::path& vault, std::string_view kind, std::string_view sealed) {
  return makeError(ErrorCode::Corruption,
                   fmt::format("{}: what the vault says {} {} stands for does not have that keyed hash: the vault was "
                               "edited, or is another ledger's",
                               vault.string(), kind, sealed),
                   fmt::format("{}：保险库所载 {} {} 的原号码与该带密钥哈希不符：保险库被改动，或属于其他账本",
                               vault.string(), kind, sealed));
}

bool isHere(const fs::path& file) {
  std::error_code failure;
  return fs::exists(file, failure) || failure;  // what cannot be told is found out by opening it
}

}  // namespace

Result<HeldRegisterKey> heldRegisterKey(const Site& site, const ledger::Ledger& ledger) {
  HeldRegisterKey held;
  fs::path file = fs::path(site.ledgerDirectory) / crypto::kRegisterKeyFile;
  PL_TRY(auto record, ledger.entity("register:" + ledger.origin()));
  held.committed = record.has_value();
  if (!isHere(file)) {
    if (!held.committed) return held;
    return registerKeyDamage(file,
                             "the register key is gone; without it invoice, account and bank numbers can be neither "
                             "hashed nor held to the log",
                             "登记密钥缺失；没有它，发票、账户、流水号码既不能计算哈希，也不能与账本核对");
  }
  PL_TRY(held.key, crypto::RegisterKey::load(ledger.suite(), file));
  if (held.committed && crypto::toHex(held.key->commitment(ledger.origin())) != record->get("commitment")) {
    return registerKeyDamage(file, "this is not the register key that the log commits to",
                             "这不是账本所承诺的登记密钥");
  }
  return held;
}

Result<query::UnsealedNumbers> openedNumbers(const Site& site, const ledger::Ledger& ledger) {
  fs::path path = vaultPath(site);
  if (!isHere(path)) {
    bool had = isHere(fs::path(site.ledgerDirectory) / crypto::kRegisterKeyFile);
    PL_TRY(auto committed, ledger.entity("register:" + ledger.origin()));
    if (had && committed) {
      site.tell(
          {fmt::format(
               "{} is gone: invoice, account and bank numbers are shown as keyed hashes; put it back from a backup",
               path.string()),
           fmt::format("{} 缺失：发票、账户、流水号码只显示为带密钥哈希；请从备份恢复", path.string())});
    }
    return query::UnsealedNumbers();
  }
  // Another user of the ledger, or a copy for reading: what is sealed stays so.
  if (::access(path.c_str(), R_OK | W_OK) != 0) return query::UnsealedNumbers();
  PL_TRY(HeldRegisterKey held, heldRegisterKey(site, ledger));
  PL_TRY(vault::Vault vault, vault::Vault::open(path));
  PL_TRY(auto numbers, vault.numbers());
  query::UnsealedNumbers opened;
  for (vault::Number& one : numbers) {
    if (held.committed && held.key->seal(one.kind, one.number) != one.sealed)
      return notSealedSo(path, one.kind, one.sealed);
    opened.emplace_back(std::move(one.sealed), std::move(one.number));
  }
  return opened;
}

Result<MissingNumbers> missingNumbers(const Site& site, const ledger::Ledger& ledger,
                                      const query::UnsealedNumbers& opened) {
  MissingNumbers missing;
  if (::access(vaultPath(site).c_str(), R_OK | W_OK) != 0) return missing;
  std::set<std::string_view> known;
  for (const auto& [sealed, number] : opened) known.insert(sealed);
  std::set<std::string> lost;
  PL_CHECK(ledger.scan(0, ledger.size(), [&](const ledger::LogRecord& recorded) -> Status {
    auto keep = [](std::string_view, std::string_view number) -> Result<std::string> { return std::string(number); };
    auto look = [&](std::string_view, std::string_view sealed) -> Status {
      if (known.contains(sealed)) return {};
      lost.emplace(sealed);
      if (missing.entries.empty() || missing.entries.back() != recorded.entry.index)
        missing.entries.push_back(recorded.entry.index);
      return {};
    };
    PL_TRY([[maybe_unused]] Bytes same, events::sealNumbers(recorded.event, keep, look));
    return {};
  }));
  missing.numbers = lost.size();
  return missing;
}

Result<std::function<std::string(const std::string&)>> numberOpener(const Site& site, const ledger::Ledger& ledger) {
  PL_TRY(auto numbers, openedNumbers(site, ledger));
  auto known = std::make_shared<std::map<std::string, std::string>>(numbers.begin(), numbers.end());
  return std::function<std::string(const std::string&)>([known](const std::string& text) {
    auto at = known->find(text);
    return at == known->end() ? text : at->second;
  });
}

Result<Sealing> Sealing::of(const Site& site, const ledger::Ledger& ledger) {
  Sealing sealing;
  sealing.vault_ = vaultPath(site);
  auto held = heldRegisterKey(site, ledger);
  if (held.ok()) {
    sealing.held_ = std::move(held).value();
  } else if (held.error().code == ErrorCode::Corruption) {
    sealing.held_.committed = true;
    sealing.damage_ = held.error();
  } else {
    return held.error();
  }
  if (sealing.held_.committed && !isHere(sealing.vault_)) {
    sealing.notice_ = site.notice;
    sealing.vaultLost_ = Message{
        fmt::format("{} was not there; a new one begins: numbers recorded before are shown as keyed hashes until the "
                    "old one is put back",
                    sealing.vault_.string()),
        fmt::format("{} 不存在，已新建：此前记录的号码在恢复原文件之前只显示为带密钥哈希", sealing.vault_.string())};
  }
  if (sealing.held_.key && !sealing.held_.committed) {
    site.tell(
        {"the log holds no commitment to register.key, so a lost or exchanged one goes unnoticed; record "
         "it with: pilotledger key commit-register",
         "账本未载登记密钥的承诺值，密钥丢失或被替换将无从发现；请执行：pilotledger key commit-register"});
  }
  return sealing;
}

Status Sealing::acceptSealed(std::string_view kind, std::string_view sealed) {
  if (damage_) return *damage_;
  if (!known_ && isHere(vault_)) {
    PL_TRY(known_, vault::Vault::open(vault_));
  }
  std::optional<vault::Number> number;
  if (known_) {
    PL_TRY(number, known_->number(sealed));
  }
  if (!number || number->kind != kind) {
    return invalidInput(
        "a keyed hash that the vault cannot open; give the number itself, it is hashed on its way to the log",
        "保险库无法还原该带密钥哈希；请填写号码原文，入账时自动计算哈希");
  }
  if (held_.key && held_.key->seal(kind, number->number) != sealed) return notSealedSo(vault_, kind, sealed);
  return {};
}

Result<Bytes> Sealing::seal(const events::Event& event) {
  auto accept = [this](std::string_view kind, std::string_view sealed) { return acceptSealed(kind, sealed); };
  return events::sealNumbers(
      event,
      [&](std::string_view kind, std::string_view number) -> Result<std::string> {
        if (damage_) return *damage_;
        if (!held_.key) return std::string(number);
        std::string sealed = held_.key->seal(kind, number);
        if (kept_.insert(sealed).second) numbers_.push_back({sealed, std::string(kind), std::string(number)});
        return sealed;
      },
      accept);
}

Status Sealing::requireSealed(const proof::Submission& submission) const {
  if (!held_.committed) return {};
  for (std::size_t i = 0; i < submission.events.size(); ++i) {
    PL_TRY(events::Event event, events::Event::decode(submission.events[i]));
    auto sealed = events::sealNumbers(event, [](std::string_view, std::string_view) -> Result<std::string> {
      return invalidInput(
          "a number in clear; this ledger holds keyed hashes: sign where its register.key is (the value is not shown)",
          "号码为明文；本账本只收带密钥哈希，请在有 register.key 之处签署（不显示原值）");
    });
    if (sealed.ok()) continue;
    Error error = std::move(sealed).error();
    error.position = i;
    return error;
  }
  return {};
}

Status Sealing::keep() {
  if (numbers_.empty()) return {};
  if (vaultLost_ && notice_) notice_(*vaultLost_);
  vaultLost_.reset();
  if (!known_) {
    PL_TRY(known_, vault::Vault::open(vault_));
  }
  std::vector<std::string> fresh;
  PL_CHECK(known_->keepNumbers(numbers_, &fresh));
  fresh_.insert(fresh.begin(), fresh.end());
  numbers_.clear();
  return {};
}

Status Sealing::noteRecorded(const events::Event& event) {
  if (fresh_.empty() || !event.kind().hasSealed) return {};
  auto none = [](std::string_view, std::string_view number) -> Result<std::string> { return std::string(number); };
  PL_TRY([[maybe_unused]] Bytes same, events::sealNumbers(event, none, [&](std::string_view, std::string_view sealed) {
           fresh_.erase(std::string(sealed));
           return Status();
         }));
  return {};
}

Status Sealing::forgetUnused() {
  if (fresh_.empty() || !known_) return {};
  std::vector<std::string> unused(fresh_.begin(), fresh_.end());
  fresh_.clear();
  return known_->forgetNumbers(unused);
}

Result<std::string> Sealing::entityKey(const std::string& key) const {
  std::size_t colon = std::min(key.find(':'), key.size());
  std::string kind = key.substr(0, colon);
  std::string id = key.substr(std::min(key.size(), colon + 1));
  if (events::isSealed(id)) return key;
  for (const events::Kind& one : events::kinds()) {
    for (const events::EntityRule& rule : one.entities) {
      bool whole = rule.kind == kind && rule.id.parts.size() == 1 && !rule.id.parts[0].path.empty();
      if (!whole || rule.id.parts[0].path.back()->sealed.empty()) continue;
      if (damage_) return *damage_;
      return held_.key ? kind + ":" + held_.key->seal(rule.id.parts[0].path.back()->sealed, id) : key;
    }
  }
  return key;
}

}  // namespace pilotledger::service
