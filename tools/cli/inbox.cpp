// inbox: submissions at a server that wait for signatures. What is signed is shown from the bytes themselves, which are
// checked to be of this log; keys stay here.
#include <fmt/format.h>

#include <algorithm>

#include "events/codec.h"
#include "events/json.h"
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/suite.h"
#include "ledger/tlog/note.h"
#include "tools/cli/inbox_text.h"
#include "tools/cli/remote.h"
#include "tools/cli/signing.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {

using remote::Json;
using remote::RemoteLog;
using remote::textOf;

namespace {

constexpr std::size_t kShownOfDraft = 20;  // of a long submission

struct InboxOptions : SigningOptions {
  std::string id;
  std::string reason;
  CLI::App* show = nullptr;
  CLI::App* sign = nullptr;
  CLI::App* decline = nullptr;
  CLI::App* withdraw = nullptr;
};

bool forPrograms(const Context& context) { return context.format != "table"; }

Error notPending(const std::string& id) {
  return makeError(ErrorCode::NotFound, fmt::format("nothing of the id {} is pending for you; see 'inbox'", id),
                   fmt::format("您没有编号为 {} 的待签事项；请用 inbox 查看", id));
}

Result<Json> listed(RemoteLog& log) {
  PL_TRY(Json json, log.askAside("/v1/pending"));
  Json items = remote::memberOf(json, "pending");
  if (items.is_array()) return items;
  return makeError(ErrorCode::Unavailable, log.server() + ": the answer is not an inbox",
                   log.server() + "：答复不是待签列表");
}

// The whole id of the only item that begins so.
Result<std::string> wholeId(RemoteLog& log, const std::string& id) {
  constexpr std::size_t kDigits = 64;
  if (id.empty() || id.size() > kDigits || id.find_first_not_of("0123456789abcdef") != id.npos)
    return invalidInput("an id is of hex digits, as 'inbox' shows them", "编号为十六进制数字，见 inbox 所列");
  if (id.size() == kDigits) return id;
  PL_TRY(Json items, listed(log));
  std::vector<std::string> found;
  for (const Json& item : items) {
    if (textOf(item, "id").starts_with(id)) found.push_back(textOf(item, "id"));
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) return notPending(id);
  return invalidInput(fmt::format("{} items begin with {}; give more digits", found.size(), id),
                      fmt::format("有 {} 项以 {} 开头，请多给几位", found.size(), id));
}

std::string pathOf(const std::string& id, std::string_view what = "") {
  return fmt::format("/v1/pending/{}{}", id, what);
}

// The submission, checked to be the one of that id and for the log that this machine knows.
struct Draft {
  proof::Submission submission;
  proof::Note note;
  std::vector<events::Event> events;
};

Status requireThisLog(RemoteLog& log, const proof::LedgerName& meant) {
  std::string founding = log.key().vkey();
  if (meant.foundingKey != founding) {  // this machine may know the log by a later key
    PL_TRY(Json about, log.askAside("/v1/ledger"));
    founding = textOf(about, "founding_key");
  }
  if (meant.origin == log.key().name() && meant.foundingKey == founding) return {};
  return makeError(ErrorCode::InvalidInput,
                   fmt::format("the submission is meant for another ledger, {} {}; nothing is signed", meant.origin,
                               meant.foundingKey),
                   fmt::format("该提交用于另一账本 {} {}，未签署", meant.origin, meant.foundingKey));
}

Result<Draft> fetch(RemoteLog& log, const std::string& id) {
  PL_TRY(std::string file, log.text(pathOf(id, "/file")));
  Draft draft;
  PL_TRY(draft.submission, proof::Submission::parse(file));
  PL_TRY(draft.note, proof::Note::parse(draft.submission.note));
  PL_TRY(proof::SubmissionBody body, proof::SubmissionBody::parse(draft.note.text));
  PL_CHECK(requireThisLog(log, body.ledger));
  PL_TRY(draft.note, proof::checkSubmission(log.key().suite(), draft.submission, body.ledger));
  if (crypto::toHex(crypto::hash(log.key().suite(), viewOf(draft.note.text))) != id) return notPending(id);
  for (const Bytes& bytes : draft.submission.events) {
    PL_TRY(events::Event event, events::Event::decode(bytes));
    draft.events.push_back(std::move(event));
  }
  return draft;
}

std::string draftCard(const Context& context, RemoteLog& log, const Json& item, const Draft& draft) {
  const CardNames names = remoteNames(context, log);
  std::string text = pendingHead(context, item);
  for (std::size_t i = 0; i < draft.events.size() && i < kShownOfDraft; ++i)
    text += eventCard(context, names, events::jsonOf(draft.events[i]));
  if (draft.events.size() > kShownOfDraft) {
    text += context.say(Message{fmt::format("… and {} more: --format json\n", draft.events.size() - kShownOfDraft),
                                fmt::format("……另有 {} 个：--format json\n", draft.events.size() - kShownOfDraft)});
  }
  return text + pendingSigners(context, item);
}

Result<int> list(Context& context, RemoteLog& log) {
  PL_TRY(Json items, listed(log));
  std::string text;
  if (context.format == "json") text = items.dump(2) + "\n";
  for (const Json& item : items) {
    if (context.format == "jsonl") text += item.dump() + "\n";
    if (!forPrograms(context)) text += pendingLines(context, item);
  }
  if (items.empty() && !forPrograms(context)) text = context.say("nothing is pending for you\n", "没有待签事项\n");
  PL_CHECK(writeOutput(context, text));
  return kOk;
}

Result<int> show(Context& context, RemoteLog& log, const std::string& given) {
  PL_TRY(std::string id, wholeId(log, given));
  PL_TRY(Json item, log.askAside(pathOf(id)));
  if (forPrograms(context)) {
    PL_CHECK(writeOutput(context, item.dump(context.format == "jsonl" ? -1 : 2) + "\n"));
    return kOk;
  }
  std::string text = pendingHead(context, item) + pendingSigners(context, item);
  if (textOf(item, "state") == "open") {
    PL_TRY(Draft draft, fetch(log, id));
    text = draftCard(context, log, item, draft);
  }
  PL_CHECK(writeOutput(context, text));
  return kOk;
}

// What a server says of it after a signature; receipts where that was the last one, each proved.
Result<int> sayTaken(Context& context, RemoteLog& log, const http::Response& response, const proof::Submission& sent) {
  PL_TRY(Json item, remote::jsonOf(response));
  if (textOf(item, "state") == "recorded") {
    const Json receipts = remote::memberOf(item, "receipts");
    PL_CHECK(requireReceipts(log, receipts, sent));
    PL_CHECK(writeDocument(context, receiptLines(receipts)));
    return kOk;
  }
  PL_CHECK(writeOutput(context, forPrograms(context) ? item.dump() + "\n" : pendingLines(context, item)));
  return kOk;
}

Result<int> sign(Context& context, RemoteLog& log, const InboxOptions& options) {
  PL_TRY(std::string id, wholeId(log, options.id));
  PL_TRY(auto keys, loadKeys(options.keys, options.passphraseFd));
  PL_TRY(Json item, log.askAside(pathOf(id)));
  PL_TRY(Draft draft, fetch(log, id));
  if (someoneWatches() || !context.quiet)
    PL_CHECK(showAndAsk(context, draftCard(context, log, item, draft), options.asking()));
  proof::Note signedNote{draft.note.text, {}};
  for (const auto& key : keys) {
    PL_TRY(proof::NoteSignature signature, proof::signNote(draft.note.text, key));
    signedNote.signatures.push_back(std::move(signature));
  }
  PL_TRY(http::Response response, log.post(pathOf(id, "/signatures"), "text/plain", signedNote.serialize()));
  return sayTaken(context, log, response, draft.submission);
}

Result<int> end(Context& context, RemoteLog& log, const InboxOptions& options) {
  PL_TRY(std::string id, wholeId(log, options.id));
  const std::string reason = Json{{"reason", options.reason}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  auto response =
      options.decline->parsed() ? log.post(pathOf(id, "/decline"), "application/json", reason) : log.remove(pathOf(id));
  if (!response.ok()) return std::move(response).error();
  PL_TRY(Json item, remote::jsonOf(*response));
  PL_CHECK(writeOutput(context, forPrograms(context) ? item.dump() + "\n" : pendingLines(context, item)));
  return kOk;
}

Result<int> inbox(Context& context, const InboxOptions& options) {
  if (!isRemote(context))
    return invalidInput("the inbox is at a server: give --server URL", "待签箱位于服务器：请给出 --server");
  PL_TRY(RemoteLog log, openRemote(context));
  if (options.show->parsed()) return show(context, log, options.id);
  if (options.sign->parsed()) return sign(context, log, options);
  if (options.decline->parsed() || options.withdraw->parsed()) return end(context, log, options);
  return list(context, log);
}

}  // namespace

Result<int> remotePending(Context& context, std::string_view submission) {
  PL_TRY(proof::Submission sent, proof::Submission::parse(submission));
  PL_TRY(RemoteLog log, openRemote(context));
  PL_TRY(http::Response response, log.post("/v1/pending", "application/octet-stream", submission));
  return sayTaken(context, log, response, sent);
}

Action declareInbox(CLI::App& app, const Context& context) {
  auto options = std::make_shared<InboxOptions>();
  auto add = [&](const char* name, std::string_view en, std::string_view zh) {
    CLI::App* one = app.add_subcommand(name, std::string(context.say(en, zh)));
    one->add_option(
           "id", options->id,
           std::string(context.say("as the list shows it; the first digits will do", "列表所示编号，前几位即可")))
        ->required();
    return one;
  };
  options->show = add("show", "one of them in words: its events, who has signed, who must still",
                      "显示一项：事件内容、已签与应签各方");
  options->sign = add("sign", "show it, and sign it with a key that stays here; with the last signature it is recorded",
                      "显示后以本机密钥签署；签名齐备即记录");
  options->SigningOptions::declare(*options->sign, context);
  options->decline = add("decline", "decline to sign it", "拒签");
  options->decline
      ->add_option(
          "--reason", options->reason,
          std::string(context.say("why, for the submitter and those who signed", "理由，供提交方与已签各方查看")))
      ->required();
  options->withdraw = add("withdraw", "take back what one has submitted", "撤回本方的提交");
  return [options](Context& c) { return inbox(c, *options); };
}

}  // namespace pilotledger::cli
