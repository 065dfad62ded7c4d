// The commands that `--server URL` answers from a ledger behind `pilotledger serve`, instead of a directory. Formats,
// columns and exit codes are those of the same command beside the ledger.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/proof/verify.h"
#include "query/answer/query.h"
#include "tools/cli/command.h"
#include "tools/cli/event_card.h"
#include "tools/remote/remote_log.h"
#include "tools/service/pledge.h"

namespace pilotledger::cli {

inline bool isRemote(const Context& context) { return !context.server.empty(); }

// The commands that may be asked of a server.
std::span<const std::string_view> servedCommands();

// Asks for the newest checkpoint and checks it; a first contact is said.
Result<remote::RemoteLog> openRemote(const Context& context, std::size_t mostBytes = remote::Trust().mostBytes);

// Logs in with the key; the session is remembered for --server. What the server says of it.
Result<remote::Json> openSession(const Context& context, remote::RemoteLog& log, const crypto::SigningKey& key);

// Unsupported when one of these options of the command was given: a server does not answer it.
Status requireServed(std::initializer_list<std::pair<std::string_view, bool>> notServed);

// What `serve` would not have said.
Error oddAnswer(const remote::RemoteLog& log, std::string_view what);

struct RemoteRange {
  std::uint64_t from = 0;
  std::uint64_t to = std::numeric_limits<std::uint64_t>::max();
  std::string kind;
  std::string entity;
};
Result<int> remoteEntries(Context& context, const RemoteRange& range);
Result<int> remoteEntry(Context& context, std::uint64_t index);
Result<int> remoteEntity(Context& context, const std::string& entity);
Result<int> remoteCheckpoint(Context& context);
Result<int> remoteSubmit(Context& context, std::string_view submission);
// Submits what lacks signatures, to be signed there by the others (inbox.cpp).
Result<int> remotePending(Context& context, std::string_view submission);
// What the server says it has recorded is proved to be on the log: for each event of the submission.
Status requireReceipts(remote::RemoteLog& log, const remote::Json& receipts, const proof::Submission& sent);
std::string receiptLines(const remote::Json& receipts);
// Names as the server tells them to this reader; for as long as both are there.
CardNames remoteNames(const Context& context, remote::RemoteLog& log);
// Tells when the server's event kinds are not those of this program.
Status compareKinds(const Context& context);

struct RemoteProof {
  std::string file;
  std::uint64_t position = 0;
  std::optional<proof::PledgeStatus> pledge{};
};
// A proof file as /v1/proofs/WHAT/ID makes it. Before anybody gets it, it is checked by the log's key, to be about what
// was asked, and not to be older than what this machine has seen.
Result<RemoteProof> remoteProof(remote::RemoteLog& log, const proof::Question& asked);

// A view, a drill or findings, all pages of one position.
Result<query::Table> remoteTable(remote::RemoteLog& log, const std::string& path, remote::Query query);
Result<service::PledgeAnswerAt> remotePledge(remote::RemoteLog& log, const std::string& number,
                                             const remote::Query& query);
// --as-of and --on, as the server takes them.
remote::Query asOfQuery(const std::string& asOf, const std::string& on);

}  // namespace pilotledger::cli
