#include "tools/cli/event_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "events/base/text.h"
#include "events/money.h"
#include "tools/import/dates.h"
#include "tools/service/kinds.h"

namespace pilotledger::cli {
namespace {

using events::Field;
using events::Format;
using Json = nlohmann::ordered_json;
using Which = capnp::schema::Type::Which;

constexpr std::size_t kMaxElements = 4096;

std::string lowered(std::string_view text) {
  std::string low(text);
  for (char& c : low) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return low;
}

// The name that a person types: without the unit in which the log counts.
std::string typedName(const Field& field) {
  std::string_view name = field.name;
  if (field.format == Format::Money && name.ends_with("Fen")) name.remove_suffix(3);
  if (field.format == Format::Bp && name.ends_with("Bp")) name.remove_suffix(2);
  return std::string(name);
}

bool goesBy(const Field& field, std::string_view word) {
  return typedName(field) == word || field.name == word || field.label.zh == word ||
         lowered(field.label.en) == lowered(word);
}

const Field* fieldOf(const events::StructInfo& info, std::string_view word) {
  auto found = std::find_if(info.fields.begin(), info.fields.end(), [&](const Field& f) { return goesBy(f, word); });
  return found == info.fields.end() ? nullptr : &*found;
}

Error noField(std::string_view word, std::span<const events::StructInfo* const> among) {
  std::vector<std::string> names, labels, all;
  for (const events::StructInfo* info : among) {
    for (const Field& field : info->fields) {
      names.push_back(typedName(field));
      labels.push_back(field.label.zh);
    }
  }
  all = names;
  all.insert(all.end(), labels.begin(), labels.end());
  std::vector<std::string_view> views(all.begin(), all.end());
  std::string_view close = events::nearest(word, views);
  std::string hint = close.empty() ? fmt::format("; there are: {}", fmt::join(names, ", "))
                                   : fmt::format("; did you mean '{}'?", close);
  std::string hintZh =
      close.empty() ? fmt::format("；可用：{}", fmt::join(labels, "、")) : fmt::format("；是否为“{}”？", close);
  return invalidInput(fmt::format("no field '{}'{}", word, hint), fmt::format("没有字段“{}”{}", word, hintZh));
}

Result<Json> enumValue(const events::EnumInfo& info, const std::string& text) {
  std::vector<std::string_view> known;
  for (std::size_t i = 1; i < info.values.size(); ++i) {
    const auto& [code, label] = info.values[i];
    if (lowered(code) == lowered(text) || label.zh == text || lowered(label.en) == lowered(text)) return Json(code);
    known.insert(known.end(), {code, label.zh});
  }
  return invalidInput(fmt::format("'{}' is none of: {}", text, fmt::join(known, " ")),
                      fmt::format("“{}”不在可选值之内：{}", text, fmt::join(known, " ")));
}

Result<Json> moneyValue(const Field& field, std::string_view word, const std::string& text, std::uint16_t currency) {
  if (word.ends_with("Fen")) {  // who counts in fen must not be taken to count in yuan
    std::string name = typedName(field);
    return invalidInput(
        fmt::format("amounts are typed in {}: write {}=…, as in {}=1200.50", events::currencyAlpha(currency), name,
                    name),
        fmt::format("金额以元（{}）填写：请写 {}=…，如 {}=1200.50", events::currencyAlpha(currency), name, name));
  }
  PL_TRY(auto minor, events::parseMoneyCell(text, currency));
  if (!minor) return invalidInput("an amount is missing", "缺少金额");
  return Json(std::to_string(*minor));
}

// "3.5%" or "3.5": hundredths of a per cent.
Result<Json> shareValue(std::string_view word, std::string text) {
  if (word.ends_with("Bp")) {
    return invalidInput(fmt::format("shares are typed in per cent: write {}=3.5%", word.substr(0, word.size() - 2)),
                        fmt::format("比例以百分数填写：请写 {}=3.5%", word.substr(0, word.size() - 2)));
  }
  if (text.ends_with('%')) text.pop_back();
  PL_TRY(std::int64_t points, events::parseMinor(text, 2));
  return Json(points);
}

Result<Json> yesOrNo(const std::string& text) {
  const std::string low = lowered(text);
  for (std::string_view yes : {"yes", "true", "是", "1"}) {
    if (low == yes) return Json(true);
  }
  for (std::string_view no : {"no", "false", "否", "0"}) {
    if (low == no) return Json(false);
  }
  return invalidInput(fmt::format("'{}': expected yes or no", text), fmt::format("“{}”：应为“是”或“否”", text));
}

Result<Json> scalarValue(const Field& field, std::string_view word, const std::string& text, std::uint16_t currency) {
  if (field.enumeration != nullptr) return enumValue(*field.enumeration, text);
  if (field.format == Format::Money) return moneyValue(field, word, text, currency);
  if (field.format == Format::Bp) return shareValue(word, text);
  if (field.format == Format::Date) {
    PL_TRY(std::string day, import::anyDate(text));
    return Json(day);
  }
  if (field.type == Which::BOOL) return yesOrNo(text);
  const bool textual = field.type == Which::TEXT || field.type == Which::DATA || field.format == Format::Currency;
  if (textual) return Json(text);
  std::int64_t number = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size())
    return invalidInput(fmt::format("'{}': expected a whole number", text), fmt::format("“{}”：应为整数", text));
  return Json(number);
}

std::vector<std::string> pieces(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    std::size_t end = text.size(), width = 0;
    for (std::string_view comma : {",", "，", "、"}) {
      if (std::size_t at = text.find(comma); at < end) {
        end = at;
        width = comma.size();
      }
    }
    if (end > 0) all.emplace_back(text.substr(0, end));
    text.remove_prefix(end + width);
  }
  return all;
}

