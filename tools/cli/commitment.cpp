// seal, disclose, erase: documents that are on the log only as a commitment.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "events/base/civil_date.h"
#include "events/json.h"
#include "ledger/crypto/encoding.h"
#include "ledger/proof/disclosure.h"
#include "query/answer/commitments.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/terminal.h"

namespace pilotledger::cli {
namespace {

struct CommitOptions {
  std::string file;
  std::string commitment;
  std::vector<std::string> fields;
  std::vector<std::string> keys;
  int passphraseFd = -1;
  std::string event;
  std::string request;
};

// One flat object; the values are not repeated in errors.
Result<std::vector<proof::SaltedField>> readDocument(const std::string& file) {
  PL_TRY(std::string text, readFile(file, events::kMaxJsonBytes));
  auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object() || !events::parseJson(text).ok()) {
    return invalidInput(file + ": expected one JSON object with each field once",
                        file + "：应为一个 JSON 对象，字段不重复");
  }
  std::vector<proof::SaltedField> fields;
  for (const auto& [name, value] : json.items()) {
    if (!value.is_string() && !value.is_number_integer() && !value.is_boolean()) {
      return invalidInput(
          fmt::format("{}: field '{}': expected a text, an integer, true or false", file,
                      name.substr(0, proof::kMaxFieldName)),
          fmt::format("{}：字段“{}”应为文本、整数、true 或 false", file, name.substr(0, proof::kMaxFieldName)));
    }
    fields.push_back({name, value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace), {}});
  }
  return fields;
}

// 64 hex digits, or a sealed number.
Result<Digest> readCommitment(std::string_view text) {
  if (events::isSealed(text)) text.remove_prefix(events::kSealedPrefix.size());
  auto bytes = crypto::parseHex(text);
  if (!bytes.ok() || bytes->size() != 32)
    return invalidInput("a commitment: expected 64 hexadecimal digits", "承诺值应为 64 位十六进制数");
  Digest digest;
  std::copy(bytes->begin(), bytes->end(), digest.begin());
  return digest;
}

Result<int> seal(Context& context, const CommitOptions& options) {
  PL_TRY(auto fields, readDocument(options.file));
  if (auto salted = proof::saltFields(fields); !salted.ok()) return std::move(salted).error().within(options.file);
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  Digest root = proof::commitmentTo(ledger->suite(), fields);
  PL_TRY(vault::Vault vault, vault::Vault::open(vaultPath(context)));
  PL_CHECK(vault.keepDocument(root, fields));
  std::string hex = crypto::toHex(root);
  bool json = context.format == "json" || context.format == "jsonl";
  PL_CHECK(writeOutput(
      context, json ? fmt::format("{{\"commitment\":\"{}\",\"fields\":{}}}\n", hex, fields.size()) : hex + "\n"));
  return kOk;
}

// The entry that records the erasure, and its day.
Result<std::optional<std::pair<std::uint64_t, std::string>>> erasureOf(const ledger::Ledger& ledger,
                                                                       const Digest& commitment) {
  PL_TRY(auto entries, ledger.entriesOf("erasure:" + crypto::toHex(commitment)));
  if (entries.empty()) return std::optional<std::pair<std::uint64_t, std::string>>();
  PL_TRY(proof::Entry entry, ledger.entry(entries.front()));
  return std::optional(std::pair(entry.index, events::formatCivilDate(events::civilDateOfUtcMs(entry.recordedAtMs))));
}

Result<int> disclose(Context& context, const CommitOptions& options) {
  PL_TRY(Digest commitment, readCommitment(options.commitment));
  PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
  PL_TRY(auto erased, erasureOf(*ledger, commitment));
  if (erased) {
    return makeError(ErrorCode::NotFound,
                     fmt::format("{} was erased on {} (entry {}): it can no longer be disclosed",
                                 crypto::toHex(commitment), erased->second, erased->first),
                     fmt::format("{} 已于 {} 删除（第 {} 条），不能再披露", crypto::toHex(commitment), erased->second,
                                 erased->first));
  }
  PL_TRY(vault::Vault vault, vault::Vault::openExisting(vaultPath(context)));
  PL_TRY(auto document, vault.document(commitment));
  if (document.empty()) {
    return makeError(
        ErrorCode::NotFound,
        fmt::format("{}: nothing in {} opens this commitment", crypto::toHex(commitment), vaultPath(context).string()),
        fmt::format("{}：{} 中没有该承诺值的开启信息", crypto::toHex(commitment), vaultPath(context).string()));
  }
  PL_TRY(auto disclosure, proof::disclose(ledger->suite(), document, options.fields));
  disclosure.origin = ledger->origin();
  PL_TRY(disclosure.entry, query::entryOfCommitment(*ledger, commitment));
  PL_CHECK(writeDocument(context, disclosure.serialize()));
  return kOk;
}

