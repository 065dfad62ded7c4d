// The two suites: which hash is in every tree and digest, and which signature the ledger makes.
// Chosen once at init. Ed25519 keys may sign submissions in either suite, and so may SM2 keys.
#pragma once

#include <initializer_list>
#include <memory>
#include <string_view>

#include "events/base/bytes.h"
#include "events/base/result.h"

namespace pilotledger::crypto {

enum class SuiteId : std::uint8_t { Ed25519Sha256 = 1, Sm2Sm3 = 2 };

std::string_view suiteName(SuiteId suite);  // "ed25519-sha256", "sm2-sm3"
Result<SuiteId> parseSuite(std::string_view name);

// A reusable hash: about 110 ns for a tree node, where a one-shot call costs three times that.
// One thread at a time.
class Hasher {
 public:
  explicit Hasher(SuiteId suite);
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  Hasher& add(ByteView bytes);
  Hasher& add(std::string_view text) { return add(viewOf(text)); }
  Digest finish();  // and starts anew

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

// The hash of the concatenation, by a Hasher of this thread.
Digest hash(SuiteId suite, std::initializer_list<ByteView> parts);
inline Digest hash(SuiteId suite, ByteView bytes) { return hash(suite, {bytes}); }

}  // namespace pilotledger::crypto
