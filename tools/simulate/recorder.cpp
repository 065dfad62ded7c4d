#include "tools/simulate/recorder.h"

#include <map>
#include <memory>

#include "events/base/civil_date.h"

namespace pilotledger::simulate {
namespace {

constexpr const char* kOrigin = "simulated.example";

// The keys of the province, made when they first sign.
class Keys {
 public:
  Keys(std::uint64_t seed, crypto::SigningKey operatorKey) : seed_(seed) { keys_.emplace(0, std::move(operatorKey)); }
  const crypto::SigningKey* find(std::uint32_t index) {
    auto at = keys_.find(index);
    if (at == keys_.end()) at = keys_.emplace(index, simulatedKey(seed_, index)).first;
    return &at->second;
  }

 private:
  std::uint64_t seed_;
  std::map<std::uint32_t, crypto::SigningKey> keys_;
};

}  // namespace

Result<Recorded> record(const std::filesystem::path& directory, const Options& given,
                        const std::function<void(std::uint64_t)>& progress) {
  auto now = std::make_shared<std::int64_t>(events::daysOf(given.firstYear * 10'000 + 101) * 86'400'000);
  ledger::InitOptions init;
  init.origin = kOrigin;
  init.clock = [now] { return *now; };
  PL_CHECK(ledger::Ledger::init(directory, init));
  PL_TRY(auto ledger, ledger::Ledger::open(directory, ledger::OpenMode::Write, init.clock));
  PL_TRY(auto operatorKey, crypto::SigningKey::load(directory / "operator.pem"));
  Keys keys(given.seed, std::move(operatorKey));
  Options options = given;
  options.firstIndex = ledger->size();
  std::uint64_t events = 0;
  auto outcome = simulate(options, [&](const Step& step) -> Status {
    *now = step.recordedAtMs;
    std::vector<const crypto::SigningKey*> signers;
    for (std::uint32_t signer : step.signers) signers.push_back(keys.find(signer));
    PL_TRY(auto submission, proof::makeSubmission(ledger->suite(), ledger->name(), step.events, signers));
    PL_TRY([[maybe_unused]] auto appended, ledger->append(submission));
    events += step.events.size();
    progress(events);
    return {};
  });
  if (!outcome.ok()) return std::move(outcome).error();
  return Recorded{std::move(outcome).value(), *now};
}

}  // namespace pilotledger::simulate
