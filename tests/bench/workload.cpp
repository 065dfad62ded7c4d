#include "tests/bench/workload.h"

#include <capnp/message.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "events/base/uuid.h"
#include "events/codec.h"
#include "events/json.h"
#include "events/money.h"
#include "tests/bench/report.h"

namespace pilotledger::bench {
namespace {

namespace schema = events::schema;
constexpr const char* kOperator = "91330100MA2PLT015B";

EventId idOf(std::uint64_t kind, std::uint64_t number) {
  std::array<std::uint8_t, 10> random{};
  for (int i = 0; i < 8; ++i)
    random[static_cast<std::size_t>(2 + i)] = static_cast<std::uint8_t>(number * 0x9e3779b97f4a7c15u >> (8 * i));
  random[0] = static_cast<std::uint8_t>(kind);
  // Clients make ids as time goes on: here ten thousand a second.
  return events::makeUuidV7(1'772'326'800'000 + static_cast<std::int64_t>(number / 10), random);
}

template <typename Fill>
Bytes make(std::uint64_t kind, std::uint64_t number, std::int32_t date, Fill fill) {
  capnp::MallocMessageBuilder message;
  auto event = message.initRoot<schema::Event>();
  EventId id = idOf(kind, number);
  event.setId(capnp::Data::Reader(id.data(), id.size()));
  event.setLegalDate(date);
  event.setJurisdiction("330100");
  fill(event);
  return must(events::encode(event));
}

std::string assetNumber(std::uint64_t number) { return fmt::format("EP{}", 1'000'000 + number); }

}  // namespace

Workload::Workload(const std::filesystem::path& directory) : directory_(directory) {
  std::filesystem::remove_all(directory_);
  ledger::InitOptions options;
  options.origin = "bench.example";
  if (auto made = ledger::Ledger::init(directory_, options); !made.ok()) {
    std::fprintf(stderr, "benchmark: %s\n", made.error().message.en.c_str());
    std::exit(1);
  }
  reopen(ledger::OpenMode::Write);
  name_ = ledger_->name();
  keys_.push_back(must(crypto::SigningKey::load(directory_ / "operator.pem")));
  keys_.push_back(must(crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "bench.example/platform")));
  keys_.push_back(must(crypto::SigningKey::generate(crypto::SuiteId::Ed25519Sha256, "bench.example/register")));
  std::uint64_t serial = 0;
  auto json = [&](const std::string& text) {
    return must(events::eventFromJsonText(
        fmt::format(R"({{"id":"{}","legalDate":"2026-01-01",{}}})", events::formatUuid(idOf(9, serial++)), text)));
  };
  auto by = [&](std::vector<Bytes> events, std::size_t key) {
    const crypto::SigningKey* signers[] = {&keys_[key]};
    record(must(proof::makeSubmission(crypto::SuiteId::Ed25519Sha256, name_, std::move(events), signers)));
  };
  by({json(fmt::format(R"("kind":"PartyRegistered","body":{{"party":"{}","name":"operator","kind":"ENTERPRISE"}})",
                       kOperator)),
      json(R"("kind":"PartyRegistered","body":{"party":"op:register","name":"register","kind":"INSTITUTION"})"),
      json(fmt::format(R"("kind":"KeyBound","body":{{"key":"{}","party":"{}","roles":["PLT","FIN"]}})",
                       keys_[1].verifyKey().vkey(), kOperator)),
      json(fmt::format(R"("kind":"KeyBound","body":{{"key":"{}","party":"op:register","roles":["IMP"]}})",
                       keys_[2].verifyKey().vkey()))},
     0);
  std::vector<Bytes> platforms;
  for (int i = 0; i < 20; ++i) {
    platforms.push_back(json(fmt::format(
        R"("kind":"PlatformEstablished","source":"bench#{0}","body":{{"platform":"P{0}","name":"platform {0}",)"
        R"("legalEntity":"{1}"}})",
        i, kOperator)));
  }
  by(std::move(platforms), 2);
}

Workload::~Workload() {
  ledger_.reset();
  std::filesystem::remove_all(directory_);
}

void Workload::reopen(ledger::OpenMode mode) {
  ledger_.reset();
  ledger_ = must(ledger::Ledger::open(directory_, mode));
}

std::vector<Bytes> Workload::receipts(std::uint64_t from, std::size_t count) const {
  static constexpr schema::RevenueStream kStreams[] = {
      schema::RevenueStream::SERVICE, schema::RevenueStream::INCUBATION, schema::RevenueStream::TECHNOLOGY_SALES};
  std::vector<Bytes> out;
  out.reserve(count);
  for (std::uint64_t i = from; i < from + count; ++i) {
    auto month = static_cast<std::int32_t>(i / 7 % 12) + 1;
    out.push_back(make(1, i, 20260000 + month * 100 + 15, [&](schema::Event::Builder event) {
      auto body = event.getBody().initRevenueReceived();
      body.setPlatform(fmt::format("P{}", i % 20));
      body.setStream(kStreams[i % 3]);
      body.setGrossFen(static_cast<std::int64_t>(i % 100'000) + 106);
      body.setTaxFen(6);
      body.setNetFen(static_cast<std::int64_t>(i % 100'000) + 100);
      body.setBankRef(fmt::format("BR-{:012}-{:08x}", i, i * 2654435761u));
    }));
  }
  return out;
}

std::vector<Bytes> Workload::assets(std::uint64_t from, std::size_t count) const {
  std::vector<Bytes> out;
  for (std::uint64_t i = from; i < from + count; ++i) {
    std::string number = assetNumber(i);
    out.push_back(make(2, i, 20260101, [&](schema::Event::Builder event) {
      event.setSource("bench#1");
      auto body = event.getBody().initIpAssetRecorded();
      body.setNumber(number);
      body.setKind(schema::IpKind::INVENTION);
      body.initOwners(1)[0].setParty(kOperator);
    }));
    if (i % 2 == 0) continue;
    out.push_back(make(3, i, 20260102, [&](schema::Event::Builder event) {
      event.setSource("bench#1");
      auto body = event.getBody().initPledgeAgreed();
      body.setPledge(fmt::format("Z{}", i));
      body.initAssets(1).set(0, number);
      body.initPledgors(1).set(0, kOperator);
      body.setPledgee("op:register");
      body.setClaimKind(schema::ClaimKind::NOT_STATED);
    }));
    out.push_back(make(4, i, 20260103, [&](schema::Event::Builder event) {
      event.setSource("bench#1");
      auto body = event.getBody().initPledgeRegistered();
      body.setPledge(fmt::format("Z{}", i));
      body.setAsset(number);
      body.setRegNo(fmt::format("R{}", i));
    }));
  }
  return out;
}

proof::Submission Workload::sign(std::vector<Bytes> events) const {
  const crypto::SigningKey* signers[] = {&keys_[1]};
  return must(proof::makeSubmission(crypto::SuiteId::Ed25519Sha256, name_, std::move(events), signers));
}

proof::Submission Workload::signAsRegister(std::vector<Bytes> events) const {
  const crypto::SigningKey* signers[] = {&keys_[2]};
  return must(proof::makeSubmission(crypto::SuiteId::Ed25519Sha256, name_, std::move(events), signers));
}

void Workload::record(const proof::Submission& submission) { must(ledger_->append(submission)); }

std::uint64_t diskBytes(const std::filesystem::path& directory) {
  std::uint64_t bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(directory)) {
    if (file.is_regular_file()) bytes += file.file_size();
  }
  return bytes;
}

}  // namespace pilotledger::bench
