// ledgers: the list of ledgers that an authority signs, and what a parent ledger records of them.
#include "tools/cli/ledgers.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "events/base/civil_date.h"
#include "ledger/tlog/note.h"
#include "tools/cli/event_ids.h"
#include "tools/cli/recorder.h"
#include "tools/cli/signing.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {
namespace {

constexpr std::size_t kMaxDraft = 1u << 20;

struct LedgersOptions : SigningOptions {
  std::string file;
  std::string listKey;
  std::string authorities;
  std::vector<std::string> origins;  // ORIGIN or ORIGIN=PLACE
  CLI::App* sign = nullptr;
  CLI::App* show = nullptr;
  CLI::App* record = nullptr;
};

// A draft becomes a list; a list that is signed gets one more signature.
Result<proof::Note> noteToSign(const std::string& text) {
  auto note = proof::Note::parse(text);
  if (note.ok() && proof::LedgerList::parse(note->text).ok()) return note;
  PL_TRY(proof::LedgerList list, proof::LedgerList::parseDraft(text));
  return proof::Note{list.text(), {}};
}

Result<int> sign(Context& context, const LedgersOptions& options) {
  PL_TRY(std::string text, readFile(options.file, kMaxDraft));
  auto note = noteToSign(text);
  if (!note.ok()) return std::move(note).error().within(options.file);
  PL_TRY(auto keys, loadKeys(options.keys, options.passphraseFd));
  if (someoneWatches()) PL_CHECK(showAndAsk(context, note->text, options.asking()));
  for (const crypto::SigningKey& key : keys) {
    PL_TRY(proof::NoteSignature signature, proof::signNote(note->text, key));
    std::erase_if(note->signatures, [&](const auto& one) { return one.keyName() == signature.keyName(); });
    note->signatures.push_back(std::move(signature));
  }
  PL_CHECK(writeDocument(context, note->serialize()));
  return kOk;
}

nlohmann::ordered_json jsonOf(const proof::ListedLedger& one) {
  return {{"origin", one.origin()}, {"name", one.name}, {"url", one.url}, {"vkey", one.key.vkey()}};
}

Result<int> show(Context& context, const LedgersOptions& options) {
  PL_TRY(SignedList opened, openList(context, options.file, options.listKey));
  if (context.format != "table") {
    nlohmann::ordered_json json = {{"signedBy", opened.signedBy}, {"checked", opened.key.has_value()}};
    if (opened.list.parent) json["parent"] = jsonOf(*opened.list.parent);
    for (const proof::ListedLedger& one : opened.list.ledgers) json["ledgers"].push_back(jsonOf(one));
    PL_CHECK(writeOutput(context, json.dump() + "\n"));
    return kOk;
  }
  std::string text = fmt::format(fmt::runtime(context.say("{} ledgers, signed by {}\n", "{} 个账本，由 {} 签署\n")),
                                 opened.list.ledgers.size(), opened.signedBy);
  auto line = [&](const proof::ListedLedger& one, std::string_view what) {
    text += fmt::format("{}{}  {}  {}\n", what, one.origin(), one.name, one.url);
  };
  if (opened.list.parent) line(*opened.list.parent, context.say("parent: ", "上级账本："));
  for (const proof::ListedLedger& one : opened.list.ledgers) line(one, "");
  PL_CHECK(writeOutput(context, text));
  return kOk;
}

// As this ledger lists it; PLACE, where it is reached otherwise.
Result<proof::ListedLedger> listedHere(const ledger::Ledger& ledger, const std::string& word) {
  std::string origin = word.substr(0, word.find('='));
  PL_TRY(auto record, ledger.entity("ledger:" + origin));
  if (!record)
    return makeError(ErrorCode::NotFound,
                     fmt::format("no entry lists the ledger {}; record LedgerListed first", origin),
                     fmt::format("没有条目列名账本 {}；请先记录 LedgerListed", origin));
  PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::parse(record->get("vkey")));
  std::string place(record->get("url"));
  if (word.size() > origin.size()) place = word.substr(origin.size() + 1);
  return proof::ListedLedger{std::move(key), place, std::string(record->get("name"))};
}

