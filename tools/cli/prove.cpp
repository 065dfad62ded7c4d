// prove event, prove entity.
#include "tools/cli/prove.h"

#include <fmt/format.h>

#include "tools/cli/qr.h"
#include "tools/cli/remote.h"
#include "tools/cli/terminal.h"
#include "tools/service/entity_on_log.h"
#include "tools/service/proofs.h"
#include "tools/verifier/proof_text.h"

namespace pilotledger::cli {
namespace {

struct ProveOptions {
  CLI::App* event = nullptr;
  std::uint64_t index = 0;
  std::string entity;
  bool complete = false;
  bool withhold = false;
  bool tlog = false;
  std::string asOf;
  CLI::Option* qr = nullptr;
  std::string qrFile;
};

// To the file named, else to the terminal; beside the proof itself when that goes to a file.
Status writeQr(const ProveOptions& options, std::string_view proof) {
  if (options.qrFile.empty()) {
    PL_TRY(std::string text, qrText(proof));
    return printText(text, Paging::Never);
  }
  PL_TRY(std::string png, qrPng(proof));
  return writeWholeFile(options.qrFile, png);
}

Result<std::string> build(ledger::Prover& prover, const ProveOptions& options) {
  bool event = options.event->parsed();
  service::ProofOf what = !event             ? options.complete ? service::ProofOf::History : service::ProofOf::Entity
                          : options.tlog     ? service::ProofOf::Inclusion
                          : options.withhold ? service::ProofOf::Entry
                                             : service::ProofOf::Event;
  return service::buildProof(prover, {what, options.index, options.entity});
}

// Under the name that the log has for it: a proof that nothing names another spelling would deceive who holds it.
Result<std::string> provenKey(const Context& context, const std::string& asked) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(events::EntityFound found, entityOnLog(context, *ledger, asked));
  if (!found.recorded) {
    auto near = nothingNames(context, *ledger, asked);
    remark(context, near.message);
  } else if (found.key != asked) {
    remark(context, {fmt::format("{} is recorded as {}", asked, found.key),
                     fmt::format("{} 在账本中记录为 {}", asked, found.key)});
  }
  return std::move(found.key);
}

struct Made {
  std::string file;
  std::uint64_t position = 0;
};

Result<Made> makeHere(const Context& context, ProveOptions options) {
  if (!options.event->parsed()) {
    PL_TRY(options.entity, provenKey(context, options.entity));
  }
  PL_TRY(auto prover, openProver(context, options.asOf));
  PL_TRY(std::string file, build(*prover, options));
  return Made{std::move(file), prover->size()};
}

Result<Made> makeThere(const Context& context, const ProveOptions& options) {
  using Asks = proof::Question::Kind;
  PL_CHECK(requireServed({{"--as-of", !options.asOf.empty()}, {"--tlog-proof", options.tlog}}));
  PL_TRY(remote::RemoteLog log, openRemote(context));
  bool event = options.event->parsed();
  Asks kind = event ? options.withhold ? Asks::Entry : Asks::Event : options.complete ? Asks::History : Asks::Entity;
  PL_TRY(RemoteProof made, remoteProof(log, {kind, event ? std::to_string(options.index) : options.entity}));
  return Made{std::move(made.file), made.position};
}

Result<int> prove(Context& context, const ProveOptions& options) {
  PL_TRY(Made made, isRemote(context) ? makeThere(context, options) : makeHere(context, options));
  const std::string& file = made.file;
  bool qr = options.qr->count() > 0;
  if (qr) PL_CHECK(writeQr(options, file));
  if (!qr || !context.outputFile.empty()) PL_CHECK(writeDocument(context, file));
  if (!context.quiet) {
    printRemark(context.say(Message{fmt::format("Proof of {} bytes, as of {} entries.", file.size(), made.position),
                                    fmt::format("证明 {} 字节，截至共 {} 条。", file.size(), made.position)}));
  }
  return kOk;
}

std::string limits(const Context& context) {
  auto speech = context.zh() ? Language::Chinese : Language::English;
  return fmt::format("\n{}\n{}", verifier::whatAProofShows(speech),
                     context.say("The reader checks the file with pilotledger-verify, or verify FILE --key VKEY.\n"
                                 "--as-of of an entity replays the rules over every entry up to there: about a minute "
                                 "for a few million entries.",
                                 "读者用 pilotledger-verify 或 verify 文件 --key 公钥 核验。\n"
                                 "对象证明加 --as-of 时须重放此前全部条目的规则：数百万条约需一分钟。"));
}

}  // namespace

Result<std::unique_ptr<ledger::Prover>> openProver(const Context& context, const std::string& asOf) {
  auto progress = std::make_shared<Progress>(std::string(context.say("replaying", "重放中")), context.quiet);
  return ledger::Prover::open(context.ledgerDirectory, {asOf, [progress](std::uint64_t done, std::uint64_t total) {
                                                          progress->show(done, total);
                                                        }});
}

Action declareProve(CLI::App& app, const Context& context) {
  auto options = std::make_shared<ProveOptions>();
  app.require_subcommand(1);
  options->event =
      app.add_subcommand("event", std::string(context.say("that an entry is in the log, what it says, who signed it",
                                                          "某条目在日志中、其内容与签署人")));
  options->event->add_option("index", options->index, std::string(context.say("entry index", "条目序号")))->required();
  auto* tlog = options->event->add_flag(
      "--tlog-proof", options->tlog,
      std::string(context.say("the inclusion alone, as a C2SP tlog-proof", "仅包含证明，C2SP tlog-proof 格式")));
  options->event
      ->add_flag("--withhold", options->withhold,
                 std::string(context.say("without the event's bytes: their digest stands for them",
                                         "不出示事件内容，仅以摘要代之")))
      ->excludes(tlog);
  CLI::App* entity = app.add_subcommand(
      "entity",
      std::string(context.say("what is recorded of an entity, or that nothing is", "某对象的记录，或其不存在")));
  entity->add_option("entity", options->entity, "KIND:ID")->required();
  entity->add_flag("--complete", options->complete,
                   std::string(context.say("with every entry that names it: there are no others",
                                           "附提及该对象的全部条目，别无其他")));
  app.add_option("--as-of", options->asOf,
                 std::string(context.say("the newest checkpoint at or before this entry index or date",
                                         "截至：条目序号或日期，取其时或之前最新检查点")));
  options->qr =
      app.add_option(
             "--qr", options->qrFile,
             std::string(context.say("print it as a QR code, or write FILE.png", "输出二维码，或写入 PNG 文件")))
          ->expected(0, 1);
  for (CLI::App* sub : {options->event, entity}) sub->fallthrough()->footer(limits(context));
  app.footer(app.get_footer() + limits(context));
  return [options](Context& c) { return prove(c, *options); };
}

}  // namespace pilotledger::cli
