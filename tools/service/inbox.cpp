#include "tools/service/inbox.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/base/civil_date.h"
#include "events/codec.h"
#include "events/reference.h"
#include "ledger/crypto/encoding.h"
#include "ledger/tlog/note.h"
#include "tools/service/confidentiality.h"
#include "tools/service/status.h"
#include "tools/service/submissions.h"

namespace pilotledger::service {
namespace {

constexpr std::int64_t kMsOfDay = 86'400'000;
constexpr std::size_t kMostClosed = 1000;

// The one answer for what is not there and for what is not shown.
Error notThere() {
  return makeError(ErrorCode::NotFound, "nothing of that id is pending for you", "您没有该编号的待签事项");
}

Error isClosed(const Pending& item) {
  const std::string_view state = pendingStateName(item.state);
  std::string_view zh = item.state == PendingState::Recorded    ? "已记录"
                        : item.state == PendingState::Declined  ? "已被拒签"
                        : item.state == PendingState::Withdrawn ? "已撤回"
                                                                : "已过期";
  return makeError(ErrorCode::Conflict, fmt::format("it is {} and takes no more signatures", state),
                   fmt::format("该提交{}，不再接受签名", zh));
}

bool namesOrFits(const ledger::LackingTerm& term, const ledger::Signer& reader) {
  if (term.parties.empty()) return ledger::fits(term, reader);
  return std::find(term.parties.begin(), term.parties.end(), reader.party) != term.parties.end();
}

template <typename Is>
bool anyTerm(const Pending& item, const Is& is) {
  for (const auto& event : item.lacking) {
    for (const auto& way : event.ways) {
      if (std::any_of(way.begin(), way.end(), is)) return true;
    }
  }
  return false;
}

bool hasDeclined(const Pending& item, const std::string& party) {
  return std::any_of(item.declines.begin(), item.declines.end(),
                     [&](const Pending::Decline& one) { return one.party == party; });
}

bool hasSignature(const Pending& item, const std::string& key) {
  return std::any_of(item.signatures.begin(), item.signatures.end(),
                     [&](const Pending::Signature& one) { return one.key == key; });
}

// An event that can be completed in no way any more: each asks for parties that have all declined.
bool cannotBeCompleted(const Pending& item) {
  auto isOut = [&](const ledger::LackingTerm& term) {
    return !term.parties.empty() && std::all_of(term.parties.begin(), term.parties.end(),
                                                [&](const std::string& party) { return hasDeclined(item, party); });
  };
  auto isClosedWay = [&](const ledger::LackingTerms& way) { return std::any_of(way.begin(), way.end(), isOut); };
  return std::any_of(item.lacking.begin(), item.lacking.end(), [&](const ledger::LackingSignatures& event) {
    return std::all_of(event.ways.begin(), event.ways.end(), isClosedWay);
  });
}

std::string receiptsText(const ledger::AppendResult& appended) {
  nlohmann::ordered_json receipts = nlohmann::ordered_json::array();
  for (const auto& receipt : appended.receipts) receipts.push_back(receiptJson(receipt, appended.checkpoint));
  return receipts.dump();
}

std::string idOf(const ledger::Ledger& ledger, const proof::Note& note) {
  return crypto::toHex(crypto::hash(ledger.suite(), viewOf(note.text)));
}

Status requireSmall(const proof::Submission& submission) {
  if (submission.events.size() <= kMaxPendingEvents) return {};
  return invalidInput(
      fmt::format("{} events; the inbox keeps submissions of at most {}: collect the signatures on the file itself "
                  "('pilotledger sign')",
                  submission.events.size(), kMaxPendingEvents),
      fmt::format("{} 个事件；待签箱每次最多 {} 个，请直接在提交文件上会签（pilotledger sign）",
                  submission.events.size(), kMaxPendingEvents));
}

Status describeEvents(const proof::Submission& submission, Pending& item) {
  item.events = submission.events.size();
  for (const Bytes& bytes : submission.events) {
    PL_TRY(events::Event event, events::Event::decode(bytes));
    ++item.kinds[event.kind().name];
    for (std::string& hash : events::committedHashes(event)) item.hashes.insert(std::move(hash));
  }
  return {};
}

}  // namespace

Standing standingOf(const Pending& item, const ledger::Signer& reader) {
  Standing standing;
  if (reader.party.empty()) return standing;
  standing.submitted = item.party == reader.party;
  standing.hasSigned = std::any_of(item.signatures.begin(), item.signatures.end(),
                                   [&](const Pending::Signature& one) { return one.party == reader.party; });
  standing.declined = hasDeclined(item, reader.party);
  standing.asked = item.isOpen() && !standing.declined &&
                   anyTerm(item, [&](const ledger::LackingTerm& term) { return namesOrFits(term, reader); });
  return standing;
}

Result<std::unique_ptr<Inbox>> Inbox::open(const Site& site, ledger::Ledger& writer, InboxLimits limits) {
  PL_TRY(PendingStore store, PendingStore::open(std::filesystem::path(site.ledgerDirectory) / kPendingFile));
  std::unique_ptr<Inbox> inbox(new Inbox(site, writer, limits, std::move(store)));
  std::vector<Pending> complete;
  for (const auto& [id, item] : inbox->store_.all()) {
    if (item.isOpen() && item.lacking.empty()) complete.push_back(item);
  }
  for (Pending& item : complete) {
    PL_TRY(proof::Submission submission, inbox->store_.submission(item.id));
    (void)inbox->finish(std::move(item), submission).ok();  // a refusal is kept with the item
  }
  PL_CHECK(inbox->tidy());
  return inbox;
}

Status Inbox::close(Pending& item, PendingState state) {
  item.state = state;
  item.closedMs = site_.clock();
  return store_.keep(item);
}

// Ends what has waited too long, and forgets what ended long ago.
Status Inbox::tidy() {
  const std::int64_t now = site_.clock();
  std::vector<Pending> late;
  std::vector<std::pair<std::int64_t, std::string>> closed;
  for (const auto& [id, item] : store_.all()) {
    if (!item.isOpen()) closed.emplace_back(item.closedMs, id);
    else if (item.untilMs <= now) late.push_back(item);
  }
  for (Pending& item : late) PL_CHECK(close(item, PendingState::Expired));
  std::sort(closed.begin(), closed.end());
  for (std::size_t i = 0; i < closed.size(); ++i) {
    bool old = closed[i].first + limits_.days * kMsOfDay <= now || closed.size() - i > kMostClosed;
    if (old) PL_CHECK(store_.remove(closed[i].second));
  }
  return {};
}

// All signatures, by keys that may sign today.
Result<std::vector<ledger::Signer>> Inbox::signersOf(const proof::Note& note) const {
  std::vector<ledger::Signer> signers;
  const std::int32_t today = events::civilDateOfUtcMs(site_.clock());
  for (const proof::NoteSignature& signature : note.signatures) {
    const std::string keyName = signature.keyName();
    PL_TRY(ledger::Signer signer, writer_->signer(keyName, today));
    PL_TRY(auto record, writer_->entity("key:" + keyName));
    PL_ASSERT(record.has_value());  // it has just been looked up
    PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::parse(record->get("vkey")));
    PL_CHECK(key.verify(viewOf(note.text), signature.signature));
    signers.push_back(std::move(signer));
  }
  return signers;
}

