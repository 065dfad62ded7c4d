// Asking the witnesses of a ledger for cosignatures over the network.
#include <fmt/format.h>
#include <sodium.h>

#include <set>

#include "ledger/countersignatures.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/witness_request.h"
#include "tools/cli/terminal.h"
#include "tools/cli/witness.h"

namespace pilotledger::cli {

using ledger::Ledger;
using proof::PolicyWitness;

namespace {

constexpr int kMaxRounds = 4;  // a witness that others feed meanwhile moves on

Error unavailable(const PolicyWitness& witness, std::string en, std::string zh) {
  return makeError(ErrorCode::Unavailable, fmt::format("witness {}: {}", witness.name, en),
                   fmt::format("见证方 {}：{}", witness.name, zh));
}

}  // namespace

std::uint64_t lastSeen(const std::vector<ledger::Countersigned>& rows, const proof::CosignerKey& key) {
  std::uint64_t seen = 0;
  for (const auto& row : rows) {
    if (row.cosignature && row.cosignature->witness.vkey() == key.vkey()) seen = row.cosignature->size;
  }
  return seen;
}

Status keepLines(Ledger& ledger, const PolicyWitness& witness, const std::string& checkpoint,
                 const std::string& lines) {
  auto note = proof::Note::parse(checkpoint + lines);
  if (!note.ok())
    return std::move(note).error().within("the answer of witness " + witness.name,
                                          "见证方 " + witness.name + " 的答复");
  PL_TRY(proof::Checkpoint about, proof::Checkpoint::parseBody(note->text));
  for (const proof::NoteSignature& signature : note->signatures) {
    if (signature.keyId == witness.key.id() && signature.name == witness.key.name()) {
      return ledger::keepCosignature(ledger, about.size, witness.key, signature);
    }
  }
  return unavailable(witness, "its answer has no cosignature by its key", "答复中没有其密钥的联署");
}

Error refusal(const PolicyWitness& witness, const witness::Verdict& verdict) {
  std::string why = verdict.body.substr(0, verdict.body.find('\n'));
  std::string hint = verdict.status == 404 || verdict.status == 403
                         ? "; its operator runs 'witness add-log' with this log's public key"
                         : "";
  return unavailable(witness, fmt::format("refuses ({}): {}{}", verdict.status, why, hint),
                     fmt::format("拒绝（{}）：{}{}", verdict.status, why,
                                 hint.empty() ? "" : "；须由其运营者用 witness add-log 登记本日志公钥"));
}

namespace {

Result<witness::Verdict> ask(const std::string& origin, const PolicyWitness& witness, const std::string& body,
                             const http::ClientOptions& options) {
  std::string prefix = witness.url;
  while (prefix.ends_with('/')) prefix.pop_back();
  http::Call call{"POST", "", {{"Content-Type", "text/plain; charset=utf-8"}}, body};
  PL_TRY(auto answer, http::callOnce(prefix + "/add-checkpoint", call, options));
  witness::Verdict verdict{answer.status, std::string(answer.body.view()), ""};
  if (answer.status == 409 || answer.status == 422) {
    PL_TRY(auto newest,
           http::callOnce(fmt::format("{}/{}/checkpoint", prefix, witness::logHex(origin)), http::Call(), options));
    if (newest.status == 200) verdict.newest = newest.body.view();
  }
  return verdict;
}

// Takes what a witness answered; the size to ask from next when it wants another proof.
Result<std::optional<std::uint64_t>> take(Ledger& ledger, const PolicyWitness& witness, const std::string& checkpoint,
                                          const witness::Verdict& verdict, std::uint64_t askedFrom) {
  if (verdict.status == 200) {
    PL_CHECK(keepLines(ledger, witness, checkpoint, verdict.body));
    return std::optional<std::uint64_t>();
  }
  if (verdict.status != 409 && verdict.status != 422) return refusal(witness, verdict);
  // What it says is a claim; the checkpoint that it shows is signed by this log, and halts the ledger when the entries
  // here do not lead to it. Not every witness shows one.
  if (!verdict.newest.empty()) {
    PL_TRY([[maybe_unused]] bool leads, ledger::compareCheckpoint(ledger, verdict.newest));
  }
  if (verdict.status == 422) return refusal(witness, verdict);
  PL_TRY(std::uint64_t seen,
         proof::parseDecimal(verdict.body.substr(0, verdict.body.find('\n')), "size that the witness has seen"));
  if (seen > ledger.size()) {
    return unavailable(
        witness,
        fmt::format("it says that it saw {} entries, the ledger has {}; if this is an older copy, sign nothing and put "
                    "back the newer one",
                    seen, ledger.size()),
        fmt::format("称已见 {} 条，账本仅有 {} 条；若为旧副本，请勿签署并恢复较新的副本", seen, ledger.size()));
  }
  if (seen == askedFrom) return refusal(witness, verdict);
  return std::optional(seen);
}

// One witness that has not cosigned yet.
struct Inquiry {
  const PolicyWitness* witness;
  std::uint64_t from = 0;  // what it has seen, as far as we know
  std::string body{};      // the request
  std::string checkpoint{};
  std::optional<witness::Verdict> verdict{};
};

// A collection of cosignatures: the ledger is read, then closed while witnesses are asked, then opened to keep what
// they answered. Whoever asked for another proof is asked again.
class Collection {
 public:
  Collection(const Context& context, const proof::WitnessPolicy& policy, const http::ClientOptions& http)
      : context_(context), policy_(policy), http_(http) {}
  ~Collection() { sodium_memzero(secret_.data(), secret_.size()); }

