#include "ledger/commit/committer.h"

#include <algorithm>
#include <iterator>

namespace pilotledger::ledger {
namespace {

constexpr std::uint64_t kMaxBuiltCommits = 2;  // one being written, one waiting for it

}  // namespace

// One append() call: what its own thread has checked, and where the answer goes.
struct Committer::Request {
  Admitted admitted;  // none: only what others ordered is to be taken
  std::size_t bytes = 0;
  std::optional<Result<Consideration>> considered;  // there where nothing is to be recorded
  Result<AppendResult> answer = AppendResult{};

  // Its thread sleeps here until the answer is there, or until it is its turn to lead.
  enum class Signal { None, Lead, Done };
  Signal wait() {
    std::unique_lock lock(mutex);
    waking.wait(lock, [&] { return signal != Signal::None; });
    return std::exchange(signal, Signal::None);
  }
  void wake(Signal what) {
    std::lock_guard lock(mutex);  // held while notifying: the request dies when its caller goes on
    signal = what;
    waking.notify_one();
  }
  void give(Result<AppendResult> result) {
    answer = std::move(result);
    wake(Signal::Done);
  }
  std::size_t events() const { return admitted ? admitted->events.size() : 0; }
  bool correctsClock() const { return admitted && admitted->clockCorrection() != nullptr; }

