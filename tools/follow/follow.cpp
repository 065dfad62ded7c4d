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
  PL_TRY(auto copy, ledger::LedgerCopy::open(directory, source.name()));
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
  return follower;
}

Status Follower::compare() {
  PL_TRY(std::string note, source_->newest());
  PL_TRY(proof::Checkpoint newest, proof::readCheckpoint(note));
  const std::uint64_t own = copy_->size();
  const bool longer = newest.size >= own;
  PL_TRY(proof::NodeReader nodes, longer ? source_->nodes(newest.size) : Result<proof::NodeReader>(copy_->nodes()));
  auto suite = copy_->logKeys().first().suite();
  PL_TRY(Digest shared, proof::rootAt(suite, std::min(own, newest.size), nodes));
  if (shared != (longer ? copy_->root() : newest.root)) return forked(note);
  if (longer) {
    lag_.entries = own;
    lag_.behind = newest.size - own;
    return {};
  }
  return makeError(
      ErrorCode::Corruption,
      fmt::format("{} has {} entries, and this copy holds {} that the log has signed: it was put back to an older "
                  "state. Nothing may be recorded there before it has them: follow this copy from it",
                  source_->name(), newest.size, own),
      fmt::format("{} 仅有 {} 条，而本副本持有日志已签署的 {} 条：对方已回退到旧状态。补齐之前不得在该处记录，"
                  "可令其跟随本副本补齐",
                  source_->name(), newest.size, own));
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
    bool more = !end && to < page.entries;
    if (more) next = ahead(to);
    Status taken = take(page, std::move(fetched.batches));
    if (!taken.ok() && more) next.wait();
    PL_CHECK(std::move(taken));
    lag_ = {copy_->size(), page.entries - std::min(page.entries, copy_->size()), 0};
    if (lag_.behind > 0) lag_.behindMs = page.newestRecordedAtMs - copy_->newestRecordedAtMs();
    if (!end && report) report(lag_);
    if (!more) return {};
  }
}

}  // namespace pilotledger::follow
