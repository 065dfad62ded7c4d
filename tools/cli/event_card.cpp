#include "tools/cli/event_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/base/uuid.h"
#include "events/money.h"
#include "events/schema/value.h"

namespace pilotledger::cli {
namespace {

using events::Field;
using events::Format;
using Json = nlohmann::ordered_json;

constexpr std::size_t kLabelWidth = 22;

class Card {
 public:
  Card(const Context& context, const ledger::Ledger& ledger, std::uint16_t currency)
      : context_(context), ledger_(ledger), currency_(currency) {}

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
    if (field.format == Format::Party) return partyText(ledger_, text);
    if (field.format == Format::Uuid) return eventText(text);
    return text;
  }

  std::string codeText(const events::EnumInfo& info, const std::string& code) const {
    auto found = info.find(code);
    if (!found) return code;
    const events::Label& label = info.values[*found].label;
    return fmt::format("{} ({})", context_.zh() ? label.zh : label.en, code);
  }

  std::string moneyText(const std::string& digits) const {
    PL_ASSERT(!digits.empty());
    return fmt::format("{} {}", events::formatMoney(std::stoll(digits), currency_), events::currencyAlpha(currency_));
  }

  static std::string basisPoints(const std::string& digits) {
    const std::int64_t points = std::stoll(digits);
    return fmt::format("{}{}.{:02}%", points < 0 ? "-" : "", std::abs(points) / 100, std::abs(points) % 100);
  }

  std::string eventText(const std::string& id) const {
    auto parsed = events::parseUuid(id);
    if (!parsed.ok()) return id;
    auto index = ledger_.findEvent(*parsed);
    if (!index.ok() || !*index) return id;
    return fmt::format(fmt::runtime(context_.say("entry {} ({})", "第 {} 条（{}）")), **index, id);
  }

  const Context& context_;
  const ledger::Ledger& ledger_;
  std::uint16_t currency_;
};

std::string labelOfRole(const Context& context, const std::string& code) {
  const events::EnumInfo& roles = *events::findEnum("Role");
  auto found = roles.find(code);
  if (!found) return code;
  const events::Label& label = roles.values[*found].label;
  return fmt::format("{} {}", code, context.zh() ? label.zh : label.en);
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
  Json json = events::jsonOf(event, reader);
  Card card(context, ledger, event.reader().getCurrency());
  const events::Kind& kind = event.kind();
  std::string text = fmt::format("{}  {}\n", context.zh() ? kind.label.zh : kind.label.en, kind.name);
  text += card.fields(events::headerInfo(), json, 2);
  if (json.contains("body")) text += card.fields(*kind.body, json["body"], 2);
  if (auto withheld = json.find("withheld"); withheld != json.end()) {
    std::string names;
    for (const Json& name : *withheld) names += (names.empty() ? "" : ", ") + name.get<std::string>();
    text += cardLine(context, "withheld", "不予显示", names);
  }
  return text;
}

std::string amountText(const events::Event& event, events::Confidentiality clearance) {
  if (event.kind().confidentiality > clearance) return "";
  const std::uint16_t currency = event.reader().getCurrency();
  for (const Field& field : event.kind().body->fields) {
    if (field.format != Format::Money || field.isList || field.confidentiality > clearance) continue;
    const std::int64_t amount = event.body().scalar(field).number;
    if (amount != 0)
      return fmt::format("{} {}", events::formatMoney(amount, currency), events::currencyAlpha(currency));
  }
  return "";
}

std::string partyText(const ledger::Ledger& ledger, const std::string& party) {
  auto record = ledger.entity("party:" + party);
  if (!record.ok() || !*record) return party;
  std::string name((*record)->get("name"));
  return name.empty() ? party : party + "  " + name;
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
