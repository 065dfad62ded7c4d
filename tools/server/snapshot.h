// The ledger at one position, for many readers at once: the log, its read model, its proofs.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "ledger/prover.h"
#include "query/model/read_model.h"
#include "tools/service/entries.h"
#include "tools/service/site.h"

namespace pilotledger::server {

// Thread-safe. What it lends goes back by itself; a snapshot lives as long as anything lent by it.
class Snapshot : public std::enable_shared_from_this<Snapshot> {
 public:
  // `confirmed`, given a size, waits until more than half of the nodes hold it and gives the note with their lines.
  using Confirmed = std::function<Result<std::string>(std::uint64_t size)>;
  static Result<std::shared_ptr<Snapshot>> open(const service::Site& site, const Confirmed& confirmed);
  ~Snapshot();

  const ledger::Ledger& ledger() const { return *ledger_; }
  std::uint64_t size() const { return ledger_->size(); }
  // The signed note, with the cosignatures of witnesses and of nodes.
  Result<std::string> checkpoint() const;

  using Scope = std::shared_ptr<const service::EntryReaderScope>;
  // What `reader` ("", public, audit, party:ID) sees on that day; judged once for a position and a day.
  Result<Scope> scope(const std::string& reader, std::int32_t today);

  using Model = std::shared_ptr<query::ReadModel>;
  // A connection of one's own to the read model, caught up, as that reader sees it. Waits for none.
  Result<Model> model(const Scope& reader);

  // One proof at a time: build while it is locked.
  struct Prover {
    std::unique_lock<std::mutex> lock;
    ledger::Prover* prover = nullptr;
    ledger::Prover* operator->() const { return prover; }
  };
  Result<Prover> prover();

 private:
  Snapshot(const service::Site& site, std::unique_ptr<ledger::Ledger> ledger, Confirmed confirmed, std::string note);
  struct Restricted {
    std::unique_ptr<query::ReadModel> model;
    Scope reader;  // to whom it is restricted; null: to nobody yet
  };
  Result<Restricted> freeModel(const Scope& reader);
  void giveBack(Restricted model);
  Result<std::shared_ptr<const query::UnsealedNumbers>> numbers();

  service::Site site_;
  std::unique_ptr<ledger::Ledger> ledger_;
  const Confirmed confirmed_;
  const std::string note_;  // as the nodes signed it

  std::mutex scopes_;
  std::map<std::pair<std::string, std::int32_t>, Scope> known_;

  std::mutex models_;
  std::vector<Restricted> free_;
  std::shared_ptr<const query::UnsealedNumbers> numbers_;  // of the vault

  std::mutex proving_;
  std::unique_ptr<ledger::Prover> prover_;
};

// The newest snapshot; made when somebody asks after the ledger has grown.
class Snapshots {
 public:
  Snapshots(service::Site site, const ledger::Ledger& writer) : site_(std::move(site)), writer_(&writer) {}
  // Holds at least what the writer had acknowledged when this was called; of several nodes, only what more than half
  // of them hold: what was confirmed before, while no majority answers.
  Result<std::shared_ptr<Snapshot>> newest();
  // Without waiting and without opening: what newest() gave last; null before.
  std::shared_ptr<Snapshot> last();

 private:
  service::Site site_;
  const ledger::Ledger* writer_;
  std::mutex opening_;                             // one opens, the others take what it opened
  std::chrono::steady_clock::time_point again_{};  // of whoever opens: before that no majority is waited for
  std::mutex taking_;
  std::shared_ptr<Snapshot> newest_;
};

}  // namespace pilotledger::server