Status Inbox::requireRoom(const std::string& party) const {
  std::size_t open = 0, own = 0;
  for (const auto& [id, item] : store_.all()) {
    open += item.isOpen() ? 1 : 0;
    own += item.isOpen() && item.party == party ? 1 : 0;
  }
  if (own >= limits_.ofParty) {
    return makeError(ErrorCode::Unavailable,
                     fmt::format("{} submissions of {} are pending already; withdraw some first", own, party),
                     fmt::format("{} 已有 {} 项待签提交，请先撤回一部分", party, own));
  }
  if (open < limits_.all) return {};
  return makeError(ErrorCode::Unavailable, fmt::format("the inbox is full: {} submissions are pending", open),
                   fmt::format("待签箱已满：现有 {} 项", open));
}

Result<Inbox::Taken> Inbox::submit(std::string_view file) {
  PL_TRY(proof::Submission submission, proof::Submission::parse(file));
  PL_CHECK(requireSmall(submission));
  PL_TRY(proof::Note note, proof::checkSubmission(writer_->suite(), submission, writer_->name()));
  PL_TRY(Sealing sealing, Sealing::of(site_, *writer_));
  PL_CHECK(sealing.requireSealed(submission));
  PL_TRY(std::vector<ledger::Signer> signers, signersOf(note));
  Pending item;
  item.id = idOf(*writer_, note);
  item.party = signers.front().party;
  item.key = signers.front().key;
  PL_CHECK(describeEvents(submission, item));
  std::lock_guard lock(mutex_);
  PL_CHECK(tidy());
  const Pending* known = store_.find(item.id);
  if (known != nullptr && known->isOpen()) {
    auto added = addTo(*known, note, signers);
    if (added.ok()) return added;
    // That it is here already is for who is asked to sign it.
    PL_TRY([[maybe_unused]] ledger::Consideration considered, writer_->consider(submission));
    return added;
  }
  item.submittedMs = site_.clock();
  item.untilMs = item.submittedMs + limits_.days * kMsOfDay;
  for (const ledger::Signer& signer : signers) item.signatures.push_back({signer.party, signer.key, item.submittedMs});
  return begin(std::move(item), submission);
}