// The event with the log's own signature: cosignatures are for those who trust witnesses, and grow.
Result<nlohmann::ordered_json> checkpointed(const Context& context, const proof::ListedLedger& listed,
                                            const std::string& authorities) {
  PL_TRY(std::string text, listedCheckpoint(listed, authorities));
  PL_CHECK(proof::openCheckpoint(text, listed.key, listed.origin()));
  PL_TRY(proof::Note note, proof::Note::parse(text));
  std::erase_if(note.signatures, [&](const auto& one) { return one.name != listed.origin(); });
  std::string bare = note.serialize();
  bare.pop_back();  // an event's text has no newline at its end
  return nlohmann::ordered_json{{"kind", "LedgerCheckpointed"},
                                {"legalDate", events::formatCivilDate(events::civilDateOfUtcMs(context.clock()))},
                                {"body", {{"ledger", listed.origin()}, {"checkpoint", bare}}}};
}

// All that can be had is recorded; which could not is said, and the exit code is that of the worst.
Result<int> record(Context& context, const LedgersOptions& options) {
  PL_TRY(auto keys, loadKeys(options.keys, options.passphraseFd));
  std::string events;
  int exit = kOk;
  {
    PL_TRY(auto reading, openLedger(context, ledger::OpenMode::ReadOnly));
    for (const std::string& word : options.origins) {
      PL_TRY(proof::ListedLedger listed, listedHere(*reading, word));
      auto event = checkpointed(context, listed, options.authorities);
      if (event.ok()) {
        events += event->dump() + "\n";
        continue;
      }
      exit = std::max(exit, statusOf(event.error().code).exit);
      Error error = std::move(event).error().within(listed.origin());
      remark(context, error.message);
    }
  }
  if (events.empty()) return exit;
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::Write));
  PL_TRY(auto lines, readEvents(events, std::string(context.say("checkpoints", "检查点")), context.clock));
  PL_TRY(EventIds ids, EventIds::of(context, *ledger, keys));
  PL_CHECK(ids.derive(lines));
  RecordOptions how;
  how.batch = 1;  // one that the rules refuse does not keep the others out
  how.receipt = [&](const ledger::AppendReceipt& receipt, const std::string& checkpoint) {
    ids.see(receipt);
    return writeDocument(context, receiptLine(receipt, checkpoint));
  };
  for (const EventLine& line : lines) {
    auto recorded = recordAll(*ledger, std::span(&line, 1), keys, how);
    if (recorded.ok()) continue;
    exit = std::max(exit, statusOf(recorded.error().code).exit);
    remark(context, recorded.error().message);
  }
  ids.say();
  return exit;
}

void declareRecording(CLI::App& app, const Context& context, LedgersOptions& options) {
  app.add_option(
         "ledgers", options.origins,
         std::string(context.say("ORIGIN of a listed ledger; ORIGIN=PLACE, where it is reached at another URL or "
                                 "in a directory",
                                 "已列名账本的名称；另有地址或目录时写作 名称=地址")))
      ->required();
  options.declare(app, context);
  app.add_option("--tls-ca", options.authorities, std::string(context.say(kTlsAuthorities)));
}

}  // namespace

Action declareLedgers(CLI::App& app, const Context& context) {
  auto options = std::make_shared<LedgersOptions>();
  app.require_subcommand(1);
  options->sign = app.add_subcommand(
      "sign", std::string(context.say("sign a list: lines 'ledger ORIGIN VKEY URL NAME', one 'parent …' at most",
                                      "签署名录：每行“ledger 账本 公钥 地址 名称”，至多一行“parent …”")));
  options->sign
      ->add_option("file", options->file,
                   std::string(context.say("the lines in any order, or a list to sign also (- for standard input)",
                                           "名录各行，次序不限；或待加签的名录（- 为标准输入）")))
      ->required();
  options->declare(*options->sign, context);
  options->show = app.add_subcommand("show", std::string(context.say("what a list says", "显示名录内容")));
  options->show->add_option("file", options->file, std::string(context.say("a signed list", "签名名录")))->required();
  options->show->add_option(
      "--ledgers-key", options->listKey,
      std::string(context.say("public key of the authority, or a file that holds it", "机关公钥，或存有公钥的文件")));
  options->record = app.add_subcommand(
      "record",
      std::string(context.say("record the newest checkpoint of listed ledgers in this one (LedgerCheckpointed)",
                              "将所列账本的最新检查点记入本账本（LedgerCheckpointed）")));
  declareRecording(*options->record, context, *options);
  return [options](Context& c) -> Result<int> {
    if (options->sign->parsed()) return sign(c, *options);
    if (options->show->parsed()) return show(c, *options);
    return record(c, *options);
  };
}

}  // namespace pilotledger::cli
