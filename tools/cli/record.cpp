// record, sign, submit.
#include <fmt/format.h>

#include "tools/cli/command.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/event_ids.h"
#include "tools/cli/terminal.h"
#include "tools/service/submissions.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kMaxSubmittedEvents = 1u << 30;

struct SignOptions {
  std::string file = "-";
  std::vector<std::string> keys;
  int passphraseFd = -1;
  std::size_t batch = 1000;
  bool dryRun = false;
};

void declareSigning(CLI::App& app, const Context& context, SignOptions& options) {
  app.add_option("--key", options.keys,
                 std::string(context.say("key file of a signer; repeat for several", "签署人密钥文件，可重复")))
      ->required();
  app.add_option(
      "--passphrase-fd", options.passphraseFd,
      std::string(context.say("read the passphrase of the keys from this descriptor", "从该描述符读取口令")));
}

Result<int> record(Context& context, const SignOptions& options) {
  PL_TRY(EventReader events, EventReader::open(options.file, context.clock));
  PL_TRY(auto keys, loadKeys(options.keys, options.passphraseFd));
  PL_TRY(auto ledger, openLedger(context, options.dryRun ? ledger::OpenMode::Rehearse : ledger::OpenMode::Write));
  PL_TRY(EventIds ids, EventIds::of(context, *ledger, keys));
  PL_TRY(Sealing sealing, Sealing::of(context, *ledger));
  RecordOptions how;
  how.batch = options.batch;
  how.rehearsal = options.dryRun;
  how.prepare = [&](std::vector<EventLine>& batch) -> Status {
    PL_CHECK(ids.derive(batch));
    return sealAll(sealing, batch, options.dryRun ? Keeping::Nothing : Keeping::Vault);
  };
  if (!options.dryRun) {
    PL_CHECK(writeDocument(context, ""));  // a file that cannot be made is said before anything is recorded
    how.receipt = [&](const ledger::AppendReceipt& receipt, const std::string& checkpoint) {
      ids.see(receipt);
      return writeDocument(context, receiptLine(receipt, checkpoint));
    };
  }
  auto recorded = recordAll(
      *ledger, [&] { return events.next(); }, keys, how);
  ids.say();
  if (!recorded.ok()) PL_CHECK(finishOutput(context));  // receipts of the batches before the one that failed
  if (!recorded.ok()) return recorded.error();
  if (*recorded == 0) return invalidInput("no event to record", "没有可记录的事件");
  if (options.dryRun && !context.quiet) {
    printRemark(context.say(
        Message{fmt::format("{} events would be recorded", *recorded), fmt::format("可记录 {} 个事件", *recorded)}));
  }
  return kOk;
}

Result<int> sign(Context& context, const SignOptions& options) {
  PL_TRY(std::string text, readFile(options.file, kMaxSubmittedEvents));
  PL_TRY(auto keys, loadKeys(options.keys, options.passphraseFd));
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  if (text.starts_with("pilotledger/submission-file/")) {
    PL_TRY(auto submission, proof::Submission::parse(text));
    PL_TRY([[maybe_unused]] auto note, proof::checkSubmission(ledger->suite(), submission, ledger->name()));
    for (const auto& key : keys) PL_CHECK(proof::addSignature(submission, key));
    PL_CHECK(writeDocument(context, submission.serialize()));
    return kOk;
  }
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

Result<int> submit(Context& context, const SignOptions& options) {
  PL_TRY(std::string text, readFile(options.file, proof::kMaxSubmissionFileBytes));
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::Write));
  PL_TRY(ledger::AppendResult appended, service::submit(context, *ledger, text));
  std::string receipts;
  for (const auto& receipt : appended.receipts) receipts += receiptLine(receipt, appended.checkpoint);
  PL_CHECK(writeDocument(context, receipts));
  return kOk;
}

}  // namespace

Action declareRecord(CLI::App& app, const Context& context) {
  auto options = std::make_shared<SignOptions>();
  app.add_option("file", options->file,
                 std::string(context.say("JSON or JSON Lines; '-' or nothing for standard input",
                                         "JSON 或 JSON Lines；“-”或省略为标准输入")));
  declareSigning(app, context, *options);
  app.add_option("--batch", options->batch,
                 std::string(context.say("events per signature and submission", "每次提交的事件数")))
      ->check(CLI::Range(1, 10000));
  app.add_flag("--dry-run", options->dryRun, std::string(context.say("check, record nothing", "仅检查，不记录")));
  return [options](Context& c) { return record(c, *options); };
}

Action declareSign(CLI::App& app, const Context& context) {
  auto options = std::make_shared<SignOptions>();
  app.add_option("file", options->file,
                 std::string(context.say("events, or a submission to countersign", "事件文件，或待会签的提交")))
      ->required();
  declareSigning(app, context, *options);
  return [options](Context& c) { return sign(c, *options); };
}

Action declareSubmit(CLI::App& app, const Context& context) {
  auto options = std::make_shared<SignOptions>();
  app.add_option("file", options->file, std::string(context.say("a signed submission", "已签署的提交")))->required();
  return [options](Context& c) { return submit(c, *options); };
}

}  // namespace pilotledger::cli
