// A synthetic province: platforms, clients, banks and authorities that live for some years, month
// by month, and a known number of violations planted among lawful records. Everything follows from
// the seed. Parties, numbers and keys are invented; a simulated key protects nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/crypto/key.h"

namespace pilotledger::simulate {

struct Options {
  int platforms = 20;
  int years = 5;
  std::uint64_t seed = 1;
  int firstYear = 2018;
  int plantEach = -1;            // violations of each code; -1: one for each ten platforms, at least one
  std::uint64_t firstIndex = 0;  // of the first event emitted, in the ledger that takes them
};

// Events signed together, as they reach the ledger.
struct Step {
  std::int64_t recordedAtMs = 0;
  std::vector<std::uint32_t> signers;  // indexes of keys
  std::vector<Bytes> events;
};

struct Planted {
  std::string code;     // of the finding
  std::string subject;  // as the finding names it
};

// The key of number `index`: 0 is the operator, which `operatorKey` replaces when recording.
crypto::SigningKey simulatedKey(std::uint64_t seed, std::uint32_t index);

struct Outcome {
  std::uint64_t events = 0;
  std::uint64_t steps = 0;
  std::uint32_t keys = 0;
  std::vector<Planted> planted;  // by code, then subject
};

// Gives steps of at most 1,000 events to `sink`, in order; stops at its first error.
Result<Outcome> simulate(const Options& options, const std::function<Status(const Step&)>& sink);

}  // namespace pilotledger::simulate
