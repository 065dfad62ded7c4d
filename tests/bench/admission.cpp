#include "tests/bench/admission.h"

#include <fmt/format.h>
#include <x86intrin.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <unordered_map>

#include "events/base/civil_date.h"
#include "ledger/rules/applier.h"
#include "ledger/rules/authority.h"
#include "ledger/state/trail.h"
#include "tools/simulate/province.h"

namespace pilotledger::bench {
namespace {

constexpr auto kSuite = crypto::SuiteId::Ed25519Sha256;
constexpr int kYears = 5;
constexpr std::size_t kEventsOfPlatform = 1000;  // in so many years, about

simulate::Options province(std::size_t events) {
  simulate::Options options;
  options.years = kYears;
  options.platforms = static_cast<int>(std::clamp<std::size_t>(events / kEventsOfPlatform, 10, 5000));
  return options;
}

struct Submission {
  std::int32_t recordedOn = 0;
  std::vector<std::uint32_t> signers;
  std::size_t from = 0, to = 0;  // of the events
};

struct IdHash {
  std::size_t operator()(const EventId& id) const { return std::hash<std::string_view>()(textOf(id)); }
};

// The ledger's state as replay keeps it: records and events in memory.
class Memory : public ledger::StateReader {
 public:
  Memory(const std::vector<events::Event>& events, const std::unordered_map<EventId, std::size_t, IdHash>& indexOf)
      : events_(&events), indexOf_(&indexOf) {}

  Result<const ledger::EntityRecord*> find(std::string_view key) override {
    auto at = records_.find(key);
    return at == records_.end() ? nullptr : static_cast<const ledger::EntityRecord*>(&at->second);
  }
  Result<std::optional<events::Event>> event(const EventId& id) override {
    auto at = indexOf_->find(id);
    return at == indexOf_->end() || at->second >= recorded_ ? std::optional<events::Event>()
                                                            : std::optional((*events_)[at->second]);
  }
  void merge(ledger::EntityMap&& changes) {
    ledger::merge(records_, std::move(changes), [](const auto&) {});
  }
  void record() { ++recorded_; }  // one more event

 private:
  ledger::EntityMap records_;
  const std::vector<events::Event>* events_;
  const std::unordered_map<EventId, std::size_t, IdHash>* indexOf_;
  std::size_t recorded_ = 0;
};

template <typename T>
T admitted(Result<T> result) {
  if (result.ok()) return std::move(result).value();
  fmt::print(stderr, "benchmark: {} {} {} {}\n", result.error().rule, result.error().entity, result.error().message.en,
             result.error().found);
  std::exit(1);
}

std::string schemaFile(const events::Kind& kind) {
  std::string name = kind.body->schema.getProto().getDisplayName().cStr();  // events/subsidy.capnp:SubsidyAwarded
  name.resize(std::min(name.size(), name.find('.')));
  return name.substr(name.rfind('/') + 1);
}

class Admission {
 public:
  explicit Admission(std::size_t events) {
    auto outcome = simulate::simulate(province(events), [&](const simulate::Step& step) -> Status {
      submissions_.push_back({events::civilDateOfUtcMs(step.recordedAtMs), step.signers, bytes_.size(),
                              bytes_.size() + step.events.size()});
      bytes_.insert(bytes_.end(), step.events.begin(), step.events.end());
      return {};
    });
    admitted(std::move(outcome));
    for (const Bytes& bytes : bytes_) digests_.push_back(crypto::hash(kSuite, bytes));
  }

  std::size_t size() const { return bytes_.size(); }

  // What the submitters' own threads do.
  double decode() {
    decoded_.reserve(bytes_.size());
    double from = cpuSeconds();
    for (const Bytes& bytes : bytes_) decoded_.push_back(admitted(events::Event::decode(bytes)));
    double seconds = cpuSeconds() - from;
    for (std::size_t i = 0; i < decoded_.size(); ++i) indexOf_.emplace(decoded_[i].id(), i);
    return seconds;
  }

  // What the sequencer does. With `ticks`, the time stamp counter's ticks by kind.
  double apply(std::vector<std::uint64_t>* ticks) {
    Memory memory(decoded_, indexOf_);
    named_ = 0;
    double from = cpuSeconds();
    for (const Submission& submission : submissions_) applyOne(memory, submission, ticks);
    return cpuSeconds() - from;
  }