Result<Inbox::Taken> Inbox::begin(Pending item, const proof::Submission& submission) {
  PL_TRY(ledger::Consideration considered, writer_->consider(submission));
  item.lacking = std::move(considered.lacking);
  if (item.lacking.empty()) {
    PL_TRY(ledger::AppendResult appended, service::submit(site_, *writer_, submission, Reasons::ForAll));
    item.state = PendingState::Recorded;
    item.receipts = receiptsText(appended);
    return Taken{std::move(item), false, std::move(appended)};
  }
  PL_CHECK(requireRoom(item.party));
  PL_CHECK(store_.keep(item, submission));
  return Taken{std::move(item), false, std::nullopt};
}

Result<Inbox::Taken> Inbox::sign(const std::string& id, std::string_view text) {
  PL_TRY(proof::Note note, proof::Note::parse(text));
  if (idOf(*writer_, note) != id)
    return invalidInput("the note is signed over another submission", "该签名针对另一份提交");
  PL_TRY(std::vector<ledger::Signer> signers, signersOf(note));
  std::lock_guard lock(mutex_);
  PL_CHECK(tidy());
  const Pending* item = store_.find(id);
  bool shown = item != nullptr && std::any_of(signers.begin(), signers.end(), [&](const ledger::Signer& signer) {
                 return standingOf(*item, signer).sees();
               });
  if (!shown) return notThere();
  if (!item->isOpen()) return isClosed(*item);
  return addTo(*item, note, signers);
}

Result<Inbox::Taken> Inbox::addTo(Pending item, const proof::Note& note, const std::vector<ledger::Signer>& signers) {
  PL_TRY(proof::Submission submission, store_.submission(item.id));
  PL_TRY(proof::Note all, proof::Note::parse(submission.note));
  bool added = false;
  for (std::size_t i = 0; i < signers.size(); ++i) {
    const ledger::Signer& signer = signers[i];
    if (hasSignature(item, signer.key)) continue;
    if (!anyTerm(item, [&](const ledger::LackingTerm& term) { return ledger::fits(term, signer); })) {
      return makeError(
          ErrorCode::NotAuthorized,
          fmt::format("the signature of {} is not asked for; its party, role or division is not one of those that must "
                      "still sign",
                      signer.key),
          fmt::format("无须 {} 的签名：其主体、角色或管辖区划不在尚须签署之列", signer.key));
    }
    all.signatures.push_back(note.signatures[i]);
    item.signatures.push_back({signer.party, signer.key, site_.clock()});
    std::erase_if(item.declines, [&](const Pending::Decline& one) { return one.party == signer.party; });
    added = true;
  }
  if (!added && !item.lacking.empty()) return Taken{std::move(item), true, std::nullopt};
  submission.note = all.serialize();
  PL_TRY(ledger::Consideration considered, writer_->consider(submission));
  item.lacking = std::move(considered.lacking);
  PL_CHECK(store_.keepSigned(item, submission.note));
  if (!item.lacking.empty()) return Taken{std::move(item), false, std::nullopt};
  return finish(std::move(item), submission);
}

