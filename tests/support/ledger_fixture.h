// For tests: a ledger in a temporary directory, parties with keys, events from JSON.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "events/base/uuid.h"
#include "events/json.h"
#include "ledger/fsck/fsck.h"
#include "ledger/ledger.h"

namespace pilotledger::ledger {

class LedgerFixture {
 public:
  explicit LedgerFixture(crypto::SuiteId suite = crypto::SuiteId::Ed25519Sha256, int edition = kNewestEdition,
                         const std::string& origin = "test.example/ledger")
      : suite_(suite) {
    static int counter = 0;
    directory_ = std::filesystem::temp_directory_path() / fmt::format("pl-ledger-{}-{}", ::getpid(), counter++);
    InitOptions options;
    options.origin = origin;
    options.suite = suite;
    options.edition = edition;
    options.clock = clock();
    auto made = Ledger::init(directory_, options);
    EXPECT_TRUE(made.ok()) << made.error().message.en;
    open();
    keys_.emplace("operator", crypto::SigningKey::load(directory_ / "operator.pem").value());
    keys_.emplace("log", crypto::SigningKey::load(Ledger::logKeyFile(directory_)).value());
  }
  ~LedgerFixture() {
    ledger_.reset();
    std::filesystem::remove_all(directory_);
  }

  void open() {
    auto opened = Ledger::open(directory_, OpenMode::Write, clock());
    ASSERT_TRUE(opened.ok()) << opened.error().message.en;
    ledger_ = std::move(opened).value();
  }
  void close() { ledger_.reset(); }
  void setClock(std::int64_t nowMs) { nowMs_ = nowMs; }
  std::int64_t nowMs() const { return nowMs_; }

  // One millisecond a reading, from 2026-03-01 09:00 in China.
  Clock clock() {
    return [this] { return nowMs_++; };
  }

  // A key that a LogKeyRotated may name; "log" is the one in force from here on.
  crypto::VerifyKey placeNextLogKey() {
    keys_.insert_or_assign("log", crypto::SigningKey::load(Ledger::logKeyFile(directory_)).value());
    auto next = crypto::SigningKey::generate(suite_, "test.example/ledger").value();
    EXPECT_TRUE(next.save(Ledger::nextLogKeyFile(directory_)).ok());
    close();
    open();
    return next.verifyKey();
  }

  const crypto::SigningKey& key(const std::string& name) { return keys_.at(name); }
  // A key that nobody is bound to yet.
  const crypto::SigningKey& makeKey(const std::string& name) {
    return keys_.emplace(name, crypto::SigningKey::generate(suite_, "test.example/" + name).value()).first->second;
  }

  // Registers the party (once) and binds a new key with these roles.
  void bind(const std::string& name, const std::string& party, const std::string& roles, const std::string& extra = "",
            const std::string& kind = "ENTERPRISE") {
    if (registered_.insert(party).second) {
      must("operator", fmt::format(R"({{"kind":"PartyRegistered","body":{{"party":"{}","name":"{}","kind":"{}"}}}})",
                                   party, name, kind));
    }
    bindKey(name, party, roles, extra);
  }
  // A party that is registered gets a new key.
  void bindKey(const std::string& name, const std::string& party, const std::string& roles,
               const std::string& extra = "") {
    keys_.emplace(name, crypto::SigningKey::generate(suite_, "test.example/" + name).value());
    must("operator", fmt::format(R"({{"kind":"KeyBound","body":{{"key":"{}","party":"{}","roles":[{}]{}}}}})",
                                 keys_.at(name).verifyKey().vkey(), party, roles, extra));
  }

  // Fills in id and legalDate when they are missing.
  Result<Bytes> event(const std::string& json) {
    auto parsed = events::parseJson(json);
    if (!parsed.ok()) return parsed.error();
    if (!parsed->contains("id")) (*parsed)["id"] = events::formatUuid(nextId());
    if (!parsed->contains("legalDate")) (*parsed)["legalDate"] = "2026-03-01";
    return events::eventFromJson(*parsed);
  }

  Result<AppendResult> record(const std::vector<std::string>& signers, const std::vector<std::string>& jsons) {
    std::vector<Bytes> bytes;
    for (const auto& json : jsons) {
      PL_TRY(Bytes one, event(json));
      bytes.push_back(std::move(one));
    }
    std::vector<const crypto::SigningKey*> keys;
    for (const auto& name : signers) keys.push_back(&keys_.at(name));
    PL_TRY(auto submission, proof::makeSubmission(suite_, ledger_->name(), std::move(bytes), keys));
    return ledger_->append(submission);
  }
  Result<AppendResult> record(const char* signer, const std::string& json) {
    return record(std::vector<std::string>{signer}, {json});
  }

  void must(const std::vector<std::string>& signers, const std::string& json) {
    auto outcome = record(signers, {json});
    ASSERT_TRUE(outcome.ok()) << json << "\n"
                              << outcome.error().rule << " " << outcome.error().message.en << " found "
                              << outcome.error().found;
  }
  void must(const char* signer, const std::string& json) { must(std::vector<std::string>{signer}, json); }

  // The rule code that refuses; "" when it was accepted.
  std::string refused(const std::vector<std::string>& signers, const std::string& json) {
    std::uint64_t before = ledger_->size();
    auto outcome = record(signers, {json});
    if (outcome.ok()) return "";
    EXPECT_EQ(ledger_->size(), before) << "a refusal leaves no entry";
    EXPECT_FALSE(outcome.error().message.en.empty());
    EXPECT_FALSE(outcome.error().message.zh.empty());
    return outcome.error().rule;
  }

  FsckOutcome verify() {
    auto outcome = fsck(directory_, {});
    EXPECT_TRUE(outcome.ok()) << outcome.error().message.en;
    return std::move(outcome).value();
  }

  EventId nextId() {
    std::array<std::uint8_t, 10> random{};
    random[9] = static_cast<std::uint8_t>(serial_);
    random[8] = static_cast<std::uint8_t>(serial_ >> 8);
    random[7] = static_cast<std::uint8_t>(serial_++ >> 16);
    return events::makeUuidV7(1772326800000, random);
  }

  Ledger& ledger() { return *ledger_; }
  const std::filesystem::path& directory() const { return directory_; }

 private:
  crypto::SuiteId suite_;
  std::filesystem::path directory_;
  std::int64_t nowMs_ = 1772326800000;
  std::uint32_t serial_ = 0;
  std::map<std::string, crypto::SigningKey> keys_;
  std::set<std::string> registered_;
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace pilotledger::ledger
