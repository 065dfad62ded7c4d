// Within ledger/proof: lines and sized parts of bundles.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "events/base/result.h"
#include "ledger/proof/proof_file.h"
#include "ledger/proof/verify.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/rejection.h"

namespace pilotledger::proof {

struct ListedLedger;

// "word LENGTH", then so many bytes.
inline void putSized(std::string& out, std::string_view word, std::string_view bytes) {
  out += fmt::format("{} {}\n{}", word, bytes.size(), bytes);
}

class BundleLines {
 public:
  explicit BundleLines(std::string_view text) : rest_(text) {}

  bool atEnd() const { return rest_.empty(); }
  Error bad(std::string_view what) const {
    return rejected("BadFormat", fmt::format("bundle: {}", what), fmt::format("答复集格式错误（{}）", what));
  }
  Status magic(std::string_view expected) {
    if (rest_.size() > kMaxProofBytes) return bad("more than 64 MiB");
    PL_TRY(std::string_view line, next());
    if (line != expected) return bad(fmt::format("expected {}", expected));
    return {};
  }
  // What follows "word " on the next line.
  Result<std::string_view> field(std::string_view word) {
    PL_TRY(std::string_view line, next());
    if (!line.starts_with(word) || line.substr(word.size(), 1) != " ") return bad(fmt::format("expected '{}'", word));
    return line.substr(word.size() + 1);
  }
  Result<std::string_view> sized(std::string_view word) {
    PL_TRY(std::string_view length, field(word));
    auto size = parseDecimal(length, word);
    if (!size.ok() || *size > rest_.size()) return bad(fmt::format("'{}' is cut off", word));
    std::string_view bytes = rest_.substr(0, *size);
    rest_.remove_prefix(*size);
    return bytes;
  }

 private:
  Result<std::string_view> next() {
    std::size_t end = rest_.find('\n');
    if (end == rest_.npos) return bad("cut off");
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }
  std::string_view rest_;
};

// That the number is one whose absence says something; that a ledger's answer is about it.
Status requireNumberMeans(std::string_view number);
Status requireSameRight(const ListedLedger& listed, std::string_view number, const VerifiedProof& claim);

}  // namespace pilotledger::proof
