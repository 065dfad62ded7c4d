// Who signed each submission, for a walk over much of the log: all notes are read once, in the order in which
// they are stored. They lie in the order of their digests, so that to look each up costs a third of a walk over
// ten million events.
//
// Memory: 12 bytes a submission, and each set of signers once. Any number of threads may ask.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "ledger/store/store.h"

namespace pilotledger::ledger {

using SignerNames = std::shared_ptr<const std::vector<std::string>>;  // as proof::signersNamed() gives them

class SubmissionSigners {
 public:
  static Result<SubmissionSigners> read(const Store& store);

  // nullptr: look the note up. It is not here, is no note, or another one's digest begins like its own.
  SignerNames of(const Digest& submission) const;

 private:
  // Of the digests that begin with certain bytes, in order.
  struct Part {
    std::deque<std::uint64_t> heads;  // the first eight bytes; deques, which grow without a copy
    std::deque<std::uint32_t> sets;   // into `names`
    std::vector<SignerNames> names;
  };
  static constexpr std::size_t kParts = 2;  // each read by a thread
  static std::size_t partOf(std::uint8_t firstByte) { return firstByte * kParts / 256; }
  static Result<Part> readPart(const Store& store, std::size_t part);

  std::array<Part, kParts> parts_;
};

}  // namespace pilotledger::ledger
