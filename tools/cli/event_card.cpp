#include "tools/cli/event_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "events/base/civil_date.h"
#include "events/base/local_time.h"
#include "events/base/text.h"
#include "events/base/uuid.h"
#include "events/money.h"
#include "events/schema/value.h"
#include "tools/service/json_members.h"

namespace pilotledger::cli {
namespace {

using events::Field;
using events::Format;
using Json = nlohmann::ordered_json;

constexpr std::size_t kLabelWidth = 22;

// What a server says is a number may be none.
std::optional<std::int64_t> wholeNumber(const std::string& digits) {
  std::int64_t number = 0;
  auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::string amountIn(std::int64_t fen, std::uint16_t currency) {
  return fmt::format("{} {}", events::formatMoney(fen, currency), events::currencyAlpha(currency));
}

std::uint16_t currencyOf(const Json& event) {
  auto parsed = events::parseCurrency(service::textOf(event, "currency"));
  return parsed.ok() ? *parsed : events::kCny;
}

std::string withName(const std::string& code, const std::string& name) {
  return name.empty() ? code : code + "  " + name;
}

class Card {
 public:
  Card(const Context& context, const CardNames& names, std::uint16_t currency)
      : context_(context), names_(names), currency_(currency) {}

  std::string fields(const events::StructInfo& info, const Json& object, int indent) const {
    std::string text;
    for (const Field& field : info.fields) {
      auto value = object.find(field.name);
      if (value == object.end()) continue;
      if (field.element != nullptr) {
        text += structs(field, *value, indent);
      } else {
        text += line(field, valuesText(field, *value), indent);
      }
    }
    return text;
  }

 private:
  std::string line(const Field& field, const std::string& value, int indent) const {
    return cardLine(context_, field.label.en, field.label.zh, value, indent);
  }

  std::string structs(const Field& field, const Json& value, int indent) const {
    std::string text;
    const Json list = value.is_array() ? value : Json::array({value});
    for (std::size_t i = 0; i < list.size(); ++i) {
      text += line(field, list.size() > 1 ? fmt::format("{}", i + 1) : "", indent);
      text += fields(*field.element, list[i], indent + 2);
    }
    return text;
  }

  std::string valuesText(const Field& field, const Json& value) const {
    if (!value.is_array()) return valueText(field, value);
    std::string text;
    for (const Json& one : value)
      text += (text.empty() ? "" : std::string(context_.say(", ", "、"))) + valueText(field, one);
    return text;
  }

  std::string valueText(const Field& field, const Json& value) const {
    if (value.is_boolean())
      return std::string(value.get<bool>() ? context_.say("yes", "是") : context_.say("no", "否"));
    std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (events::isSealed(text)) return fmt::format("{} {}…", context_.say("sealed", "已封存"), text.substr(0, 13));
    if (field.enumeration != nullptr) return codeText(*field.enumeration, text);
    if (field.format == Format::Money) return moneyText(text);
    if (field.format == Format::Bp) return basisPoints(text);
    if (field.format == Format::Party) return withName(text, names_.party(text));
    if (field.format == Format::Uuid && field.name != "id") return eventText(text);
    return text;
  }

  std::string codeText(const events::EnumInfo& info, const std::string& code) const {
    auto found = info.find(code);
    if (!found) return code;
    const events::Label& label = info.values[*found].label;
    return fmt::format("{} ({})", context_.zh() ? label.zh : label.en, code);
  }

  std::string moneyText(const std::string& digits) const {
    auto fen = wholeNumber(digits);
    return fen ? amountIn(*fen, currency_) : digits;
  }

  static std::string basisPoints(const std::string& digits) {
    auto read = wholeNumber(digits);
    if (!read) return digits;
    const std::int64_t points = *read;
    return fmt::format("{}{}.{:02}%", points < 0 ? "-" : "", std::abs(points) / 100, std::abs(points) % 100);
  }

  std::string eventText(const std::string& id) const {
    auto parsed = events::parseUuid(id);
    if (!parsed.ok()) return id;
    auto index = names_.entryOf(*parsed);
    if (!index) return id;
    return fmt::format(fmt::runtime(context_.say("entry {} ({})", "第 {} 条（{}）")), *index, id);
  }

  const Context& context_;
  const CardNames& names_;
  std::uint16_t currency_;
};

std::string labelOfRole(const Context& context, const std::string& code) {
  const events::EnumInfo& roles = *events::findEnum("Role");
  auto found = roles.find(code);
  if (!found) return code;
  const events::Label& label = roles.values[*found].label;
  return fmt::format("{} {}", code, context.zh() ? label.zh : label.en);
}

std::string nameOf(const ledger::Ledger& ledger, const std::string& party) {
  auto record = ledger.entity("party:" + party);
  return record.ok() && *record ? std::string((*record)->get("name")) : "";
}

std::string joined(const Json& texts, std::string_view between) {
  std::string all;
  for (const Json& text : texts) {
    if (!all.empty()) all += between;
    all += text.is_string() ? text.get<std::string>() : text.dump();
  }
  return all;
}

// The first amount in the event's body, in its currency; "" when there is none.
std::string amountText(const events::Kind& kind, const Json& event) {
  const Json body = service::memberOf(event, "body");
  for (const Field& field : kind.body->fields) {
    if (field.format != Format::Money || field.isList) continue;
    auto fen = wholeNumber(service::textOf(body, field.name));
    if (fen && *fen != 0) return amountIn(*fen, currencyOf(event));
  }
  return "";
}

// To the second.
Result<std::int64_t> recordedAt(const Json& entry) {
  return events::parseInstant(service::textOf(entry, "recordedAt").substr(0, 19) + "Z");
}

// What became of the entry since; "" when it stands. A reversal names the event's id: who does not see the id is not
// told.
std::string sinceText(const Context& context, const Json& entry, const Json& event) {
  const Json taken = service::memberOf(entry, "takenBack");
  if (!taken.is_object()) {
    const bool hidden = event.contains("withheld") && !event.contains("id");
    return std::string(hidden ? context.say("not shown to this reader", "不向该读者显示") : "");
  }
  std::string by = service::memberOf(taken, "by").dump();
  std::string text =
      context.say(Message{fmt::format("by entry {}: it does not stand", by), fmt::format("第 {} 条：已不再有效", by)});
  if (const Json instead = service::memberOf(taken, "replacedBy"); instead.is_number()) {
    text += context.say(Message{fmt::format("; entry {} stands instead", instead.dump()),
                                fmt::format("；以第 {} 条为准", instead.dump())});
  }
  return text;
}

std::vector<std::string> allOf(const ledger::EntityRecord& record, std::string_view name) {
  std::vector<std::string> values;
  for (std::string_view one : record.all(name)) values.emplace_back(one);
  return values;
}

}  // namespace

std::string cardLine(const Context& context, std::string_view en, std::string_view zh, const std::string& value,
                     int indent) {
  std::string shown = value;
  std::replace(shown.begin(), shown.end(), '\n', ' ');
  std::string label = std::string(static_cast<std::size_t>(indent), ' ') + std::string(context.say(en, zh)) +
                      std::string(context.say(":", "："));
  std::string text = context.zh() ? label : events::padRight(label, kLabelWidth + 2) + " ";
  text += shown;
  while (text.ends_with(' ')) text.pop_back();
  return text + "\n";
}

std::string eventCard(const Context& context, const ledger::Ledger& ledger, const events::Event& event,
                      const events::JsonReader& reader) {
  return eventCard(context, cardNames(context, ledger), events::jsonOf(event, reader));
}

std::string eventCard(const Context& context, const CardNames& names, const Json& event) {
  Card card(context, names, currencyOf(event));
  const std::string name = service::textOf(event, "kind");
  const events::Kind* kind = events::findKind(name);
  std::string text =
      kind == nullptr ? name + "\n" : fmt::format("{}  {}\n", context.zh() ? kind->label.zh : kind->label.en, name);
  text += card.fields(events::headerInfo(), event, 2);
  const Json body = service::memberOf(event, "body");
  if (kind != nullptr && body.is_object()) text += card.fields(*kind->body, body, 2);
  if (auto withheld = event.find("withheld"); withheld != event.end())
    text += cardLine(context, "withheld", "不予显示", joined(*withheld, ", "));
  return text;
}

std::string entryCard(const Context& context, const CardNames& names, const Json& entry) {
  const Json event = service::memberOf(entry, "event");
  auto recorded = recordedAt(entry);
  std::string text =
      fmt::format(fmt::runtime(context.say("Entry {}, recorded {}\n", "第 {} 条，记录于 {}\n")),
                  service::memberOf(entry, "index").dump(), recorded.ok() ? events::formatLocalMinutes(*recorded) : "");
  text += eventCard(context, names, event);
  for (const Json& key : service::memberOf(entry, "signers"))
    text += cardLine(context, "signed by", "签署", key.is_string() ? names.signer(key.get<std::string>()) : key.dump());
  text += cardLine(context, "names", "涉及对象", joined(service::memberOf(entry, "entities"), " "));
  text += cardLine(context, "event digest", "事件摘要", service::textOf(entry, "eventDigest"));
  if (std::string since = sinceText(context, entry, event); !since.empty())
    text += cardLine(context, "taken back", "已收回", since);
  return text;
}

std::string entryText(const Context& context, const CardNames& names, const Json& entry) {
  if (context.format == "table") return entryCard(context, names, entry);
  return entry.dump(context.format == "jsonl" ? -1 : 2) + "\n";
}

std::string entryLine(const Context& context, const Json& entry, const std::string& entities) {
  const Json event = service::memberOf(entry, "event");
  const std::string index = service::memberOf(entry, "index").dump(), day = service::textOf(event, "legalDate"),
                    kind = service::textOf(event, "kind"), recorded = service::textOf(entry, "recordedAt");
  if (context.format == "csv") return fmt::format("{},{},{},{}\n", index, recorded, day, kind);
  const events::Kind* known = events::findKind(kind);
  auto instant = recordedAt(entry);
  std::string line =
      fmt::format("{:>8}  {}  {}  {}  {}", index, instant.ok() ? events::formatLocalInstant(*instant) : recorded, day,
                  events::padRight(known != nullptr && context.zh() ? known->label.zh : kind, 24), entities);
  if (std::string amount = known == nullptr ? "" : amountText(*known, event); !amount.empty()) line += "  " + amount;
  const Json taken = service::memberOf(entry, "takenBack");
  if (taken.is_object()) {
    const std::string by = service::memberOf(taken, "by").dump();
    line += context.say(Message{fmt::format("  (taken back by {})", by), fmt::format("  （已由第 {} 条收回）", by)});
  }
  return line + "\n";
}

CardNames cardNames(const Context& context, const ledger::Ledger& ledger) {
  return {[&ledger](const std::string& party) { return nameOf(ledger, party); },
          [&ledger](const EventId& id) {
            auto index = ledger.findEvent(id);
            return index.ok() ? *index : std::nullopt;
          },
          [&context, &ledger](const std::string& key) { return signerText(context, ledger, key); }};
}

std::string partyText(const ledger::Ledger& ledger, const std::string& party) {
  return withName(party, nameOf(ledger, party));
}

std::string rolesText(const Context& context, const std::vector<std::string>& roles) {
  std::string text;
  for (const std::string& role : roles)
    text += (text.empty() ? "" : std::string(context.say(", ", "、"))) + labelOfRole(context, role);
  return text;
}

std::string signerText(const Context& context, const ledger::Ledger& ledger, const std::string& key) {
  auto record = ledger.entity("key:" + key);
  if (!record.ok() || !*record) {
    bool log = key.starts_with(ledger.origin() + "+");
    return key + "  " +
           std::string(log ? context.say("the log's own key", "日志密钥")
                           : context.say("not bound here", "未在本账本绑定"));
  }
  std::string party((*record)->get("party.any"));
  return fmt::format("{}  {}  {}", key, partyText(ledger, party), rolesText(context, allOf(**record, "role")));
}

std::string ruleText(const Context& context, const events::Kind& kind, int edition) {
  std::string text;
  for (const auto& alternative : kind.signersOf(edition).rule) {
    std::string all;
    for (const events::SignerTerm& term : alternative) {
      std::string one = labelOfRole(context, term.role);
      if (term.role == "ANY") one = context.say("any party", "任一主体");
      if (!term.path.empty()) {
        const events::Label& of = term.path.back()->label;
        one += context.zh() ? fmt::format("（{}）", of.zh) : fmt::format(" ({})", of.en);
      }
      all += (all.empty() ? "" : " + ") + one;
    }
    text += (text.empty() ? "" : std::string(context.say(", or ", "；或 "))) + all;
  }
  return text;
}

}  // namespace pilotledger::cli