Result<std::vector<EventLine>> erasureEvent(const Context& context, const Digest& commitment,
                                            const CommitOptions& options) {
  std::int64_t now = context.clock ? context.clock() : ledger::systemClock()();
  nlohmann::ordered_json body = {{"commitment", crypto::toHex(commitment)}};
  if (!options.event.empty()) body["event"] = options.event;
  if (!options.request.empty()) body["request"] = options.request;
  nlohmann::ordered_json event = {{"kind", "PersonalDataErased"},
                                  {"legalDate", events::formatCivilDate(events::civilDateOfUtcMs(now))},
                                  {"body", body}};
  return readEvents(event.dump(), "erase", context.clock ? context.clock : ledger::systemClock());
}

Status recordErasure(Context& context, const std::vector<EventLine>& event, const std::vector<crypto::SigningKey>& keys,
                     ledger::OpenMode mode) {
  PL_TRY(auto ledger, openLedger(context, mode));
  RecordOptions how;
  if (mode == ledger::OpenMode::Write) {
    how.receipt = [&](const ledger::AppendReceipt& receipt, const std::string& checkpoint) {
      return writeOutput(context, receiptLine(receipt, checkpoint));
    };
  }
  PL_TRY([[maybe_unused]] auto count, recordAll(*ledger, event, keys, how));
  return {};
}

// Rehearsed first, so that nothing is destroyed when the event would be refused; destroyed before
// it is recorded, so that the log never says what is not so.
Result<int> erase(Context& context, const CommitOptions& options) {
  PL_TRY(Digest commitment, readCommitment(options.commitment));
  std::optional<std::pair<std::uint64_t, std::string>> recorded;
  {
    PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
    PL_TRY(recorded, erasureOf(*ledger, commitment));
  }
  std::vector<EventLine> event;
  std::vector<crypto::SigningKey> keys;
  if (!recorded) {
    PL_TRY(keys, loadKeys(options.keys, options.passphraseFd));
    PL_TRY(event, erasureEvent(context, commitment, options));
    PL_CHECK(recordErasure(context, event, keys, ledger::OpenMode::Rehearse));
  }
  std::error_code failure;
  bool here = std::filesystem::exists(vaultPath(context), failure);
  bool destroyed = false;
  if (here) {
    PL_TRY(vault::Vault vault, vault::Vault::open(vaultPath(context)));
    PL_TRY(destroyed, vault.erase(commitment));
  }
  if (!recorded) PL_CHECK(recordErasure(context, event, keys, ledger::OpenMode::Write));
  if (context.quiet) return kOk;
  printRemark(destroyed ? context.say("Destroyed in the vault: it can no longer be disclosed.",
                                      "保险库中的开启信息已销毁，不能再披露。")
                        : context.say("Nothing in this vault opened it; destroy it wherever else it is kept.",
                                      "本保险库中没有其开启信息；请在其他保存处销毁。"));
  if (recorded) {
    printRemark(context.say(Message{fmt::format("Recorded before, by entry {}.", recorded->first),
                                    fmt::format("此前已由第 {} 条记录。", recorded->first)}));
  }
  return kOk;
}

}  // namespace

Action declareSeal(CLI::App& app, const Context& context) {
  auto options = std::make_shared<CommitOptions>();
  app.add_option(
         "file", options->file,
         std::string(context.say("one flat JSON object; '-' for standard input", "单层 JSON 对象；“-”为标准输入")))
      ->required();
  return [options](Context& c) { return seal(c, *options); };
}

Action declareDisclose(CLI::App& app, const Context& context) {
  auto options = std::make_shared<CommitOptions>();
  app.add_option("commitment", options->commitment,
                 std::string(context.say("the commitment, 64 hex digits", "承诺值，64 位十六进制数")))
      ->required();
  app.add_option("fields", options->fields,
                 std::string(context.say("names of the fields to disclose", "要披露的字段名")))
      ->required();
  return [options](Context& c) { return disclose(c, *options); };
}

Action declareErase(CLI::App& app, const Context& context) {
  auto options = std::make_shared<CommitOptions>();
  auto say = [&](std::string_view en, std::string_view zh) { return std::string(context.say(en, zh)); };
  app.add_option("commitment", options->commitment,
                 say("the commitment, 64 hex digits, or a sealed number", "承诺值，64 位十六进制数，或封存号码"))
      ->required();
  app.add_option("--key", options->keys,
                 say("key file of a signer (OPR and PLT sign); not needed when it is recorded already",
                     "签署人密钥文件（OPR 与 PLT）；已记录时不需要"));
  app.add_option("--passphrase-fd", options->passphraseFd,
                 say("read the passphrase of the keys from this descriptor", "从该描述符读取口令"));
  app.add_option("--event", options->event, say("id of the event that holds the commitment", "所在事件编号"));
  app.add_option("--request", options->request,
                 say("reference of the request, without personal data", "申请编号，不含个人信息"));
  return [options](Context& c) { return erase(c, *options); };
}

}  // namespace pilotledger::cli
