// Builds events and groups them into steps: what the same signers record in one month goes
// together, in the order it happened.
#pragma once

#include <capnp/message.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "events/base/uuid.h"
#include "events/codec.h"
#include "tools/simulate/province.h"
#include "tools/simulate/random.h"

namespace pilotledger::simulate {

namespace schema = events::schema;
using Signers = std::vector<std::uint32_t>;

inline capnp::Data::Reader bytesOf(const Digest& digest) { return {digest.data(), digest.size()}; }

class Writer {
 public:
  Writer(std::uint64_t seed, std::uint64_t firstIndex, std::function<Status(const Step&)> sink)
      : draw_(seed), firstIndex_(firstIndex), sink_(std::move(sink)) {}

  void month(std::int64_t recordedAtMs) {
    flush();
    recordedAtMs_ = recordedAtMs;
  }

  // fill(body) sets the body of the event. Returns its index.
  template <typename Fill>
  std::uint64_t add(const Signers& signers, std::int32_t date, const std::string& jurisdiction, Fill fill) {
    return addEvent(signers, date, jurisdiction, [&](schema::Event::Builder event) { fill(event.initBody()); });
  }

  // fill(event) sets header fields too.
  template <typename Fill>
  std::uint64_t addEvent(const Signers& signers, std::int32_t date, const std::string& jurisdiction, Fill fill) {
    if (signers != step_.signers || step_.events.size() >= kMaxStep) {
      flush();
      step_.signers = signers;
    }
    // One segment of fixed size, reused: most events fit.
    std::fill(scratch_.begin(), scratch_.end(), capnp::word());
    capnp::MallocMessageBuilder message(kj::arrayPtr(scratch_.data(), scratch_.size()));
    auto event = message.initRoot<schema::Event>();
    EventId id = reserved_ ? *std::exchange(reserved_, std::nullopt) : reserveId();
    event.setId(capnp::Data::Reader(id.data(), id.size()));
    event.setLegalDate(date);
    if (!jurisdiction.empty()) event.setJurisdiction(kj::StringPtr(jurisdiction.c_str(), jurisdiction.size()));
    fill(event);
    auto bytes = events::encode(event);
    if (!bytes.ok()) {
      if (failed_.ok()) failed_ = bytes.error();
      return 0;
    }
    step_.events.push_back(std::move(bytes).value());
    lastId_ = id;
    return firstIndex_ + events_++;
  }

  void flush() {
    if (!step_.events.empty() && failed_.ok()) {
      step_.recordedAtMs = recordedAtMs_++;
      ++steps_;
      failed_ = sink_(step_);
    }
    step_.events.clear();
    step_.signers.clear();
  }

  // An id to speak of before its event: a correction names what will replace its target.
  EventId reserveId() {
    std::array<std::uint8_t, 10> random{};
    std::uint64_t words[2] = {draw_.bits(), draw_.bits()};
    std::copy_n(reinterpret_cast<const std::uint8_t*>(words), random.size(), random.begin());
    return events::makeUuidV7(recordedAtMs_, random);
  }
  void useId(const EventId& id) { reserved_ = id; }  // for the next event

  const EventId& lastId() const { return lastId_; }
  const Status& status() const { return failed_; }
  std::uint64_t events() const { return events_; }
  std::uint64_t steps() const { return steps_; }
  Random& draw() { return draw_; }

 private:
  static constexpr std::size_t kMaxStep = 1000;

  Random draw_;
  std::uint64_t firstIndex_;
  std::function<Status(const Step&)> sink_;
  std::vector<capnp::word> scratch_ = std::vector<capnp::word>(512);
  Step step_;
  EventId lastId_{};
  std::optional<EventId> reserved_;
  std::int64_t recordedAtMs_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t steps_ = 0;
  Status failed_;
};

}  // namespace pilotledger::simulate