// It is complete. A crash between the two steps leaves it so, and it is recorded at the next opening.
Result<Inbox::Taken> Inbox::finish(Pending item, const proof::Submission& submission) {
  auto appended = service::submit(site_, *writer_, submission, Reasons::ForAll);
  if (!appended.ok()) {
    item.refusal = describeJson(appended.error());
    PL_CHECK(store_.keep(item));
    return std::move(appended).error();
  }
  item.receipts = receiptsText(*appended);
  item.refusal.clear();
  PL_CHECK(close(item, PendingState::Recorded));
  return Taken{std::move(item), false, std::move(appended).value()};
}

Result<Pending> Inbox::visible(const std::string& id, const ledger::Signer& reader) const {
  const Pending* item = store_.find(id);
  if (item == nullptr || !standingOf(*item, reader).sees()) return notThere();
  return *item;
}

Result<Pending> Inbox::decline(const std::string& id, const ledger::Signer& by, const std::string& reason) {
  if (reason.empty() || reason.size() > kMaxDeclineBytes) {
    return invalidInput(fmt::format("reason: expected 1..{} bytes", kMaxDeclineBytes),
                        fmt::format("reason：应为 1 至 {} 字节", kMaxDeclineBytes));
  }
  std::lock_guard lock(mutex_);
  PL_CHECK(tidy());
  PL_TRY(Pending item, visible(id, by));
  if (!item.isOpen()) return isClosed(item);
  if (!standingOf(item, by).asked) {
    return makeError(ErrorCode::Conflict, "your signature is not lacking (any more), so there is nothing to decline",
                     "您的签名并非待签，无须拒签");
  }
  item.declines.push_back({by.party, by.key, site_.clock(), reason});
  if (cannotBeCompleted(item)) {
    PL_CHECK(close(item, PendingState::Declined));
  } else {
    PL_CHECK(store_.keep(item));
  }
  return item;
}

Result<Pending> Inbox::withdraw(const std::string& id, const ledger::Signer& by) {
  std::lock_guard lock(mutex_);
  PL_CHECK(tidy());
  PL_TRY(Pending item, visible(id, by));
  if (!standingOf(item, by).submitted)
    return makeError(ErrorCode::NotAuthorized, "only the party that submitted it withdraws it; decline it instead",
                     "仅提交方可撤回；不同意请拒签");
  if (!item.isOpen()) return isClosed(item);
  PL_CHECK(close(item, PendingState::Withdrawn));
  return item;
}

Result<std::vector<Pending>> Inbox::list(const ledger::Signer& reader) {
  std::lock_guard lock(mutex_);
  PL_CHECK(tidy());
  std::vector<Pending> shown;
  for (const auto& [id, item] : store_.all()) {
    if (standingOf(item, reader).sees()) shown.push_back(item);
  }
  std::sort(shown.begin(), shown.end(), [](const Pending& a, const Pending& b) {
    return std::tie(b.submittedMs, b.id) < std::tie(a.submittedMs, a.id);
  });
  return shown;
}

Result<Pending> Inbox::find(const std::string& id, const ledger::Signer& reader) {
  std::lock_guard lock(mutex_);
  PL_CHECK(tidy());
  return visible(id, reader);
}

Result<Inbox::OnFile> Inbox::onFile(const std::string& hash, const ledger::Signer& reader) {
  std::lock_guard lock(mutex_);
  PL_CHECK(tidy());
  OnFile found;
  Standing& all = found.standing;
  for (const auto& [id, item] : store_.all()) {
    if (!item.isOpen() || !item.hashes.contains(hash)) continue;
    const Standing one = standingOf(item, reader);
    all.submitted = all.submitted || one.submitted;
    all.hasSigned = all.hasSigned || one.hasSigned;
    all.asked = all.asked || one.asked;
    all.declined = all.declined || one.declined;
    if (!one.sees()) continue;
    for (const Pending::Signature& signature : item.signatures) found.signers.insert(signature.party);
  }
  return found;
}

Result<proof::Submission> Inbox::submission(const std::string& id, const ledger::Signer& reader) {
  std::lock_guard lock(mutex_);
  PL_TRY(Pending item, visible(id, reader));
  if (!item.isOpen()) return isClosed(item);
  return store_.submission(id);
}

}  // namespace pilotledger::service