  Status run() {
    PL_TRY(secret_, logKeySecret(context_));  // asked for once
    PL_CHECK(prepare());
    for (int round = 0; round < kMaxRounds && !open_.empty(); ++round) {
      if (round > 0) PL_CHECK(prepare());
      askAll();
      PL_CHECK(keepAnswers());
    }
    for (const Inquiry& left : open_)
      tell(unavailable(*left.witness, "moved on each time it was asked", "每次询问期间其状态均已变化"));
    return fork_ ? Status(std::move(*fork_)) : Status();
  }

  // The newest of the checkpoints asked about whose cosignatures make the quorum; else the newest, and the quorum's
  // refusal.
  Result<std::pair<std::string, Status>> outcome() const {
    PL_TRY(auto ledger, openLedger(context_, ledger::OpenMode::ReadOnly));
    std::optional<std::pair<std::string, Status>> newest;
    for (auto size = asked_.rbegin(); size != asked_.rend(); ++size) {
      PL_TRY(std::string note, ledger::cosignedCheckpoint(*ledger, *size));
      PL_TRY(proof::Note parsed, proof::Note::parse(note));
      Status quorum = policy_.requireQuorum(parsed);
      if (quorum.ok() || !newest) newest.emplace(std::move(note), quorum);
      if (quorum.ok()) break;
    }
    return std::move(*newest);
  }

 private:
  void tell(const Error& error) const { printRemark(describe(error, context_.language)); }

  Status prepare() {
    PL_TRY(auto ledger, openLedger(context_, ledger::OpenMode::ReadOnly));
    if (asked_.empty()) {
      origin_ = ledger->origin();
      asked_.insert(ledger->size());
      PL_TRY(auto before, ledger::countersigned(*ledger));
      for (const PolicyWitness& witness : policy_.witnesses()) {
        if (!witness.url.empty()) open_.push_back({&witness, lastSeen(before, witness.key)});
      }
    }
    for (Inquiry& inquiry : open_) {
      // About one checkpoint for all, so that they make a quorum; only who has seen more is asked about a newer one.
      std::uint64_t size = inquiry.from <= *asked_.begin() ? *asked_.begin() : ledger->size();
      asked_.insert(size);
      PL_TRY(inquiry.body, ledger::witnessRequest(*ledger, inquiry.from, size));
      PL_TRY(inquiry.checkpoint, ledger->checkpointOf(size));
    }
    return {};
  }

  // Without any hold on the ledger: others record meanwhile.
  void askAll() {
    for (Inquiry& inquiry : open_) {
      auto verdict = ask(origin_, *inquiry.witness, inquiry.body, http_);
      if (!verdict.ok()) tell(verdict.error());
      inquiry.verdict = verdict.ok() ? std::optional(std::move(verdict).value()) : std::nullopt;
    }
    std::erase_if(open_, [](const Inquiry& inquiry) { return !inquiry.verdict; });
  }

  Status keepAnswers() {
    if (open_.empty()) return {};
    PL_TRY(auto ledger, openWhenFree(context_, secret_));
    std::vector<Inquiry> again;
    for (Inquiry& inquiry : open_) {
      auto next = take(*ledger, *inquiry.witness, inquiry.checkpoint, *inquiry.verdict, inquiry.from);
      if (!next.ok() && next.error().code == ErrorCode::Corruption) {
        fork_ = std::move(next).error();
      } else if (!next.ok()) {
        tell(next.error());
      } else if (*next) {
        again.push_back({inquiry.witness, **next});
      } else if (!context_.quiet) {
        printRemark(fmt::format("{} {}", inquiry.witness->name, context_.say("cosigned", "已联署")));
      }
    }
    open_ = std::move(again);
    return {};
  }

  const Context& context_;
  const proof::WitnessPolicy& policy_;
  const http::ClientOptions& http_;
  std::string secret_;
  std::string origin_;
  std::vector<Inquiry> open_;
  std::set<std::uint64_t> asked_;  // sizes of the checkpoints asked about
  std::optional<Error> fork_;
};

}  // namespace

Result<int> collectCosignatures(Context& context, const http::ClientOptions& http) {
  PL_TRY(proof::WitnessPolicy policy, ledgerPolicy(context));
  Collection collection(context, policy, http);
  PL_CHECK(collection.run());
  PL_TRY(auto outcome, collection.outcome());
  auto& [note, quorum] = outcome;
  PL_CHECK(writeOutput(context, note));
  if (quorum.ok()) return kOk;
  PL_CHECK(finishOutput(context));
  Error missing = std::move(quorum).error();
  missing.code = ErrorCode::Unavailable;
  return missing;
}

}  // namespace pilotledger::cli
