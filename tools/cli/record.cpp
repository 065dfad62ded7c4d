// record, sign, submit.
#include <fmt/format.h>

#include "tools/cli/command.h"
#include "tools/cli/private.h"

namespace pilotledger::cli {
namespace {

struct Options {
  std::string file = "-";
  std::vector<std::string> keys;
  int passphraseFd = -1;
  std::size_t batch = 1000;
  bool dryRun = false;
};

void declareSigning(CLI::App& app, const Context& context, Options& options) {
  app.add_option("--key", options.keys, std::string(context.say("key file of a signer; repeat for several", "签署人密钥文件，可重复")))->required();
  app.add_option("--passphrase-fd", options.passphraseFd, std::string(context.say("read the passphrase of the keys from this descriptor", "从该描述符读取口令")));
}

Status printReceipt(Context& context, const ledger::Receipt& receipt, const std::string& checkpoint) {
  return writeOutput(context, receiptJson(receipt, checkpoint));
}

Result<int> record(Context& context, const Options& options) {
  PL_TRY(std::string text, readFile(options.file, kMaxEventsFile));
  PL_TRY(auto events, readEvents(text, options.file == "-" ? "stdin" : options.file, context.clock));
  if (events.empty()) return invalidInput("no event to record", "没有可记录的事件");
  PL_TRY(auto keys, loadKeys(options.keys, options.passphraseFd));
  PL_TRY(auto ledger, openLedger(context, options.dryRun ? ledger::OpenMode::Rehearse : ledger::OpenMode::Write));
  PL_TRY(Sealing sealing, Sealing::of(context, ledger->suite()));
  PL_CHECK(sealing.sealAll(events, !options.dryRun));
  RecordOptions how;
  how.batch = options.batch;
  if (!options.dryRun) {
    PL_CHECK(writeOutput(context, ""));  // a file that cannot be made is said before anything is recorded
    how.receipt = [&](const ledger::Receipt& receipt, const std::string& checkpoint) { return printReceipt(context, receipt, checkpoint); };
  }
  auto recorded = recordAll(*ledger, events, keys, how);
  if (!recorded.ok()) PL_CHECK(finishOutput(context));  // receipts of the batches before the one that failed
  if (!recorded.ok()) return recorded.error();
  if (options.dryRun && !context.quiet) {
    fmt::print(stderr, "{}\n", context.say(Message{fmt::format("{} events would be recorded", *recorded), fmt::format("可记录 {} 个事件", *recorded)}));
  }
  return kOk;
}

Result<int> sign(Context& context, const Options& options) {
  PL_TRY(std::string text, readFile(options.file, kMaxEventsFile));
  PL_TRY(auto keys, loadKeys(options.keys, options.passphraseFd));
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  if (text.starts_with("pilotledger/submission-file/")) {
    PL_TRY(auto submission, proof::Submission::parse(text));
    PL_TRY([[maybe_unused]] auto note, proof::checkSubmission(ledger->suite(), submission, ledger->origin()));
    for (const auto& key : keys) PL_CHECK(proof::addSignature(submission, key));
    PL_CHECK(writeOutput(context, submission.serialize()));
    return kOk;
  }
  PL_TRY(auto events, readEvents(text, options.file, context.clock));
  PL_TRY(Sealing sealing, Sealing::of(context, ledger->suite()));
  PL_CHECK(sealing.sealAll(events));
  std::vector<Bytes> bytes;
  for (auto& event : events) bytes.push_back(std::move(event.bytes));
  std::vector<const crypto::SigningKey*> signers;
  for (const auto& key : keys) signers.push_back(&key);
  PL_TRY(auto submission, proof::makeSubmission(ledger->suite(), ledger->origin(), std::move(bytes), signers));
  PL_CHECK(writeOutput(context, submission.serialize()));
  return kOk;
}

Result<int> submit(Context& context, const Options& options) {
  PL_TRY(std::string text, readFile(options.file, proof::kMaxSubmissionFileBytes));
  PL_TRY(auto submission, proof::Submission::parse(text));
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::Write));
  PL_TRY(ledger::Appended appended, ledger->append(submission));
  std::string receipts;
  for (const auto& receipt : appended.receipts) receipts += receiptJson(receipt, appended.checkpoint);
  PL_CHECK(writeOutput(context, receipts));
  return kOk;
}

}  // namespace

Action declareRecord(CLI::App& app, const Context& context) {
  auto options = std::make_shared<Options>();
  app.add_option("file", options->file, std::string(context.say("JSON or JSON Lines; '-' or nothing for standard input", "JSON 或 JSON Lines；“-”或省略为标准输入")));
  declareSigning(app, context, *options);
  app.add_option("--batch", options->batch, std::string(context.say("events per signature and submission", "每次提交的事件数")))->check(CLI::Range(1, 10000));
  app.add_flag("--dry-run", options->dryRun, std::string(context.say("check, record nothing", "仅检查，不记录")));
  return [options](Context& c) { return record(c, *options); };
}

Action declareSign(CLI::App& app, const Context& context) {
  auto options = std::make_shared<Options>();
  app.add_option("file", options->file, std::string(context.say("events, or a submission to countersign", "事件文件，或待会签的提交")))->required();
  declareSigning(app, context, *options);
  return [options](Context& c) { return sign(c, *options); };
}

Action declareSubmit(CLI::App& app, const Context& context) {
  auto options = std::make_shared<Options>();
  app.add_option("file", options->file, std::string(context.say("a signed submission", "已签署的提交")))->required();
  return [options](Context& c) { return submit(c, *options); };
}

}  // namespace pilotledger::cli
