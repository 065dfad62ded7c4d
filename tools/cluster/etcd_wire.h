// The bytes in which etcd is spoken to: the few messages of its protobuf interface that an order needs, and the frame
// that gRPC puts around one. Written by hand: a generator and its library would be more than all of this.
// Reading is strict and bounded, whatever the bytes are: unknown fields are left out, everything else that is no such
// message is InvalidInput. Pure. Source: etcd's rpc.proto and kv.proto; protobuf's encoding; gRPC over HTTP/2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "events/base/result.h"

namespace pilotledger::cluster {

inline constexpr std::size_t kMostPairs = 4096;  // of keys and values in one answer

struct EtcdCompare {
  std::string key;
  std::optional<std::string> value;  // none: there is no such key
};
struct EtcdPut {
  std::string key;
  std::string value;
};
struct EtcdRange {
  std::string key;
  std::string end{};  // without it; empty: that key alone
};
struct EtcdDelete {
  std::string key;
  std::string end{};
};
using EtcdOperation = std::variant<EtcdRange, EtcdPut, EtcdDelete>;

// At once: `then` where all compares hold, else `otherwise`.
struct EtcdTransaction {
  std::vector<EtcdCompare> compares;
  std::vector<EtcdOperation> then;
  std::vector<EtcdOperation> otherwise{};
};

struct EtcdPair {
  std::string key;
  std::string value;
};
struct EtcdFound {
  std::vector<EtcdPair> pairs;
  bool more = false;  // than fit
};
struct EtcdOutcome {
  bool succeeded = false;        // the compares held
  std::vector<EtcdFound> found;  // of the ranges among the operations that were done
};

std::string encode(const EtcdRange& range);
std::string encode(const EtcdTransaction& transaction);

Result<EtcdFound> decodeFound(std::string_view message);
Result<EtcdOutcome> decodeOutcome(std::string_view message);
Result<std::uint64_t> decodeDatabaseBytes(std::string_view message);  // of the answer to Maintenance/Status

std::string framed(std::string_view message);
Result<std::string_view> unframed(std::string_view bytes);  // exactly one message, not compressed

}  // namespace pilotledger::cluster
