#include "tools/follow/follow.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "events/base/byte_fields.h"
#include "events/base/whole_file.h"
#include "ledger/proof/fork_evidence.h"
#include "ledger/tlog/note.h"

namespace pilotledger::follow {
namespace {

namespace fs = std::filesystem;

Error noCommits(const std::string& source) {
  return makeError(ErrorCode::NotFound, source + ": no commit to begin with", source + "：没有可复制的提交");
}

// Of the log's keys, the one that signed both.
crypto::VerifyKey signerOf(const ledger::LogKeys& keys, std::string_view one, std::string_view other) {
  auto first = proof::Note::parse(one), second = proof::Note::parse(other);
  for (const auto& term : keys.terms()) {
    bool both = first.ok() && second.ok() && first->findSignature(term.key) && second->findSignature(term.key);
    if (both) return term.key;
  }
  return keys.current();
}

// A page of the source and what its batches say, read ahead of the one that is being added.
struct Fetched {
  service::CommitPage page;
  std::vector<ledger::Batch> batches;
};

}  // namespace

Status beginCopy(Source& source, const fs::path& directory) {
  PL_TRY(crypto::VerifyKey key, source.foundingKey());
  PL_TRY(service::CommitPage page, source.page(0));
  if (page.commits.empty()) return noCommits(source.name());
  const ledger::SignedCommit& first = page.commits.front();
  PL_CHECK(ledger::LedgerCopy::create(directory, key, first));
  PL_TRY(auto copy, ledger::LedgerCopy::open(directory));
  PL_CHECK(copy->follows(source.name()));
  PL_TRY(ledger::Batch batch, copy->read(first.batch));
  PL_CHECK(copy->add(batch, first.note));
  return copy->save();
}

Result<Follower> Follower::of(Source& source, const fs::path& directory, std::unique_ptr<ledger::LedgerCopy> copy) {
  PL_TRY(crypto::VerifyKey key, source.foundingKey());
  if (key != copy->logKeys().first()) {
    return makeError(ErrorCode::Conflict,
                     fmt::format("{} holds the ledger that {} founded, and {} is another, founded by {}",
                                 directory.string(), copy->logKeys().first().vkey(), source.name(), key.vkey()),
                     fmt::format("{} 中的账本由 {} 创立，而 {} 为另一账本，由 {} 创立", directory.string(),
                                 copy->logKeys().first().vkey(), source.name(), key.vkey()));
  }
  Follower follower(source, directory, std::move(copy));
  PL_CHECK(follower.compare());
  PL_CHECK(follower.copy_->follows(source.name()));
  return follower;
}

// Of the newest checkpoint and the copy, the smaller is a beginning of the greater.
Status Follower::requireSameHistory() {
  const std::uint64_t own = copy_->size();
  if (own == newest_.size) return copy_->root() == newest_.root ? Status() : Status(forked(note_));
  const bool longer = newest_.size > own;
  PL_TRY(proof::NodeReader nodes, longer ? source_->nodes(newest_.size) : Result<proof::NodeReader>(copy_->nodes()));
  auto suite = copy_->logKeys().first().suite();
  PL_TRY(Digest shared, proof::rootAt(suite, std::min(own, newest_.size), nodes));
  return shared == (longer ? copy_->root() : newest_.root) ? Status() : Status(forked(note_));
}

void Follower::measure() {
  lag_.entries = copy_->size();
  lag_.behind = newest_.size - std::min(newest_.size, copy_->size());
  if (lag_.behind == 0) lag_.behindMs = 0;
}

Status Follower::compare() {
  PL_TRY(note_, source_->newest());
  PL_TRY(newest_, proof::readCheckpoint(note_));
  PL_CHECK(requireSameHistory());
  measure();
  const std::uint64_t own = copy_->size();
  if (newest_.size >= own) return {};
  return makeError(
      ErrorCode::Corruption,
      fmt::format("{} has {} entries, and this copy holds {} that the log has signed: it was put back to an older "
                  "state. Nothing may be recorded there before it has them: follow this copy from it",
                  source_->name(), newest_.size, own),
      fmt::format("{} 仅有 {} 条，而本副本持有日志已签署的 {} 条：对方已回退到旧状态。补齐之前不得在该处记录，"
                  "可令其跟随本副本补齐",
                  source_->name(), newest_.size, own));
}

Error Follower::forked(const std::string& note) {
  auto other = proof::readCheckpoint(note);
  bool theirs = other.ok() && other->size >= copy_->size();
  auto nodes = theirs ? source_->nodes(other->size) : Result<proof::NodeReader>(copy_->nodes());
  auto evidence = nodes.ok() ? proof::findFork(signerOf(copy_->logKeys(), copy_->checkpoint(), note),
                                               copy_->checkpoint(), note, *nodes)
                             : Result<proof::ForkEvidence>(nodes.error());
  fs::path path = directory_ / kForkFile;
  bool kept = evidence.ok() && writeWholeFile(path, evidence->serialize(), {.mode = 0600}).ok();
  std::string en = fmt::format(
      "{} shows another history than the {} entries of this copy, which the log has signed. Nothing more is copied; "
      "tell the operator and auditors",
      source_->name(), copy_->size());
  std::string zh = fmt::format("{} 出示的历史与本副本的 {} 条（日志已签署）不相承接。已停止复制，请告知运营方与审计方",
                               source_->name(), copy_->size());
  if (kept) {
    en += fmt::format(". Evidence: {} (pilotledger verify {})", path.string(), path.string());
    zh += fmt::format("。证据：{}（pilotledger verify {}）", path.string(), path.string());
  }
  return makeError(ErrorCode::Corruption, std::move(en), std::move(zh));
}

// What the log has signed, with what was ordered for it: whoever holds the same ledger can build it and compare.
Error Follower::keepCommit(Error error, const ledger::SignedCommit& commit) {
  if (error.code != ErrorCode::Corruption) return error;
  fs::path path = directory_ / kCommitFile;
  FieldWriter bytes;
  bytes.number(commit.size, 8);
  bytes.text(commit.note);
  bytes.text(commit.batch);
  if (!writeWholeFile(path, bytes.take(), {.mode = 0600}).ok()) return error;
  error.message.en += fmt::format(". Kept: {}", path.string());
  error.message.zh += fmt::format("。已留存：{}", path.string());
  return error;
}

Status Follower::take(const service::CommitPage& page, std::vector<ledger::Batch> batches) {
  for (std::size_t i = 0; i < page.commits.size(); ++i) {
    Status added = copy_->add(batches[i], page.commits[i].note);
    if (added.ok()) continue;
    sound_ = false;
    return keepCommit(std::move(added).error(), page.commits[i]);
  }
  Status saved = copy_->save();
  sound_ = saved.ok();
  return saved;
}

Status Follower::catchUp(const std::function<void(const Lag&)>& report) {
  withheld_ = false;
  PL_CHECK(compare());
  if (lag_.behind > 0) {
    PL_CHECK(fetchUpToNewest(report));
    PL_CHECK(requireSameHistory());
    withheld_ = lag_.behind > 0;
    if (!withheld_ && report) report(lag_);
  }
  if (!withheld_) return {};
  return makeError(
      ErrorCode::ProofRejected,
      fmt::format("{} has signed {} entries and gives the commits of {} only: it holds something back; tell "
                  "the operator",
                  source_->name(), newest_.size, copy_->size()),
      fmt::format("{} 已签署 {} 条，却只给出截至 {} 条的提交：有所保留，请告知运营方", source_->name(), newest_.size,
                  copy_->size()));
}

// Until the copy holds what the checkpoint covers, or no more comes.
Status Follower::fetchUpToNewest(const std::function<void(const Lag&)>& report) {
  auto fetch = [this](std::uint64_t from) -> Result<Fetched> {
    Fetched fetched;
    PL_TRY(fetched.page, source_->page(from));
    for (const auto& commit : fetched.page.commits) {
      auto batch = copy_->read(commit.batch);
      if (!batch.ok()) return keepCommit(std::move(batch).error(), commit);
      fetched.batches.push_back(std::move(batch).value());
    }
    return fetched;
  };
  auto ahead = [&](std::uint64_t from) { return std::async(std::launch::async, fetch, from); };
  for (std::future<Result<Fetched>> next = ahead(copy_->size());;) {
    PL_TRY(Fetched fetched, next.get());
    const service::CommitPage& page = fetched.page;
    bool end = page.commits.empty();
    std::uint64_t to = end ? copy_->size() : page.commits.back().size;
    bool more = !end && to < newest_.size;
    if (more) next = ahead(to);
    Status taken = take(page, std::move(fetched.batches));
    if (!taken.ok() && more) next.wait();
    PL_CHECK(std::move(taken));
    lag_.behindMs = std::max<std::int64_t>(0, page.newestRecordedAtMs - copy_->newestRecordedAtMs());
    measure();
    if (!end && lag_.behind > 0 && report) report(lag_);  // the end is told when the root is found to be the signed one
    if (!more) return {};
  }
}

}  // namespace pilotledger::follow