 private:
  std::mutex mutex;
  std::condition_variable waking;
  Signal signal = Signal::None;
};

Committer::Committer(const LedgerIdentity& identity, LogKeys logKeys, std::optional<SigningKeys> keys, Store& store,
                     TreeStore tree, Clock clock, std::int64_t lastRecordedAtMs, std::unique_ptr<Sequencer> sequencer)
    : identity_(identity),
      admission_(identity_, logKeys, store),
      builder_(identity_, logKeys, store, std::move(tree), lastRecordedAtMs),
      sequencer_(std::move(sequencer)),
      clock_(std::move(clock)),
      logKeys_(std::move(logKeys)) {
  if (!keys) return;
  if (keys->next) nextKey_ = keys->next->verifyKey();
  writer_.emplace(store, std::move(*keys));
}

// Of who proposes: once the order is fixed, what lies on this machine decides nothing. What the rules refuse anyway is
// refused in their words.
Status Committer::requireNextKey(const AdmittedSubmission& admitted, std::int64_t recordedAtMs) {
  const events::Event* event = admitted.rotation();
  if (event == nullptr) return {};
  std::string_view named = event->reader().getBody().getLogKeyRotated().getNewKey().cStr();
  {
    std::shared_lock lock(keysMutex_);
    // One that is recorded already gets its first receipt again.
    bool past = std::any_of(logKeys_.terms().begin(), logKeys_.terms().end(),
                            [&](const LogKeys::Term& term) { return term.key.vkey() == named; });
    if (past || (nextKey_ && nextKey_->vkey() == named)) return {};
  }
  PL_CHECK(builder_.rehearse(admitted, recordedAtMs));
  return makeError(ErrorCode::Unavailable,
                   "the next log key must be at hand to sign from here on: use 'pilotledger key rotate-log'",
                   "新日志密钥须在场，以便自此签署：请使用 pilotledger key rotate-log");
}

Result<std::shared_ptr<Committer::Request>> Committer::requestFor(const proof::Submission& submission) const {
  auto request = std::make_shared<Request>();
  // Not owned: the caller waits here, and his submission with him.
  std::shared_ptr<const proof::Submission> borrowed(std::shared_ptr<void>(), &submission);
  PL_TRY(request->admitted, admission_.admit(std::move(borrowed)));
  for (const Bytes& event : submission.events) request->bytes += event.size();
  // Junk by keys that nobody bound takes no turn. Asked in this order: what binds keys and was under way before is
  // stored once it is counted no more. In a rehearsal nothing is ever stored.
  if (writer_ && binding_ == 0) PL_CHECK(admission_.requireBound(*request->admitted));
  return request;
}

Result<AppendResult> Committer::append(const proof::Submission& submission) {
  PL_TRY(std::shared_ptr<Request> request, requestFor(submission));
  return answer(request);
}

Result<Consideration> Committer::consider(const proof::Submission& submission) {
  PL_TRY(std::shared_ptr<Request> request, requestFor(submission));
  request->considered = Consideration{};
  PL_TRY([[maybe_unused]] AppendResult none, answer(request));
  return std::move(*request->considered);
}

Status Committer::follow() {
  auto request = std::make_shared<Request>();
  PL_TRY([[maybe_unused]] AppendResult none, takeTurn(request));
  return {};
}

Result<AppendResult> Committer::answer(const std::shared_ptr<Request>& request) {
  if (!request->admitted->bindsKeys()) return takeTurn(request);
  ++binding_;
  auto answered = takeTurn(request);
  --binding_;
  return answered;
}

Result<AppendResult> Committer::takeTurn(const std::shared_ptr<Request>& request) {
  std::unique_lock lock(mutex_);
  if (poison_) return *poison_;
  requests_.push_back(request);
  if (leading_) {
    lock.unlock();
    if (request->wait() == Request::Signal::Done) return std::move(request->answer);
    lock.lock();
  }
  leading_ = true;
  lead(std::move(lock));
  return std::move(request->answer);
}

// Proposes all that waits, the caller's own request included, and builds and writes what is ordered up to it.
// While one leader writes, the next one builds; a third waits, and with it all who come meanwhile.
void Committer::lead(std::unique_lock<std::mutex> lock) {
  canBuild_.wait(lock, [&] { return built_ - written_ < kMaxBuiltCommits; });
  Requests taken = takeRequests(), following, requests;
  lock.unlock();
  std::partition_copy(taken.begin(), taken.end(), std::back_inserter(requests), std::back_inserter(following),
                      [](const auto& request) { return request->admitted != nullptr; });
  Status taking = following.empty() ? Status() : takeOrdered();
  for (auto& request : following)
    request->give(taking.ok() ? Result(AppendResult{}) : Result<AppendResult>(taking.error()));
  while (!requests.empty()) {
    retireDurableCommits();
    Batch batch = cut(requests);
    if (requests.empty()) break;
    Result<std::optional<std::uint64_t>> number = sequencer_->propose(std::move(batch));
    Status others = number.ok() ? number->has_value() ? Status() : takeOrdered() : Status(number.error());
    if (!others.ok()) {
      answerAll(requests, others.error());
      break;
    }
    if (!number->has_value()) continue;
    auto ordered = sequencer_->next();
    PL_ASSERT(ordered.ok() && *ordered && (*ordered)->number == **number);
    commitNext(**ordered, requests);
    return;
  }
  lock.lock();
  passLead();
}

void Committer::answerAll(const Requests& requests, const Error& error) {
  for (const auto& request : requests) request->give(error);
}

// What the requests propose, with the time it gets. Leaves those in `requests` that are in it; the others are answered.
Batch Committer::cut(Requests& requests) {
  const std::int64_t now = clock_(), last = builder_.lastRecordedAtMs();
  Batch batch{requests.front()->correctsClock() ? now : std::max(now, last), {}};
  const Status timely = now - last > kFarAheadMs && holdTime_ ? holdTime_(now) : Status();
  Requests kept;
  for (auto& request : requests) {
    if (request->considered) {
      *request->considered = builder_.consider(*request->admitted, batch.recordedAtMs);
      request->give(AppendResult{});
      continue;
    }
    Status may = timely.ok() ? requireNextKey(*request->admitted, batch.recordedAtMs) : timely;
    if (may.ok()) {
      batch.submissions.push_back(request->admitted);
      kept.push_back(std::move(request));
    } else {
      request->give(std::move(may).error());
    }
  }
  requests = std::move(kept);
  return batch;
}

// Of others, as far as the order goes now.
Status Committer::takeOrdered() {
  while (true) {
    PL_TRY(std::optional<Ordered> ordered, sequencer_->next());
    if (!ordered) return {};
    retireDurableCommits();
    if (auto failed = commitNext(*ordered, {})) return *failed;
  }
}

// Builds it, and writes it when it is its turn. Whoever proposed it has passed the lead by then.
std::optional<Error> Committer::commitNext(const Ordered& ordered, const Requests& requests) {
  Result<Commit> commit = builder_.build(ordered.batch);
  Result<Built> built = commit.ok() ? Result<Built>(Built{ordered.number, ordered.mark, std::move(commit).value()})
                                    : Result<Built>(std::move(commit).error());
  std::unique_lock lock(mutex_);
  std::uint64_t turn = built_++;  // commits are written in the order they were built
  if (!requests.empty()) passLead();
  writeTurn_.wait(lock, [&] { return written_ == turn; });
  lock.unlock();
  finish(std::move(built), requests);
  lock.lock();
  return poison_;
}

// What corrects the clock goes alone: it is of the clock's own time, all else of no earlier one than the newest
// entry's.
Committer::Requests Committer::takeRequests() {
  Requests taken;
  std::size_t events = 0, bytes = 0;
  auto front = [&]() -> const Request& { return *requests_.front(); };
  auto fits = [&] {
    return events + front().events() <= kMaxCommitEvents && bytes + front().bytes <= sequencer_->softBytes() &&
           !front().correctsClock();
  };
  for (bool alone = false; !requests_.empty() && !alone && (taken.empty() || fits());) {
    alone = front().correctsClock();
    events += front().events();
    bytes += front().bytes;
    taken.push_back(std::move(requests_.front()));
    requests_.pop_front();
  }
  return taken;
}

void Committer::passLead() {
  if (requests_.empty()) {
    leading_ = false;
  } else {
    requests_.front()->wake(Request::Signal::Lead);
  }
}

// What has become durable since can be read from the store again.
void Committer::retireDurableCommits() {
  std::uint64_t settled = 0;
  {
    std::lock_guard lock(mutex_);
    std::swap(settled, settled_);
  }
  for (; settled > 0; --settled) builder_.retireDurable();
}

Status Committer::makeDurable(Built& built, Durable& result) {
  const Commit& commit = built.commit;
  result = {commit.checkpoint.size, commit.checkpoint.root, {}};
  if (writer_) {
    PL_TRY(result.checkpoint, writer_->write(built.commit, built.mark));
    sequencer_->forget(built.number);
    if (!commit.empty() && onDurable_) PL_CHECK(onDurable_(result));
  }
  if (!commit.rotation) return {};
  admission_.know(commit.rotation->next);
  std::unique_lock lock(keysMutex_);
  logKeys_.add(commit.rotation->index, commit.rotation->next);
  nextKey_.reset();
  return {};
}

// Writes the commit, then answers everybody in it.
void Committer::finish(Result<Built> built, const Requests& requests) {
  Status written;
  {
    std::lock_guard lock(mutex_);
    if (poison_) written = *poison_;
  }
  Durable result;
  if (written.ok()) written = built.ok() ? makeDurable(*built, result) : Status(built.error());
  if (!written.ok()) poison(written.error());
  bool recorded = written.ok() && !built->commit.empty();
  std::string checkpoint;
  {
    std::lock_guard lock(mutex_);
    ++written_;
    if (recorded) durable_ = std::move(result);
    if (recorded && writer_) ++settled_;
    checkpoint = durable_.checkpoint;
  }
  writeTurn_.notify_all();
  canBuild_.notify_all();
  if (recorded && built->commit.rotation && onRotation_) onRotation_();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    Commit::Outcome* outcome = built.ok() ? &built->commit.outcomes[i] : nullptr;
    if (outcome != nullptr && !outcome->status.ok()) {
      requests[i]->give(outcome->status.error());
    } else if (!written.ok()) {
      requests[i]->give(written.error());
    } else {
      requests[i]->give(AppendResult{std::move(outcome->receipts), checkpoint});
    }
  }
}

void Committer::freeze(const Error& error) {
  std::lock_guard lock(mutex_);
  poison_ = error;
}

// After a failed write nothing more is signed (I7).
void Committer::poison(const Error& error) {
  std::lock_guard lock(mutex_);
  if (poison_) return;
  poison_ = error;
  poison_->message.en += "; the ledger is read-only until it is opened again";
  if (!poison_->message.zh.empty()) poison_->message.zh += "；重新打开之前账本只读";
}

LogKeys Committer::logKeys() const {
  std::shared_lock lock(keysMutex_);
  return logKeys_;
}

Durable Committer::durable() const {
  std::lock_guard lock(mutex_);
  return durable_;
}

Status Committer::signNewest(std::uint64_t size, const Digest& root) {
  PL_ASSERT(writer_.has_value());
  Durable newest{size, root, {}};
  PL_TRY(newest.checkpoint, writer_->signNewest({identity_.origin, size, root}));
  setDurable(std::move(newest));
  return {};
}

}  // namespace pilotledger::ledger
