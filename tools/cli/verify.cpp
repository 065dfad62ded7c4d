// verify and checkpoint.
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "events/text.h"
#include "ledger/crypto/encoding.h"
#include "ledger/fsck.h"
#include "ledger/proof/disclosure.h"
#include "ledger/proof/note.h"
#include "query/read_model.h"
#include "tools/cli/command.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {
namespace {

struct Options {
  std::string vkey;
  std::string from;  // a size, or a file that holds a checkpoint
  bool tree = false;
  bool views = false;
  std::string file;
};

std::string line(const Context& context, std::string_view en, std::string_view zh, const std::string& value) {
  return context.zh() ? fmt::format("{}：{}\n", zh, value) : fmt::format("{:<14}{}\n", std::string(en) + ":", value);
}

std::string treeText(const Context& context, const ledger::FsckReport& report) {
  return line(context, "entries", "条目", std::to_string(report.entries)) + line(context, "commits", "检查点", std::to_string(report.commits)) +
         line(context, "root", "日志根", crypto::toBase64(report.root));
}

std::string reportText(const Context& context, const ledger::FsckReport& report) {
  return line(context, "entries", "条目", std::to_string(report.entries)) + line(context, "submissions", "提交", std::to_string(report.submissions)) +
         line(context, "signatures", "签名", std::to_string(report.signatures)) + line(context, "commits", "检查点", std::to_string(report.commits)) +
         line(context, "entities", "对象", std::to_string(report.entities)) + line(context, "root", "日志根", crypto::toBase64(report.root)) +
         line(context, "state root", "状态根", crypto::toHex(report.stateRoot));
}

nlohmann::ordered_json reportJson(const ledger::FsckOutcome& outcome) {
  const auto& report = outcome.report;
  nlohmann::ordered_json json = {{"verified", !outcome.damage}, {"entries", report.entries}, {"submissions", report.submissions},
                                 {"signatures", report.signatures}, {"commits", report.commits}, {"entities", report.entities},
                                 {"root", crypto::toBase64(report.root)}, {"stateRoot", crypto::toHex(report.stateRoot)}};
  if (outcome.damage) {
    if (outcome.damage->index) json["badEntry"] = *outcome.damage->index;
    json["where"] = outcome.damage->where;
    json["what"] = outcome.damage->what.en;
  }
  return json;
}

bool isNumber(const std::string& text) { return text.find_first_not_of("0123456789") == text.npos; }

// A checkpoint that the reader kept must be the log's own word: its signature is verified.
Result<proof::Checkpoint> keptCheckpoint(const Context& context, const Options& options, const std::optional<crypto::VerifyKey>& key) {
  if (isNumber(options.from)) {
    PL_TRY(std::uint64_t size, proof::parseDecimal(options.from, "--from"));
    return ledger::storedCheckpoint(context.ledgerDirectory, size, key);
  }
  PL_TRY(std::string note, readFile(options.from, proof::kMaxNoteBytes));
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  auto checkpoint = proof::openCheckpoint(note, key.value_or(ledger->logKey()), ledger->origin());
  if (!checkpoint.ok()) return std::move(checkpoint).error().within(options.from);
  return checkpoint;
}

// A disclosure is checked against the commitment alone.
Result<int> verifyDisclosure(Context& context, std::string_view text) {
  PL_TRY(auto disclosure, proof::Disclosure::parse(text));
  for (const auto& one : disclosure.fields) {  // what is printed is text, as the sealer would have written it
    auto json = nlohmann::ordered_json::parse(one.field.value, nullptr, false);
    if (json.is_discarded() || json.is_structured()) return invalidInput("a value is not a JSON scalar", "字段值不是 JSON 标量");
    PL_CHECK(events::checkText(one.field.name));
    PL_CHECK(events::checkText(one.field.value));
  }
  Status shown = disclosure.verify();
  if (!shown.ok()) return shown.error();
  if (context.format != "table") {
    nlohmann::ordered_json json = {{"verified", true}, {"origin", disclosure.origin}, {"commitment", crypto::toHex(disclosure.commitment)}};
    if (disclosure.entry) json["entry"] = *disclosure.entry;
    for (const auto& one : disclosure.fields) json["fields"][one.field.name] = nlohmann::ordered_json::parse(one.field.value, nullptr, false);
    PL_CHECK(writeOutput(context, json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n"));
    return kOk;
  }
  std::string out = fmt::format("{}\n", context.say("VERIFIED: the fields lead to the commitment", "核验通过：字段与承诺值一致"));
  for (const auto& one : disclosure.fields) out += fmt::format("  {} = {}\n", one.field.name, one.field.value);
  out += line(context, "commitment", "承诺值", crypto::toHex(disclosure.commitment));
  out += line(context, "ledger", "账本", disclosure.origin);
  out += disclosure.entry ? line(context, "entry", "条目", std::to_string(*disclosure.entry)) : "";
  out += fmt::format("{}\n", context.say("That the ledger holds this commitment is shown by that entry, not by this file.", "账本确有该承诺值，须由该条目证明，本文件不证明。"));
  PL_CHECK(writeOutput(context, out));
  return kOk;
}

// What a file is, by its first line.
Result<int> verifyFile(Context& context, const std::string& file) {
  PL_TRY(std::string text, readFile(file, proof::kMaxDisclosureBytes));
  std::string_view magic = std::string_view(text).substr(0, text.find('\n'));
  auto outcome = magic == proof::kDisclosureMagic
                     ? verifyDisclosure(context, text)
                     : Result<int>(invalidInput(fmt::format("expected a file that begins with '{}'", proof::kDisclosureMagic),
                                                fmt::format("文件首行应为“{}”", proof::kDisclosureMagic)));
  if (!outcome.ok()) return std::move(outcome).error().within(file);
  return outcome;
}

// The read model beside the ledger, row by row, against one made anew from the log.
Result<int> verifyViews(Context& context) {
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  std::filesystem::path file = std::filesystem::path(context.ledgerDirectory) / "views.sqlite";
  if (!std::filesystem::exists(file)) {
    return makeError(ErrorCode::NotFound, file.string() + ": there is no read model; any view makes one", file.string() + "：没有读模型；执行任一视图即会生成");
  }
  PL_TRY(auto model, query::ReadModel::open(*ledger, file));
  PL_TRY(auto difference, model->firstDifference());
  if (difference) {
    PL_CHECK(writeOutput(context, fmt::format("{} {}\n{}", context.say("VIEWS DIFFER from the log, found (expected):", "读模型与日志不符，实为（应为）："), *difference,
                                              context.say("delete views.sqlite: it is made anew\n", "请删除 views.sqlite，系统会重新生成\n"))));
    return kNo;
  }
  PL_TRY(Digest digest, model->digest());
  PL_CHECK(writeOutput(context, std::string(context.say("VIEWS VERIFIED: every row follows from the log\n", "读模型核验通过：每一行均由日志得出\n")) +
                                    line(context, "entries", "条目", std::to_string(ledger->size())) + line(context, "digest", "摘要", crypto::toHex(digest))));
  return kOk;
}

Result<int> verify(Context& context, const Options& given) {
  if (given.views) return verifyViews(context);
  if (!given.file.empty()) return verifyFile(context, given.file);
  ledger::FsckOptions options;
  if (given.tree) options.scope = ledger::FsckScope::Tree;
  if (!given.vkey.empty()) {
    PL_TRY(options.logKey, crypto::VerifyKey::parse(given.vkey));
  }
  if (!given.from.empty()) {
    PL_TRY(options.verified, keptCheckpoint(context, given, options.logKey));
  }
  ledger::FsckOutcome outcome;
  {
    Progress progress(std::string(context.say("verifying", "核验中")), context.quiet);
    options.progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); };
    PL_TRY(outcome, ledger::fsck(context.ledgerDirectory, options));
  }
  if (context.format != "table") {
    PL_CHECK(writeOutput(context, reportJson(outcome).dump() + "\n"));
    return outcome.damage ? kNo : kOk;
  }
  if (!outcome.damage) {
    std::string_view verdict = given.tree ? context.say("TREE VERIFIED: the entries lead to the signed root; events and rules were not looked at\n",
                                                        "树核验通过：条目与已签名的根一致；未核对事件与规则\n")
                                          : context.say("VERIFIED: every byte leads to the signed root\n", "核验通过：全部内容与已签名的根一致\n");
    PL_CHECK(writeOutput(context, std::string(verdict) + (given.tree ? treeText(context, outcome.report) : reportText(context, outcome.report))));
    return kOk;
  }
  const auto& damage = *outcome.damage;
  PL_CHECK(writeOutput(context, fmt::format("{} {}: {}\n{}", context.say("NOT VERIFIED:", "核验未通过："), damage.where, context.say(damage.what),
                                            context.say(Message{fmt::format("{} entries before it are sound\n", outcome.report.entries),
                                                                fmt::format("此前 {} 条完好\n", outcome.report.entries)}))));
  return kNo;
}

}  // namespace

