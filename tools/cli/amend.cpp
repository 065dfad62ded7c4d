// correct, reverse: taking an entry back, with the right one in its place or without.
#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "events/json.h"
#include "tools/cli/confidentiality.h"
#include "tools/cli/event_card.h"
#include "tools/cli/event_words.h"
#include "tools/cli/signing.h"
#include "tools/cli/taken_back.h"
#include "tools/service/entries.h"

namespace pilotledger::cli {
namespace {

using Json = nlohmann::ordered_json;

struct AmendOptions : SigningOptions {
  std::uint64_t index = 0;
  std::vector<std::string> words;
  std::string reason;
  bool revoked = false;
  bool forOthers = false;  // write a submission that others sign too
  bool dryRun = false;
};

std::string newId(const Context& context) {
  std::array<std::uint8_t, 10> random{};
  randombytes_buf(random.data(), random.size());
  return events::formatUuid(events::makeUuidV7(context.clock(), random));
}

std::string today(const Context& context) { return events::formatCivilDate(events::civilDateOfUtcMs(context.clock())); }

// The entry that is to be taken back; Conflict when it has been.
Result<events::Event> standing(const ledger::Ledger& ledger, std::uint64_t index) {
  PL_TRY(events::Event event, ledger.event(index));
  PL_TRY(auto taken, service::takenBackBy(ledger, event, ledger.size()));
  if (!taken) return event;
  return makeError(ErrorCode::Conflict, fmt::format("entry {} was taken back by entry {} already", index, taken->by),
                   fmt::format("第 {} 条已被第 {} 条收回", index, taken->by));
}

// One submission: all of it stands, or nothing.
Result<int> signAndRecord(Context& context, const AmendOptions& options, const std::vector<Json>& events,
                          const std::string& card) {
  std::string text;
  for (const Json& event : events) text += event.dump() + "\n";
  PL_TRY(auto lines, readEvents(text, std::string(context.say("command line", "命令行")), context.clock));
  PL_TRY(auto keys, loadKeys(options.keys, options.passphraseFd));
  const bool writes = !options.dryRun && !options.forOthers;
  PL_TRY(auto ledger, openLedger(context, writes           ? ledger::OpenMode::Write
                                          : options.dryRun ? ledger::OpenMode::Rehearse
                                                           : ledger::OpenMode::ReadOnly));
  PL_TRY(Sealing sealing, Sealing::of(context, *ledger));
  PL_CHECK(sealAll(sealing, lines, options.dryRun ? Keeping::Nothing : Keeping::Vault));
  PL_CHECK(showAndAsk(context, card, options.dryRun ? Asking::Never : options.asking()));
  std::vector<Bytes> bytes;
  for (auto& line : lines) bytes.push_back(std::move(line.bytes));
  std::vector<const crypto::SigningKey*> signers;
  for (const auto& key : keys) signers.push_back(&key);
  PL_TRY(auto submission, proof::makeSubmission(ledger->suite(), ledger->name(), std::move(bytes), signers));
  if (options.forOthers) {
    PL_CHECK(writeDocument(context, submission.serialize()));
    return kOk;
  }
  PL_TRY(ledger::AppendResult appended, ledger->append(submission));
  if (options.dryRun) {
    sayRehearsed(context, appended.receipts.size(), 0);
    return kOk;
  }
  for (const auto& receipt : appended.receipts)
    PL_CHECK(writeDocument(context, receiptLine(receipt, appended.checkpoint)));
  return kOk;
}

Result<int> reverse(Context& context, const AmendOptions& options) {
  std::string card;
  Json event;
  {
    PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
    PL_TRY(events::Event target, standing(*ledger, options.index));
    event = {{"kind", "EventReversed"},
             {"id", newId(context)},
             {"legalDate", today(context)},
             {"body",
              {{"target", events::formatUuid(target.id())},
               {"kind", options.revoked ? "REVOKED" : "REVERSED"},
               {"reason", options.reason}}}};
    card = context.say(Message{fmt::format("Taking back entry {}, because: {}\n", options.index, options.reason),
                               fmt::format("冲销第 {} 条，原因：{}\n", options.index, options.reason)}) +
           eventCard(context, *ledger, target, {});
  }
  return signAndRecord(context, options, {event}, card);
}

// "  amount:  90.00 CNY -> 60.00 CNY", a line a field that differs.
std::string changesText(const std::string& before, const std::string& after) {
  auto linesOf = [](const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
      std::size_t end = std::min(text.find('\n', at), text.size());
      lines.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return lines;
  };
  auto old = linesOf(before), now = linesOf(after);
  std::string text;
  for (const std::string& line : old) {
    if (std::find(now.begin(), now.end(), line) == now.end()) text += "- " + line + "\n";
  }
  for (const std::string& line : now) {
    if (std::find(old.begin(), old.end(), line) == old.end()) text += "+ " + line + "\n";
  }
  return text;
}

Result<std::string> cardOfJson(const Context& context, const ledger::Ledger& ledger, const Json& json) {
  PL_TRY(Bytes bytes, events::eventFromJson(json));
  PL_TRY(events::Event event, events::Event::decode(bytes));
  return eventCard(context, ledger, event, {});
}

Result<int> correct(Context& context, const AmendOptions& options) {
  std::string card;
  Json correction, right;
  {
    PL_TRY(auto ledger, openLedger(context, ledger::OpenMode::ReadOnly));
    PL_TRY(events::Event target, standing(*ledger, options.index));
    PL_TRY(auto open, service::numberOpener(context, *ledger));
    right = events::jsonOf(target, {events::Confidentiality::SECRET, open});
    right["id"] = newId(context);
    PL_TRY(std::string before, cardOfJson(context, *ledger, right));
    PL_CHECK(setFields(target.kind(), options.words, right));
    PL_TRY(std::string after, cardOfJson(context, *ledger, right));
    std::string changes = changesText(before, after);
    if (changes.empty())
      return invalidInput(fmt::format("entry {} says this already", options.index),
                          fmt::format("第 {} 条的内容本已如此", options.index));
    correction = {
        {"kind", "EventCorrected"},
        {"id", newId(context)},
        {"legalDate", today(context)},
        {"body",
         {{"target", events::formatUuid(target.id())}, {"replacement", right["id"]}, {"reason", options.reason}}}};
    card =
        context.say(Message{
            fmt::format("Correcting entry {} ({}), because: {}\n", options.index, target.kind().name, options.reason),
            fmt::format("更正第 {} 条（{}），原因：{}\n", options.index, target.kind().label.zh, options.reason)}) +
        changes;
  }
  return signAndRecord(context, options, {correction, right}, card);
}

std::shared_ptr<AmendOptions> declareAmending(CLI::App& app, const Context& context) {
  auto options = std::make_shared<AmendOptions>();
  app.add_option("index", options->index, std::string(context.say("entry index", "条目序号")))->required();
  app.add_option("--reason", options->reason,
                 std::string(context.say("why; it stands in the ledger", "原因，将记入账本")))
      ->required();
  options->declare(app, context);
  app.add_flag("--for-others", options->forOthers,
               std::string(context.say("write a signed submission for others to sign too, record nothing",
                                       "只写出已签署的提交供他人会签，不记录")));
  app.add_flag("--dry-run", options->dryRun, std::string(context.say("check, record nothing", "仅检查，不记录")));
  return options;
}

}  // namespace

Action declareReverse(CLI::App& app, const Context& context) {
  auto options = declareAmending(app, context);
  app.add_flag("--void", options->revoked,
               std::string(context.say("it was void from the start, not only wrong", "自始无效，而非仅有误")));
  return [options](Context& c) { return reverse(c, *options); };
}

Action declareCorrect(CLI::App& app, const Context& context) {
  auto options = declareAmending(app, context);
  app.add_option("words", options->words,
                 std::string(context.say("FIELD=VALUE that differs: amounts in yuan, codes or their labels",
                                         "需更正的 字段=值：金额以元计，可写中文枚举")))
      ->required();
  return [options](Context& c) { return correct(c, *options); };
}

}  // namespace pilotledger::cli