  // The hashing of as many trail steps as the events have: what the time of apply() holds besides rules.
  double trails() const {
    Digest trail{};
    double from = cpuSeconds();
    for (std::uint64_t i = 0; i < named_; ++i)
      trail = proof::extendTrail(kSuite, trail, i, digests_[i % digests_.size()]);
    double seconds = cpuSeconds() - from;
    return trail == Digest{} ? 0 : seconds;
  }

  std::map<std::string, std::uint64_t> byFile(const std::vector<std::uint64_t>& ticks) const {
    std::map<std::string, std::uint64_t> sums;
    for (std::size_t i = 0; i < ticks.size(); ++i)
      sums[schemaFile(events::kindOf(static_cast<std::uint16_t>(i)))] += ticks[i];
    return sums;
  }
  std::vector<std::uint64_t> counts() const {
    std::vector<std::uint64_t> out(events::kinds().size());
    for (const events::Event& event : decoded_) ++out[event.kind().discriminant];
    return out;
  }

 private:
  const std::string& keyName(std::uint32_t index) {
    auto& name = keyNames_[index];
    if (name.empty()) name = ledger::keyEntityId(simulate::simulatedKey(province(0).seed, index).verifyKey());
    return name;
  }

  const ledger::LogContext log_{kSuite, "bench.example", simulate::simulatedKey(1, 0).verifyKey()};

  void applyOne(Memory& memory, const Submission& submission, std::vector<std::uint64_t>* ticks) {
    ledger::EntityOverlay world(memory);
    std::vector<ledger::Signer> signers;
    for (std::uint32_t index : submission.signers) {
      if (index == 0) {
        ledger::Signer founder;
        founder.party = "op:operator";
        founder.roles = {"OPR"};
        signers.push_back(std::move(founder));
      } else {
        signers.push_back(admitted(ledger::resolveSigner(log_, world, keyName(index), submission.recordedOn)));
      }
    }
    for (std::size_t i = submission.from; i < submission.to; ++i) {
      std::uint64_t before = ticks != nullptr ? __rdtsc() : 0;
      named_ += admitted(ledger::applyEvent(log_, world, decoded_[i], digests_[i], signers, {i, submission.recordedOn}))
                    .size();
      memory.record();
      if (ticks != nullptr) (*ticks)[decoded_[i].kind().discriminant] += __rdtsc() - before;
    }
    memory.merge(world.takeChanges());
  }

  std::vector<Submission> submissions_;
  std::vector<Bytes> bytes_;
  std::vector<Digest> digests_;
  std::vector<events::Event> decoded_;
  std::unordered_map<EventId, std::size_t, IdHash> indexOf_;
  std::unordered_map<std::uint32_t, std::string> keyNames_;
  std::uint64_t named_ = 0;  // entities, over all events
};

}  // namespace

void measureGeneration(std::vector<Row>& rows, std::size_t events) {
  std::size_t made = 0;
  double from = cpuSeconds();
  admitted(simulate::simulate(province(events), [&](const simulate::Step& step) -> Status {
    made += step.events.size();
    return {};
  }));
  add(rows, {"simulator: events made", made, static_cast<double>(made) / (cpuSeconds() - from), "events/s", 200'000,
             "the target"});
}

void measureAdmission(std::vector<Row>& rows, std::size_t events) {
  Admission admission(events);
  double n = static_cast<double>(admission.size());
  add(rows, {"decode: canonical form and every field", admission.size(), n / admission.decode(), "events/s", 0, ""});
  double best = admission.apply(nullptr);
  for (int again = 0; again < 4; ++again) best = std::min(best, admission.apply(nullptr));
  add(rows,
      {"rules, state in memory", admission.size(), n / (best - admission.trails()), "events/s", 300'000, "the target"});
  add(rows, {"rules and the hashing of trails", admission.size(), n / best, "events/s", 0, ""});
  std::vector<std::uint64_t> ticks(events::kinds().size());
  (void)admission.apply(&ticks);
  std::uint64_t all = 0;
  for (std::uint64_t of : ticks) all += of;
  auto counts = admission.counts();
  auto byCount = admission.byFile(counts);
  for (const auto& [file, of] : admission.byFile(ticks)) {
    if (byCount[file] == 0) continue;
    add(rows, {"  of the rules' time: " + file, byCount[file],
               100.0 * static_cast<double>(of) / static_cast<double>(all), "%", 0, ""});
  }
}

}  // namespace pilotledger::bench