// "lines[2]": the name, and 2.
struct Step {
  std::string_view name;
  std::optional<std::size_t> element;
};

Result<Step> stepOf(std::string_view text) {
  std::size_t open = text.find('[');
  if (open == text.npos) return Step{text, std::nullopt};
  std::string_view digits = text.substr(open + 1);
  std::size_t number = 0;
  auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  bool good = failure == std::errc() && digits.substr(static_cast<std::size_t>(end - digits.data())) == "]" &&
              number >= 1 && number <= kMaxElements;
  if (good) return Step{text.substr(0, open), number};
  return invalidInput(fmt::format("'{}': elements are numbered from 1, as in lines[1]", text),
                      fmt::format("“{}”：列表元素自 1 编号，如 lines[1]", text));
}

class Setter {
 public:
  Setter(const events::Kind& kind, Json& event) : kind_(kind), event_(event) {}

  Status set(std::string_view path, const std::string& value) {
    if (path == "copy" || path == "份次") return setCopy(value);
    std::string_view first = path.substr(0, path.find('.'));
    PL_TRY(Step step, stepOf(first));
    if (fieldOf(*kind_.body, step.name) != nullptr) {
      if (!event_.contains("body")) event_["body"] = Json::object();
      return into(*kind_.body, event_["body"], path, value);
    }
    if (fieldOf(events::headerInfo(), step.name) != nullptr) return into(events::headerInfo(), event_, path, value);
    const events::StructInfo* both[] = {kind_.body, &events::headerInfo()};
    return noField(step.name, both);
  }

 private:
  // Of equal events that are all meant: 2 for the second (event_ids.h).
  Status setCopy(const std::string& value) {
    std::uint32_t number = 0;
    auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (failure != std::errc() || end != value.data() + value.size())
      return invalidInput(fmt::format("'{}': expected a whole number", value), fmt::format("“{}”：应为整数", value));
    event_["copy"] = number;
    return {};
  }

  Status into(const events::StructInfo& info, Json& object, std::string_view path, const std::string& value) {
    const std::size_t dot = path.find('.');
    PL_TRY(Step step, stepOf(path.substr(0, dot)));
    const Field* field = fieldOf(info, step.name);
    const events::StructInfo* one[] = {&info};
    if (field == nullptr) return noField(step.name, one);
    if (field->element == nullptr) return setPlain(*field, step, object, dot != path.npos, value);
    if (dot == path.npos && value.empty() && !step.element) {
      object.erase(field->name);
      return {};
    }
    if (dot == path.npos) return noField(fmt::format("{}.", step.name), std::array{field->element});
    PL_TRY(Json * child, childOf(*field, step, object));
    return into(*field->element, *child, path.substr(dot + 1), value);
  }

