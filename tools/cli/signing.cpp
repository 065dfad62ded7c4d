// sign, submit; what a submission says.
#include "tools/cli/signing.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "events/json.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/event_card.h"
#include "tools/cli/event_ids.h"
#include "tools/cli/remote.h"
#include "tools/cli/taken_back.h"
#include "tools/cli/terminal.h"
#include "tools/service/submissions.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kMaxSubmittedEvents = 1u << 30;
constexpr std::size_t kShownEvents = 20;  // of a long submission

struct SignOptions : SigningOptions {
  std::string file;
};

struct SubmitOptions {
  std::string file;
  bool dryRun = false;
  bool pending = false;
};

// As the ledger would take it now: how many of its events are recorded already, or why it would not.
Result<std::size_t> rehearse(const Context& context, const proof::Submission& submission) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::Rehearse));
  PL_TRY(ledger::AppendResult appended, ledger->append(submission));
  return static_cast<std::size_t>(std::count_if(appended.receipts.begin(), appended.receipts.end(),
                                                [](const auto& receipt) { return receipt.repeated; }));
}

// In one line; of an error without the program's name before it.
std::string verdictText(const Context& context, const Result<std::size_t>& recorded, std::size_t events) {
  if (recorded.ok() && *recorded == 0)
    return std::string(context.say("complete: it would be recorded", "签署齐备，可以记录"));
  if (recorded.ok()) {
    return context.say(Message{fmt::format("{} of {} events are recorded already", *recorded, events),
                               fmt::format("{} 个事件中已有 {} 个在账本中", events, *recorded)});
  }
  std::string text = describe(recorded.error(), context.language);
  constexpr std::string_view kName = "pilotledger: ";
  return text.starts_with(kName) ? text.substr(kName.size()) : text;
}

struct OpenSubmission {
  std::unique_ptr<ledger::Ledger> ledger;
  std::vector<events::Event> events;
  std::vector<std::string> signers;  // name+keyid
  int edition = 1;
};

Result<OpenSubmission> openSubmission(const Context& context, const proof::Submission& submission) {
  OpenSubmission open;
  PL_TRY(open.ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(proof::Note note, proof::checkSubmission(open.ledger->suite(), submission, open.ledger->name()));
  for (const proof::NoteSignature& one : note.signatures) open.signers.push_back(one.keyName());
  for (const Bytes& bytes : submission.events) {
    PL_TRY(events::Event event, events::Event::decode(bytes));
    open.events.push_back(std::move(event));
  }
  PL_TRY(open.edition, editionOf(*open.ledger));
  return open;
}

Result<int> countersign(Context& context, const SignOptions& options, std::string_view text) {
  PL_TRY(auto submission, proof::Submission::parse(text));
  PL_TRY(auto keys, loadKeys(options.keys, options.passphraseFd));
  PL_TRY(std::string card, submissionCard(context, submission));
  if (someoneWatches()) PL_CHECK(showAndAsk(context, card, options.asking()));
  for (const auto& key : keys) PL_CHECK(proof::addSignature(submission, key));
  PL_CHECK(writeDocument(context, submission.serialize()));
  return kOk;
}

Result<int> sign(Context& context, const SignOptions& options) {
  PL_TRY(std::string text, readFile(options.file, kMaxSubmittedEvents));
  if (isSubmission(text)) return countersign(context, options, text);
  PL_TRY(auto keys, loadKeys(options.keys, options.passphraseFd));
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(auto events, readEvents(text, options.file, context.clock));
  PL_TRY(EventIds ids, EventIds::of(context, *ledger, keys));
  PL_CHECK(ids.derive(events));
  PL_TRY(Sealing sealing, Sealing::of(context, *ledger));
  PL_CHECK(sealAll(sealing, events));
  std::vector<Bytes> bytes;
  for (auto& event : events) bytes.push_back(std::move(event.bytes));
  std::vector<const crypto::SigningKey*> signers;
  for (const auto& key : keys) signers.push_back(&key);
  PL_TRY(auto submission, proof::makeSubmission(ledger->suite(), ledger->name(), std::move(bytes), signers));
  PL_CHECK(writeDocument(context, submission.serialize()));
  return kOk;
}

Result<int> submit(Context& context, const SubmitOptions& options) {
  PL_TRY(std::string text, readFile(options.file, proof::kMaxSubmissionFileBytes));
  if (isRemote(context)) {
    PL_CHECK(requireServed({{"--dry-run", options.dryRun}}));
    return options.pending ? remotePending(context, text) : remoteSubmit(context, text);
  }
  if (options.pending) return invalidInput("--pending needs --server URL", "--pending 须给出 --server");
  PL_TRY(auto ledger, openLedger(context, options.dryRun ? ledger::OpenMode::Rehearse : ledger::OpenMode::Write));
  PL_TRY(ledger::AppendResult appended, service::submit(context, *ledger, text, service::Reasons::ForAll));
  RecordedBefore before;
  std::string receipts;
  for (const auto& receipt : appended.receipts) {
    PL_CHECK(before.see(*ledger, receipt));
    receipts += receiptLine(receipt, appended.checkpoint);
  }
  before.say(context);
  if (options.dryRun) {
    sayRehearsed(context, appended.receipts.size(), before.count);
  } else {
    PL_CHECK(writeDocument(context, receipts));
  }
  return kOk;
}

}  // namespace

