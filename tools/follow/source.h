// Where a copy gets its commits from: a ledger behind `pilotledger serve`, or one in a directory. What a source says is
// believed no further than the log has signed it. Threads: one at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "ledger/ledger.h"
#include "ledger/tlog/merkle.h"
#include "tools/remote/remote_log.h"
#include "tools/service/commits.h"

namespace pilotledger::follow {

class Source {
 public:
  virtual ~Source() = default;
  virtual std::string name() const = 0;
  virtual Result<crypto::VerifyKey> foundingKey() = 0;
  // Commits behind that size; NotFound when none ends there. What it says of the whole log is nobody's signature.
  virtual Result<service::CommitPage> page(std::uint64_t from) = 0;
  // The newest checkpoint that the log has signed there, read anew.
  virtual Result<std::string> newest() = 0;
  // Of the tree of that size, at most that of newest().
  virtual Result<proof::NodeReader> nodes(std::uint64_t size) = 0;
};

// Of a server; else it is a directory.
bool isUrl(const std::string& source);
// `logIn` is called when the server does not (any longer) show commits to who asks.
std::unique_ptr<Source> sourceOf(remote::RemoteLog log, std::function<Status(remote::RemoteLog&)> logIn);
// A ledger that others may write to meanwhile.
std::unique_ptr<Source> sourceOf(std::filesystem::path directory);

}  // namespace pilotledger::follow
