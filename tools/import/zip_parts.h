// The parts of a zip container of others, held to limits while they inflate: a small file cannot fill the memory.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"

namespace pilotledger::import {

struct ZipLimits {
  std::uint64_t containerBytes = 20u << 20;
  std::uint64_t partBytes = 64u << 20;    // inflated
  std::uint64_t totalBytes = 128u << 20;  // inflated, of all parts that are read
  std::uint64_t parts = 1000;
};

class ZipParts {
 public:
  // InvalidInput: no zip, encrypted, beyond a limit, two parts of one name. `bytes` must outlive it.
  static Result<std::unique_ptr<ZipParts>> open(std::string_view bytes, const ZipLimits& limits = {});
  ~ZipParts();
  ZipParts(const ZipParts&) = delete;
  ZipParts& operator=(const ZipParts&) = delete;

  // Names are compared with "/" for "\" and without case: writers differ.
  bool has(const std::string& name) const;
  // Piece by piece; stops at the first error of `take`. NotFound; InvalidInput beyond a limit or damaged.
  Status read(const std::string& name, const std::function<Status(std::string_view)>& take);
  Result<std::string> whole(const std::string& name);

 private:
  struct State;
  explicit ZipParts(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct ZipPart {
  std::string name;
  std::string bytes;
};
// A zip file of these parts. Same parts, same bytes. Unavailable when there is no room.
Result<std::string> zipOf(const std::vector<ZipPart>& parts);

}  // namespace pilotledger::import
