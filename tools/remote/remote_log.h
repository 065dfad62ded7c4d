// A ledger behind `pilotledger serve`, as a client that takes nothing on trust but the log's key: every answer stands
// at a position whose root is held to a checkpoint that the log signed, and every checkpoint to the newest that this
// machine remembers. A server that shows another history, or an older one, is told: Corruption, and where two signed
// checkpoints contradict each other the evidence is kept in a file. What the answer itself says is the server's word;
// a proof (`prove`) needs no such word.
// Errors: those of the server, by their class; Unavailable without an answer; Corruption as above. One thread.
// Source: C2SP tlog-checkpoint, tlog-tiles; tools/server/README.md for the addresses.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "events/base/result.h"
#include "ledger/crypto/key.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/merkle.h"
#include "tools/http/client.h"
#include "tools/remote/memory.h"
#include "tools/service/json_members.h"

namespace pilotledger::remote {

using Json = nlohmann::ordered_json;
using Query = std::vector<std::pair<std::string, std::string>>;

struct Trust {
  std::string key;                    // vkey of the log, as its operator published it; empty: the one remembered
  std::string authorities;            // PEM of those that https trusts instead of the system's
  std::size_t mostBytes = 64u << 20;  // of an answer
};

class RemoteLog {
 public:
  // Asks for the newest checkpoint and checks it. On the first contact without a key the server's own word is taken
  // for it: isFirstContact().
  static Result<RemoteLog> open(const std::string& server, const Trust& trust);

  const std::string& server() const { return server_; }
  bool isFirstContact() const { return firstContact_; }
  const Memory& memory() const { return memory_; }
  const std::string& note() const { return note_; }  // the newest checkpoint, signed and cosigned
  const proof::Checkpoint& checkpoint() const { return checkpoint_; }
  const crypto::VerifyKey& key() const { return key_; }

  // `path` is encoded, the query is not. A JSON object with position and root, which are on the log, and not older than
  // the newest checkpoint seen before unless the past is asked for (as_of, cursor).
  Result<Json> ask(const std::string& path, const Query& query = {});
  // The same for what is no statement about the log.
  Result<Json> askAside(const std::string& path, const Query& query = {});
  Result<std::string> text(const std::string& path, const Query& query = {});
  Result<http::Response> post(const std::string& path, std::string_view type, std::string_view body,
                              const Query& query = {});
  Result<http::Response> put(const std::string& path, std::string_view type, std::string_view body);
  Result<http::Response> remove(const std::string& path);
  // After something was recorded: the newest checkpoint, checked as in open().
  Status refresh();
  // Corruption unless the log had that root at that size, and the size is `least` or more.
  Status requireOnLog(std::uint64_t position, const Digest& root, std::uint64_t least = 0);
  // Of the tree of that size, as the server shows it.
  proof::NodeReader nodes(std::uint64_t size);
  Status remember(const std::string& session);  // of the login; empty: none

 private:
  Status store(const std::optional<std::string>& session);
  RemoteLog(std::string server, http::Client client, MemoryFile file, crypto::VerifyKey key)
      : server_(std::move(server)), client_(std::move(client)), file_(std::move(file)), key_(std::move(key)) {}

  Result<http::Response> call(const http::Call& call);
  Result<proof::Checkpoint> checkSigned(const std::string& note);
  Result<proof::Checkpoint> checkThroughChain(const proof::Checkpoint& claimed);
  Status compare(const proof::Checkpoint& remembered, const proof::Checkpoint& shown, const std::string& note);
  Status showContinues(std::uint64_t from, const Digest& fromRoot, const proof::Checkpoint& to);
  Error fork(const std::string& note, const proof::Checkpoint& remembered, const proof::Checkpoint& shown);

  std::string server_;
  http::Client client_;
  MemoryFile file_;
  crypto::VerifyKey key_;
  Memory memory_;
  bool firstContact_ = false;
  std::string note_;
  proof::Checkpoint checkpoint_;
  std::map<std::string, std::string> tiles_;
  std::map<std::uint64_t, Digest> onLog_;  // roots that were shown to be
};

Result<Json> jsonOf(const http::Response& response);
using service::memberOf;
using service::textOf;

}  // namespace pilotledger::remote
