// What nodes say to each other, as JSON: what is ordered, what each has signed after its own sync, and its clock. A
// line proves itself by its signature; nothing else that is said here decides anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/order/quorum.h"

namespace pilotledger::cluster {

inline constexpr std::size_t kMostLines = 512;  // in a message
inline constexpr std::size_t kMaxMessageBytes = 256u << 10;

struct NodeMessage {
  std::string node;           // who speaks
  std::uint64_t ordered = 0;  // the newest number that it knows to be ordered
  std::int64_t clockMs = 0;
  std::vector<ledger::NodeLine> lines;

  std::string encode() const;
  static Result<NodeMessage> decode(std::string_view json);
};

// The answer: the newest line by the key of whoever asked that the other holds, so that a node whose directory was put
// back from an older copy hears of it.
struct NodeReply {
  std::int64_t clockMs = 0;
  std::optional<ledger::NodeLine> yours;

  std::string encode() const;
  static Result<NodeReply> decode(std::string_view json);
};

}  // namespace pilotledger::cluster
