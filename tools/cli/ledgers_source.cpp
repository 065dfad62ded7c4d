#include <fmt/format.h>

#include "ledger/ledger.h"
#include "ledger/prover.h"
#include "ledger/tlog/note.h"
#include "tools/cli/ledgers.h"
#include "tools/cli/remote.h"
#include "tools/http/url.h"
#include "tools/verifier/files.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kMostOfProof = 8u << 20;
constexpr std::size_t kMaxListKey = 1u << 20;

}  // namespace

bool isServed(const std::string& url) {
  return url.starts_with("https://") || url.starts_with("http://") || url.starts_with("unix:");
}

// A server that is remembered is asked by the key it is remembered by; the listed one must fit the proof in any case.
Result<remote::RemoteLog> openListed(const proof::ListedLedger& listed, const std::string& authorities) {
  PL_TRY(http::Url url, http::parseUrl(listed.url));
  PL_TRY(remote::MemoryFile file, remote::MemoryFile::of(url.origin()));
  PL_TRY(std::optional<remote::Memory> memory, file.load());
  return remote::RemoteLog::open(listed.url, {memory ? "" : listed.key.vkey(), authorities, kMostOfProof});
}

Result<SignedList> openList(const Context& context, const std::string& file, const std::string& listKey) {
  SignedList opened;
  PL_TRY(opened.note, readFile(file, proof::kMaxNoteBytes));
  if (!listKey.empty()) {
    PL_TRY(opened.key,
           verifier::readLogKey(listKey, [](const std::string& key) { return readFile(key, kMaxListKey); }));
    auto list = proof::openLedgerList(opened.note, *opened.key);
    if (!list.ok()) return std::move(list).error().within(file);
    opened.list = std::move(*list);
    opened.signedBy = fmt::format("{}+{}", opened.key->name(), opened.key->idHex());
    return opened;
  }
  auto list = proof::readLedgerList(opened.note);
  if (!list.ok()) return std::move(list).error().within(file);
  opened.list = std::move(*list);
  PL_TRY(std::vector<std::string> signers, proof::signersNamed(opened.note));
  opened.signedBy = fmt::format("{}", fmt::join(signers, ", "));
  remark(context,
         {"the signature of the list is not checked: give the authority's key", "名录的签名未经核验：请给出机关公钥"});
  return opened;
}

Result<std::string> listedPledgeProof(const proof::ListedLedger& listed, const std::string& authorities,
                                      const std::string& number, std::optional<std::uint64_t> size) {
  if (isServed(listed.url)) {
    PL_TRY(remote::RemoteLog log, openListed(listed, authorities));
    PL_TRY(RemoteProof made, remoteProof(log, {proof::Question::Kind::Pledge, number}));
    return std::move(made.file);
  }
  PL_TRY(auto prover, ledger::Prover::open(listed.url, {size ? std::to_string(*size - 1) : "", {}}));
  PL_TRY(proof::ProofFile file, prover->pledge(number));
  return file.serialize();
}

Result<std::string> listedCheckpoint(const proof::ListedLedger& listed, const std::string& authorities) {
  if (isServed(listed.url)) {
    PL_TRY(remote::RemoteLog log, openListed(listed, authorities));
    return log.note();
  }
  PL_TRY(auto ledger, ledger::Ledger::open(listed.url, ledger::OpenMode::ReadOnly));
  return ledger->checkpoint();
}

}  // namespace pilotledger::cli