Action declareVerify(CLI::App& app, const Context& context) {
  auto options = std::make_shared<Options>();
  app.add_option("file", options->file, std::string(context.say("a disclosure file; without it, the whole ledger", "披露文件；省略则核验整个账本")));
  app.add_option("--key", options->vkey, std::string(context.say("public key of the log that you trust (vkey)", "所信任的日志公钥")));
  app.add_option("--from", options->from, std::string(context.say("a checkpoint that you kept (FILE), or the number of entries that you verified before: "
                                                                  "the ledger must lead to it, its signatures are not verified again",
                                                                  "您留存的检查点文件，或此前已核验的条目数：账本须与之一致，其前签名不再重验")));
  app.add_flag("--tree", options->tree, std::string(context.say("entries, tiles and checkpoints only, as a mirror can", "仅核对条目、瓦片与检查点（镜像方所能核对者）")));
  app.add_flag("--views", options->views, std::string(context.say("the read model instead of the log: recompute every row and compare", "核验读模型而非日志：逐行重算并比对")));
  return [options](Context& c) { return verify(c, *options); };
}

Action declareCheckpoint(CLI::App&, const Context&) {
  return [](Context& c) -> Result<int> {
    PL_TRY(auto ledger, openLedger(c, ledger::OpenMode::ReadOnly));
    PL_CHECK(writeOutput(c, ledger->checkpoint()));
    return kOk;
  };
}

}  // namespace pilotledger::cli
