// The inbox: a submission that lacks signatures waits here, for exactly those who must still sign. Each adds his
// signature, which is checked as the ledger would check it, or declines with a reason; with the last one the server
// records it by the same path as any submission. What the ledger would refuse anyway is refused when it comes in.
//
// Who sees an item: the party that submitted it, those who signed it, those who must still sign and those who declined.
// For all others it does not exist. Threads: any, one at a time inside.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.h"
#include "tools/service/pending.h"
#include "tools/service/site.h"

namespace pilotledger::service {

inline constexpr std::size_t kMaxPendingFileBytes = 16u << 20;
inline constexpr std::size_t kMaxPendingEvents = 1000;
inline constexpr std::size_t kMaxDeclineBytes = 1000;

struct InboxLimits {
  int days = 30;              // an item waits; what became of one is told as long again
  std::size_t all = 1000;     // open items
  std::size_t ofParty = 100;  // that one party submitted
};

// What an item is to a party.
struct Standing {
  bool submitted = false;
  bool hasSigned = false;
  bool asked = false;  // its signature is lacking, and it has not declined
  bool declined = false;
  bool sees() const { return submitted || hasSigned || asked || declined; }
};
Standing standingOf(const Pending& item, const ledger::Signer& reader);

class Inbox {
 public:
  // What a crash left complete and not yet recorded is recorded now.
  static Result<std::unique_ptr<Inbox>> open(const Site& site, ledger::Ledger& writer, InboxLimits limits);

  struct Taken {
    Pending item;
    bool repeated = false;                         // it was here already
    std::optional<ledger::AppendResult> recorded;  // it was complete
  };
  // A submission file; all signatures are good, by bound keys. Whoever signed no event that asks for it hears nothing
  // of what the ledger holds (Ledger::consider). Sent again it adds the signatures that are new; after it was closed it
  // is opened again.
  Result<Taken> submit(std::string_view file);
  // A note of the same text, with the signatures to add. NotFound for whoever the item does not exist for.
  Result<Taken> sign(const std::string& id, std::string_view note);

  Result<Pending> decline(const std::string& id, const ledger::Signer& by, const std::string& reason);
  Result<Pending> withdraw(const std::string& id, const ledger::Signer& by);

  Result<std::vector<Pending>> list(const ledger::Signer& reader);  // newest first
  Result<Pending> find(const std::string& id, const ledger::Signer& reader);
  // The open items that he sees and that commit to a file of that hash, taken together.
  struct OnFile {
    Standing standing;              // what they are to him
    std::set<std::string> signers;  // parties
  };
  Result<OnFile> onFile(const std::string& hash, const ledger::Signer& reader);
  Result<proof::Submission> submission(const std::string& id, const ledger::Signer& reader);

 private:
  Inbox(Site site, ledger::Ledger& writer, InboxLimits limits, PendingStore store)
      : site_(std::move(site)), writer_(&writer), limits_(limits), store_(std::move(store)) {}
  Status tidy();
  Result<Taken> begin(Pending item, const proof::Submission& submission);
  Result<Taken> addTo(Pending item, const proof::Note& note, const std::vector<ledger::Signer>& signers);
  Result<Taken> finish(Pending item, const proof::Submission& submission);
  Status close(Pending& item, PendingState state);
  Status requireRoom(const std::string& party) const;
  Result<std::vector<ledger::Signer>> signersOf(const proof::Note& note) const;
  Result<Pending> visible(const std::string& id, const ledger::Signer& reader) const;

  Site site_;
  ledger::Ledger* writer_;
  InboxLimits limits_;
  std::mutex mutex_;
  PendingStore store_;
};

}  // namespace pilotledger::service
