// Submissions that lack signatures, kept beside the ledger until those who must sign have signed. Nothing in it is a
// fact: what is here is a draft that some have signed. One SQLite file, mode 0600; what keep() has taken is on stable
// storage, whole, when it returns. One thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "ledger/ledger.h"
#include "ledger/tlog/submission.h"
#include "query/sql/database.h"

namespace pilotledger::service {

inline constexpr const char* kPendingFile = "pending.sqlite";

enum class PendingState { Open, Recorded, Declined, Withdrawn, Expired };
std::string_view pendingStateName(PendingState state);  // "open"

struct Pending {
  std::string id;  // hex digest of the note's text: the same for whoever signs it
  PendingState state = PendingState::Open;
  std::string party;  // of the submitter, with the key that signed first
  std::string key;
  std::int64_t submittedMs = 0;
  std::int64_t untilMs = 0;
  std::int64_t closedMs = 0;
  std::uint64_t events = 0;
  std::map<std::string, std::uint64_t> kinds;  // how many events of each
  std::set<std::string> hashes;                // of files that its events commit to, in hex

  struct Signature {
    std::string party;
    std::string key;  // "name+keyid"
    std::int64_t atMs = 0;
  };
  std::vector<Signature> signatures;
  struct Decline {
    std::string party;
    std::string key;
    std::int64_t atMs = 0;
    std::string reason;
  };
  std::vector<Decline> declines;
  std::vector<ledger::LackingSignatures> lacking;  // as the ledger said when the last signature came
  std::string receipts;                            // of what was recorded: a JSON array
  std::string refusal;                             // of what is complete and was refused nevertheless: describeJson()

  bool isOpen() const { return state == PendingState::Open; }
};

class PendingStore {
 public:
  // Made when absent. NotAuthorized when others can read the file, Corruption when it is damaged, Unsupported when a
  // newer program made it.
  static Result<PendingStore> open(const std::filesystem::path& path);

  const std::map<std::string, Pending>& all() const { return all_; }  // by id
  const Pending* find(const std::string& id) const;
  // With all its signatures; NotFound for one that is not open.
  Result<proof::Submission> submission(const std::string& id) const;

  // New, or in the place of the one that was there.
  Status keep(const Pending& item, const proof::Submission& submission);
  // Its submission stays, with the signatures of `note`.
  Status keepSigned(const Pending& item, std::string_view note);
  // What is said about it; the submission of one that is not open is overwritten.
  Status keep(const Pending& item);
  Status remove(const std::string& id);

 private:
  PendingStore(std::filesystem::path path, query::Database database)
      : path_(std::move(path)), database_(std::move(database)) {}
  Status load();
  std::filesystem::path path_;
  query::Database database_;
  std::map<std::string, Pending> all_;
};

}  // namespace pilotledger::service
