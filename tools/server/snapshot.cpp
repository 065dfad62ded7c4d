#include "tools/server/snapshot.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "ledger/countersignatures.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/note.h"
#include "tools/service/confidentiality.h"

namespace pilotledger::server {
namespace {

constexpr std::size_t kMostScopes = 1000;  // readers remembered at one position
constexpr std::size_t kMostFreeModels = 8;
constexpr std::chrono::milliseconds kMostWait{1'000};  // for more than half of the nodes

// The size that a note is over; "" is a note over any.
Result<bool> isOver(std::uint64_t size, const std::string& note) {
  if (note.empty()) return true;
  PL_TRY(proof::Note parsed, proof::Note::parse(note));
  PL_TRY(proof::Checkpoint about, proof::Checkpoint::parseBody(parsed.text));
  return about.size == size;
}

// Opened at a size that more than half of the nodes signed. A node that was behind has passed sizes that it never got
// their signatures for; when they signed a larger one it holds that too, and is read again.
template <typename Open, typename Opened = std::decay_t<decltype(std::declval<Open&>()().value())>>
Result<std::pair<Opened, std::string>> openConfirmed(const Snapshot::Confirmed& confirmed, Open open) {
  const auto until = std::chrono::steady_clock::now() + kMostWait;
  do {
    PL_TRY(auto opened, open());
    PL_TRY(std::string note, confirmed(opened->size()));
    PL_TRY(bool over, isOver(opened->size(), note));
    if (over) return std::pair(std::move(opened), std::move(note));
  } while (std::chrono::steady_clock::now() < until);
  return makeError(ErrorCode::Unavailable, "this node is catching up with the others; ask again",
                   "本节点正在追赶其他节点，请稍后重试");
}

}  // namespace

Snapshot::Snapshot(const service::Site& site, std::unique_ptr<ledger::Ledger> ledger, Confirmed confirmed,
                   std::string note)
    : site_(site), ledger_(std::move(ledger)), confirmed_(std::move(confirmed)), note_(std::move(note)) {}
Snapshot::~Snapshot() = default;

Result<std::shared_ptr<Snapshot>> Snapshot::open(const service::Site& site, const Confirmed& confirmed) {
  PL_TRY(auto opened, openConfirmed(confirmed, [&] {
           return ledger::Ledger::open(site.ledgerDirectory, ledger::OpenMode::ReadOnly, site.clock);
         }));
  return std::shared_ptr<Snapshot>(new Snapshot(site, std::move(opened.first), confirmed, std::move(opened.second)));
}

Result<std::string> Snapshot::checkpoint() const {
  PL_TRY(std::string kept, ledger::cosignedCheckpoint(*ledger_, size()));
  return proof::withSignaturesOf(kept, note_);
}

Result<Snapshot::Scope> Snapshot::scope(const std::string& reader, std::int32_t today) {
  {
    std::lock_guard lock(scopes_);
    if (auto known = known_.find({reader, today}); known != known_.end()) return known->second;
  }
  PL_TRY(query::ReaderScope seen, query::ReaderScope::of(*ledger_, reader, today));
  auto made = std::make_shared<const service::EntryReaderScope>(std::move(seen));
  std::lock_guard lock(scopes_);
  if (known_.size() >= kMostScopes) known_.clear();
  known_[{reader, today}] = made;
  return Scope(made);
}

// One that is restricted to that reader already, where there is one.
Result<Snapshot::Restricted> Snapshot::freeModel(const Scope& reader) {
  {
    std::lock_guard lock(models_);
    auto same = std::find_if(free_.begin(), free_.end(), [&](const Restricted& one) { return one.reader == reader; });
    if (same == free_.end() && !free_.empty()) same = std::prev(free_.end());
    if (same != free_.end()) {
      Restricted taken = std::move(*same);
      free_.erase(same);
      return taken;
    }
  }
  PL_TRY(auto model, query::ReadModel::open(*ledger_, service::viewsPlace(site_)));
  return Restricted{std::move(model), nullptr};
}

void Snapshot::giveBack(Restricted model) {
  std::lock_guard lock(models_);
  if (free_.size() < kMostFreeModels) free_.push_back(std::move(model));
}

Result<std::shared_ptr<const query::UnsealedNumbers>> Snapshot::numbers() {
  std::lock_guard lock(models_);
  if (numbers_ == nullptr) {
    PL_TRY(auto opened, service::openedNumbers(site_, *ledger_));
    numbers_ = std::make_shared<const query::UnsealedNumbers>(std::move(opened));
  }
  return numbers_;
}

Result<Snapshot::Model> Snapshot::model(const Scope& reader) {
  PL_TRY(Restricted own, freeModel(reader));
  if (own.reader != reader) {
    PL_TRY(auto opened, numbers());
    PL_CHECK(own.model->restrictTo(reader->scope(), *opened));
  }
  query::ReadModel* lent = own.model.release();
  return Model(lent, [self = shared_from_this(), reader](query::ReadModel* model) {
    self->giveBack({std::unique_ptr<query::ReadModel>(model), reader});
  });
}

Result<Snapshot::Prover> Snapshot::prover() {
  std::unique_lock lock(proving_);
  if (prover_ == nullptr) {
    PL_TRY(auto opened, openConfirmed(confirmed_, [&] { return ledger::Prover::open(site_.ledgerDirectory, {}); }));
    PL_CHECK(opened.first->addSignaturesOf(opened.second));
    prover_ = std::move(opened.first);
  }
  return Prover{std::move(lock), prover_.get()};
}

Result<std::shared_ptr<Snapshot>> Snapshots::newest() {
  std::uint64_t wanted = writer_->size();
  auto isEnough = [&](const std::shared_ptr<Snapshot>& one) { return one != nullptr && one->size() >= wanted; };
  if (auto known = last(); isEnough(known)) return known;
  std::lock_guard opening(opening_);
  if (auto known = last(); isEnough(known)) return known;
  // A receipt may have been given meanwhile: its reader finds the entry here.
  const bool waits = std::chrono::steady_clock::now() < again_ && !writer_->confirmed(wanted, {}).ok();
  if (auto known = last(); known != nullptr && waits) return known;
  auto made =
      Snapshot::open(site_, [writer = writer_](std::uint64_t size) { return writer->confirmed(size, kMostWait); });
  std::lock_guard taking(taking_);
  if (!made.ok() && made.error().code == ErrorCode::Unavailable && newest_ != nullptr) {
    again_ = std::chrono::steady_clock::now() + kMostWait;  // who reads is not kept waiting by nodes that are gone
    // Nor shown less than somebody has a receipt for.
    if (!writer_->confirmed(newest_->size() + 1, {}).ok()) return newest_;
  }
  PL_TRY(newest_, std::move(made));
  return newest_;
}

std::shared_ptr<Snapshot> Snapshots::last() {
  std::lock_guard taking(taking_);
  return newest_;
}

}  // namespace pilotledger::server