  Status setPlain(const Field& field, const Step& step, Json& object, bool deeper, const std::string& value) {
    if (deeper || step.element) {
      return invalidInput(fmt::format("{} is one value, not a group of fields", field.name),
                          fmt::format("{} 为单个值，没有下级字段", field.name));
    }
    if (value.empty()) {
      object.erase(field.name);
      return {};
    }
    if (!field.isList) {
      PL_TRY(object[field.name], scalarValue(field, step.name, value, currency()));
      return {};
    }
    Json list = Json::array();
    for (const std::string& piece : pieces(value)) {
      PL_TRY(Json one, scalarValue(field, step.name, piece, currency()));
      list.push_back(std::move(one));
    }
    object[field.name] = std::move(list);
    return {};
  }

  // Elements are given in order: the next one, or one that is there.
  static Result<Json*> childOf(const Field& field, const Step& step, Json& object) {
    if (!field.isList) {
      if (!object.contains(field.name)) object[field.name] = Json::object();
      return &object[field.name];
    }
    if (!object.contains(field.name)) object[field.name] = Json::array();
    Json& list = object[field.name];
    const std::size_t wanted = step.element.value_or(1);
    if (wanted > list.size() + 1) {
      return invalidInput(fmt::format("{}[{}]: there are {}; give them in order", field.name, wanted, list.size()),
                          fmt::format("{}[{}]：现有 {} 项，请依次填写", field.name, wanted, list.size()));
    }
    if (wanted == list.size() + 1) list.push_back(Json::object());
    return &list[wanted - 1];
  }

  std::uint16_t currency() const {
    auto given = event_.find("currency");
    if (given == event_.end() || !given->is_string()) return events::kCny;
    auto parsed = events::parseCurrency(given->get<std::string>());
    return parsed.ok() ? *parsed : events::kCny;
  }

  const events::Kind& kind_;
  Json& event_;
};

}  // namespace

Result<const events::Kind*> kindByWord(const std::string& word) {
  for (const events::Kind& kind : events::kinds()) {
    if (kind.label.zh == word || lowered(kind.label.en) == lowered(word) || lowered(kind.name) == lowered(word))
      return &kind;
  }
  return service::requireKind(word);
}

bool hasField(const events::Kind& kind, std::string_view word) {
  return fieldOf(*kind.body, word.substr(0, word.find_first_of(".["))) != nullptr;
}

namespace {

void addWords(const events::StructInfo& info, Language language, const std::string& before, bool required,
              std::vector<FieldWord>& words) {
  for (const Field& field : info.fields) {
    const std::string& label = language == Language::Chinese ? field.label.zh : field.label.en;
    const auto same = std::count_if(info.fields.begin(), info.fields.end(), [&](const Field& other) {
      return (language == Language::Chinese ? other.label.zh : other.label.en) == label;
    });
    const bool plain = same == 1 && label.find_first_of(".[=*") == label.npos;
    std::string word = before + (plain ? label : typedName(field));
    if (field.element != nullptr && !field.isList)
      addWords(*field.element, language, word + ".", required && field.required, words);
    if (field.element == nullptr) words.push_back({std::move(word), &field, required && field.required});
  }
}

}  // namespace

std::vector<FieldWord> wordsOf(const events::Kind& kind, Language language) {
  std::vector<FieldWord> words;
  for (const char* name : {"legalDate", "currency"}) {
    const Field& field = *events::headerInfo().find(name);
    words.push_back({language == Language::Chinese ? field.label.zh : field.label.en, &field, field.required});
  }
  addWords(*kind.body, language, "", true, words);
  return words;
}

Status setFields(const events::Kind& kind, std::span<const std::string> words, Json& event) {
  std::vector<std::string> seen;
  Setter setter(kind, event);
  // The currency says what the amounts are, wherever it stands.
  for (bool currency : {true, false}) {
    for (const std::string& word : words) {
      const std::size_t equals = word.find('=');
      if (equals == word.npos || equals == 0) {
        return invalidInput(fmt::format("expected FIELD=VALUE, found '{}'", word),
                            fmt::format("应为 字段=值，实为“{}”", word));
      }
      const std::string path = word.substr(0, equals);
      if (goesBy(*events::headerInfo().find("currency"), path) != currency) continue;
      if (std::find(seen.begin(), seen.end(), path) != seen.end())
        return invalidInput(fmt::format("{} is given twice", path), fmt::format("{} 重复给出", path));
      seen.push_back(path);
      if (auto status = setter.set(path, word.substr(equals + 1)); !status.ok())
        return std::move(status).error().within(path);
    }
  }
  return {};
}

}  // namespace pilotledger::cli