bool isSubmission(std::string_view text) { return text.starts_with("pilotledger/submission-file/"); }

void SigningOptions::declare(CLI::App& app, const Context& context) {
  app.add_option("--key", keys,
                 std::string(context.say("key file of a signer; repeat for several", "签署人密钥文件，可重复")))
      ->required();
  app.add_option(
      "--passphrase-fd", passphraseFd,
      std::string(context.say("read the passphrase of the keys from this descriptor", "从该描述符读取口令")));
  app.add_flag("--yes", yes,
               std::string(context.say("do not ask on the terminal before signing", "签署前不在终端询问")));
}

Status showAndAsk(const Context& context, const std::string& card, Asking asking) {
  if (!context.quiet) printRemark(card);
  if (asking == Asking::Never || !someoneWatches()) return {};
  if (askYes(std::string(context.say("Sign this? [y/N]", "是否签署？[y/N]")))) return {};
  return invalidInput("not signed: the answer was not yes", "未签署：未作肯定答复");
}

Result<std::string> submissionCard(const Context& context, const proof::Submission& submission) {
  PL_TRY(OpenSubmission open, openSubmission(context, submission));
  std::string text =
      context.say(Message{fmt::format("A submission of {} events for {}\n", open.events.size(), open.ledger->origin()),
                          fmt::format("提交：{} 个事件，账本 {}\n", open.events.size(), open.ledger->origin())});
  for (std::size_t i = 0; i < open.events.size() && i < kShownEvents; ++i) {
    text += eventCard(context, *open.ledger, open.events[i], {});
    text += cardLine(context, "must be signed by", "应由以下各方签署",
                     ruleText(context, open.events[i].kind(), open.edition));
  }
  if (open.events.size() > kShownEvents) {
    text += context.say(Message{fmt::format("… and {} more\n", open.events.size() - kShownEvents),
                                fmt::format("……另有 {} 个\n", open.events.size() - kShownEvents)});
  }
  for (const std::string& key : open.signers)
    text += cardLine(context, "signed by", "已签署", signerText(context, *open.ledger, key), 0);
  text += cardLine(context, "the ledger says", "账本判断",
                   verdictText(context, rehearse(context, submission), open.events.size()), 0);
  return text;
}

Result<std::string> submissionJson(const Context& context, const proof::Submission& submission) {
  PL_TRY(OpenSubmission open, openSubmission(context, submission));
  nlohmann::ordered_json json = {{"origin", open.ledger->origin()}, {"events", nlohmann::ordered_json::array()}};
  for (const events::Event& event : open.events) {
    json["events"].push_back(events::jsonOf(event));
    json["mustSign"].push_back(event.kind().signersOf(open.edition).text);
  }
  json["signers"] = open.signers;
  auto recorded = rehearse(context, submission);
  json["complete"] = recorded.ok();
  if (recorded.ok()) json["recordedAlready"] = *recorded;
  else json["why"] = recorded.error().message.en;
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Action declareSign(CLI::App& app, const Context& context) {
  auto options = std::make_shared<SignOptions>();
  app.add_option("file", options->file,
                 std::string(context.say("events, or a submission to countersign", "事件文件，或待会签的提交")))
      ->required();
  options->declare(app, context);
  return [options](Context& c) { return sign(c, *options); };
}

Action declareSubmit(CLI::App& app, const Context& context) {
  auto options = std::make_shared<SubmitOptions>();
  app.add_option("file", options->file, std::string(context.say("a signed submission", "已签署的提交")))->required();
  app.add_flag("--dry-run", options->dryRun, std::string(context.say("check, record nothing", "仅检查，不记录")));
  app.add_flag("--pending", options->pending,
               std::string(context.say("with --server: what lacks signatures waits there for those who must sign",
                                       "配合 --server：签名未齐的提交留在服务器，等待应签各方签署")));
  return [options](Context& c) { return submit(c, *options); };
}

}  // namespace pilotledger::cli
