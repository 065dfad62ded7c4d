#include "query/answer/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "events/base/text.h"
#include "events/identifiers.h"
#include "events/money.h"
#include "events/schema/schema.h"

namespace pilotledger::query {
namespace {

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

bool isDigits(std::string_view text, std::size_t size) {
  return text.size() == size && text.find_first_not_of("0123456789") == text.npos;
}

Error cannotBe(const Parameter& parameter, std::string_view value, std::string_view expected,
               std::string_view expectedZh) {
  return invalidInput(fmt::format("{}: expected {}, found '{}'", parameter.name, expected, events::shortened(value)),
                      fmt::format("{}：应为{}，实为“{}”", parameter.name, expectedZh, events::shortened(value)));
}

bool isValue(const Parameter& parameter) { return parameter.type == "value" || parameter.type.starts_with("value:"); }

// A code and what people call it.
struct Choice {
  std::string code;
  Message label;
};

Result<std::string> choose(const Parameter& parameter, std::string_view value, const std::vector<Choice>& choices) {
  std::string wanted = folded(value);
  for (const Choice& choice : choices) {
    if (folded(choice.code) == wanted || folded(choice.label.en) == wanted || choice.label.zh == value)
      return choice.code;
  }
  std::string en, zh;
  for (const Choice& choice : choices) {
    en += (en.empty() ? "" : ", ") + choice.code;
    zh += (zh.empty() ? "" : "、") + choice.code + (choice.label.zh.empty() ? "" : "（" + choice.label.zh + "）");
  }
  return cannotBe(parameter, value, "one of " + en, "其中之一：" + zh);
}

std::vector<Choice> choicesOfEnum(std::string_view name) {
  std::vector<Choice> choices;
  const events::EnumInfo* info = events::findEnum(name);
  PL_ASSERT(info != nullptr);
  for (std::size_t i = 1; i < info->values.size(); ++i)
    choices.push_back({info->values[i].code, {info->values[i].label.en, info->values[i].label.zh}});
  return choices;
}

std::vector<Choice> choicesOfColumn(const Definition& view, std::string_view name) {
  std::vector<Choice> choices;
  for (const ColumnInfo& column : view.columns) {
    if (column.name != name) continue;
    for (const auto& [code, label] : column.codes) {
      if (code != "UNSPECIFIED") choices.push_back({code, label});
    }
  }
  PL_ASSERT(!choices.empty());
  return choices;
}

std::vector<Choice> choicesOfWords(std::string_view words) {
  std::vector<Choice> choices;
  while (!words.empty()) {
    std::size_t end = std::min(words.find(','), words.size());
    choices.push_back({std::string(words.substr(0, end)), {}});
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return choices;
}

std::vector<Choice> choicesOfKinds() {
  std::vector<Choice> choices;
  for (const events::Kind& kind : events::kinds()) choices.push_back({kind.name, {kind.label.en, kind.label.zh}});
  return choices;
}

Result<std::string> readYear(const Parameter& parameter, const std::string& value) {
  if (isDigits(value, 4) && value >= "1800" && value <= "2999") return value;
  return cannotBe(parameter, value, "a year of four digits", "四位年份");
}

Result<std::string> readPeriod(const Parameter& parameter, const std::string& value) {
  std::string_view text = value;
  bool year = isDigits(text.substr(0, 4), 4);
  bool quarter = text.size() == 7 && text.substr(4, 2) == "-Q" && text[6] >= '1' && text[6] <= '4';
  bool month = text.size() == 7 && text[4] == '-' && isDigits(text.substr(5), 2) && text.substr(5) >= "01" &&
               text.substr(5) <= "12";
  if (year && (text.size() == 4 || quarter || month)) return value;
  return cannotBe(parameter, value, "a year, quarter or month: 2026, 2026-Q1, 2026-03",
                  "年、季或月：2026、2026-Q1、2026-03");
}

Result<std::string> readMonth(const Parameter& parameter, const std::string& value) {
  auto period = readPeriod(parameter, value);
  if (period.ok() && value.size() == 7 && value[5] != 'Q') return value;
  return cannotBe(parameter, value, "a month: 2026-03", "月份，如 2026-03");
}

Result<std::string> readDivision(const Parameter& parameter, const std::string& value) {
  std::string upper = value;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  if (auto division = events::canonicalDivision(upper); division.ok()) return division;
  return cannotBe(parameter, value, "a division of six digits, or a country of two letters",
                  "六位行政区划代码，或两位国家代码");
}

Result<std::string> readCurrency(const Parameter& parameter, const std::string& value) {
  std::string upper = value;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  if (events::parseCurrency(upper).ok()) return upper;
  return cannotBe(parameter, value, "a currency by its three letters, such as CNY", "三位币种代码，如 CNY");
}

Result<std::string> readCount(const Parameter& parameter, const std::string& value) {
  if (!value.empty() && value.size() <= 6 && isDigits(value, value.size())) return value;
  return cannotBe(parameter, value, "a number of days", "天数");
}

Result<std::string> readEntries(const Parameter& parameter, const std::string& value) {
  std::string plain;
  std::copy_if(value.begin(), value.end(), std::back_inserter(plain), [](char c) { return c != ' '; });
  bool good = !plain.empty() && plain.find_first_not_of("0123456789,") == plain.npos && plain.front() != ',' &&
              plain.back() != ',' && plain.find(",,") == plain.npos;
  if (good) return plain;
  return cannotBe(parameter, value, "entry indexes such as 12,15", "条目序号，如 12,15");
}

// What the parameters of one question are read with.
class ParameterReader {
 public:
  ParameterReader(ReadModel& model, const Definition& view) : model_(model), view_(view), names_(namesIn(model)) {}

  Result<std::string> read(const Parameter& parameter, const std::string& value) {
    std::string_view type = parameter.type;
    std::string_view of = type.substr(std::min(type.find(':') + 1, type.size()));
    if (type.starts_with("entity:")) return entity(parameter, of, value);
    if (type == "entity") return wholeEntity(parameter, value);
    if (type == "party") return party(parameter, value);
    if (type == "books") return books(parameter, value);
    if (type == "kind") return choose(parameter, value, choicesOfKinds());
    if (type.starts_with("code:")) return choose(parameter, value, choicesOfColumn(view_, of));
    if (type.starts_with("enum:")) return choose(parameter, value, choicesOfEnum(of));
    if (type.starts_with("word:")) return choose(parameter, value, choicesOfWords(of));
    if (type == "year") return readYear(parameter, value);
    if (type == "period") return readPeriod(parameter, value);
    if (type == "month") return readMonth(parameter, value);
    if (type == "division") return readDivision(parameter, value);
    if (type == "currency") return readCurrency(parameter, value);
    if (type == "count") return readCount(parameter, value);
    if (type == "entries") return readEntries(parameter, value);
    PL_ASSERT(isValue(parameter) || type == "text");
    return value;
  }

 private:
  Error nothingNamed(const Parameter& parameter, const std::string& key) {
    auto near = events::nearestName(key, names_);
    Message hint = near.ok() ? std::move(near).value() : Message{};
    return makeError(ErrorCode::NotFound,
                     fmt::format("{}: no entry that is seen here names {}{}", parameter.name, key, hint.en),
                     fmt::format("{}：此处所见条目均未提及 {}{}", parameter.name, key, hint.zh));
  }

  Result<std::string> entity(const Parameter& parameter, std::string_view kind, const std::string& value) {
    std::string prefix = std::string(kind) + ":";
    auto found = events::findEntity(value.starts_with(prefix) ? value : prefix + value, names_);
    if (found.ok() && found->recorded) return found->key.substr(prefix.size());
    if (kind == "platform") {
      PL_TRY(auto bearers, bearersOf("SELECT platform, name FROM platform_established", value));
      if (bearers.size() == 1) return std::move(bearers.front());
      if (bearers.size() > 1) return severalBear(parameter, value, bearers);
    }
    if (!found.ok()) return std::move(found).error().within(parameter.name);
    return nothingNamed(parameter, found->key);
  }

  Error severalBear(const Parameter& parameter, const std::string& name, const std::vector<std::string>& bearers) {
    return invalidInput(
        fmt::format("{}: several are named '{}': {}; write the code of the one that is meant", parameter.name, name,
                    fmt::join(bearers, ", ")),
        fmt::format("{}：有多个名为“{}”：{}；请填写代码", parameter.name, name, fmt::join(bearers, "、")));
  }

  // Which entries name a party is not kept in the read model.
  Result<std::string> wholeEntity(const Parameter& parameter, const std::string& value) {
    auto found = events::findEntity(value, names_);
    if (!found.ok()) return std::move(found).error().within(parameter.name);
    if (found->key.starts_with("party:")) {
      return makeError(
          ErrorCode::Unsupported,
          fmt::format("view {} does not list what names a party; use: pilotledger log --entity {}", view_.name,
                      found->key),
          fmt::format("视图 {} 不列出提及主体的条目；请用：pilotledger log --entity {}", view_.name, found->key));
    }
    if (!found->recorded) return nothingNamed(parameter, found->key);
    return std::move(found->key);
  }

  // Of rows of a code and a name, the codes of those that are named so.
  Result<std::vector<std::string>> bearersOf(const std::string& sql, const std::string& name) {
    std::set<std::string> parties;
    PL_TRY(std::string wanted, events::identifierSpelling(name));
    PL_TRY(Statement rows, model_.prepare(sql));
    while (true) {
      PL_TRY(bool row, rows.step());
      if (!row) break;
      auto spelled = events::identifierSpelling(rows.text(1));
      if (folded(spelled.ok() ? *spelled : rows.text(1)) == folded(wanted)) parties.insert(rows.text(0));
    }
    return std::vector<std::string>(parties.begin(), parties.end());
  }

  Result<std::string> party(const Parameter& parameter, const std::string& value) {
    std::string key = value.starts_with("party:") ? value : "party:" + value;
    auto found = events::findEntity(key, names_);
    if (found.ok() && found->recorded) return found->key.substr(key.find(':') + 1);
    PL_TRY(std::vector<std::string> bearers, bearersOf("SELECT party, name FROM party_registered", value));
    if (bearers.size() == 1) return std::move(bearers.front());
    if (bearers.size() > 1) return severalBear(parameter, value, bearers);
    if (found.ok()) return nothingNamed(parameter, found->key);
    return nothingBears(parameter, value);
  }

  // Neither a code nor a name.
  Result<std::string> nothingBears(const Parameter& parameter, const std::string& value) {
    std::vector<std::string> names;
    PL_TRY(Statement rows, model_.prepare("SELECT DISTINCT name FROM party_registered"));
    while (true) {
      PL_TRY(bool row, rows.step());
      if (!row) break;
      names.push_back(rows.text(0));
    }
    std::string_view close = events::nearest(value, std::vector<std::string_view>(names.begin(), names.end()));
    return makeError(ErrorCode::NotFound,
                     fmt::format("{}: no party has the code or the name '{}'{}", parameter.name, value,
                                 close.empty() ? "" : fmt::format("; did you mean '{}'?", close)),
                     fmt::format("{}：没有代码或名称为“{}”的主体{}", parameter.name, value,
                                 close.empty() ? "" : fmt::format("；是否为“{}”？", close)));
  }

  Result<std::string> books(const Parameter& parameter, const std::string& value) {
    auto platform = entity(parameter, "platform", value);
    if (platform.ok()) return platform;
    auto owner = party(parameter, value);
    if (owner.ok() || owner.error().code != ErrorCode::NotFound) return owner;
    return makeError(ErrorCode::NotFound,
                     fmt::format("{}: neither a platform nor a party is '{}'", parameter.name, value),
                     fmt::format("{}：没有编号、代码或名称为“{}”的平台或主体", parameter.name, value));
  }

  ReadModel& model_;
  const Definition& view_;
  events::EntityLookup names_;
};

const Parameter& parameterOf(const Definition& view, const std::string& name) {
  return *std::find_if(view.parameters.begin(), view.parameters.end(),
                       [&](const Parameter& parameter) { return parameter.name == name; });
}

// What the view has in that column when nothing narrows it, or what the table named has.
Result<std::set<std::string>> valuesOf(ReadModel& model, const AsOf& at, const std::string& view,
                                       const Parameter& parameter) {
  std::set<std::string> values;
  if (parameter.type != "value") {
    std::size_t dot = parameter.type.find('.');
    PL_ASSERT(dot != parameter.type.npos);
    PL_TRY(Statement rows, model.prepare(fmt::format("SELECT DISTINCT {} FROM {}", parameter.type.substr(dot + 1),
                                                     parameter.type.substr(6, dot - 6))));
    while (true) {
      PL_TRY(bool row, rows.step());
      if (!row) return values;
      values.insert(rows.text(0));
    }
  }
  PL_TRY(Table all, runView(model, at, view, {}));
  auto column = std::find_if(all.columns.begin(), all.columns.end(),
                             [&](const ColumnInfo& info) { return info.name == parameter.name; });
  PL_ASSERT(column != all.columns.end());
  auto index = static_cast<std::size_t>(column - all.columns.begin());
  for (const auto& row : all.rows) {
    if (const auto* text = std::get_if<std::string>(&row[index])) values.insert(*text);
  }
  return values;
}

Result<std::string> readValue(const Parameter& parameter, const std::string& value,
                              const std::set<std::string>& values) {
  if (values.contains(value)) return value;
  std::vector<std::string> alike;
  for (const std::string& one : values) {
    if (folded(one) == folded(value)) alike.push_back(one);
  }
  if (alike.size() == 1) return alike.front();
  std::string_view close = events::nearest(value, std::vector<std::string_view>(values.begin(), values.end()));
  return makeError(ErrorCode::NotFound,
                   fmt::format("{}: '{}' stands in no row{}", parameter.name, value,
                               close.empty() ? "" : fmt::format("; did you mean '{}'?", close)),
                   fmt::format("{}：没有任何一行为“{}”{}", parameter.name, value,
                               close.empty() ? "" : fmt::format("；是否为“{}”？", close)));
}

}  // namespace

events::EntityLookup namesIn(ReadModel& model) {
  events::EntityLookup lookup;
  auto tableOf = [](std::string_view kind) {
    return kind == "party" ? std::string("SELECT party AS id FROM party_registered")
                           : fmt::format("SELECT id FROM entity_entry WHERE entity = {}", quoteText(kind));
  };
  lookup.exists = [&model, tableOf](const std::string& key) -> Result<bool> {
    std::size_t colon = key.find(':');
    PL_TRY(Statement rows, model.prepare(fmt::format("SELECT 1 FROM ({}) n WHERE n.id = :id LIMIT 1",
                                                     tableOf(std::string_view(key).substr(0, colon)))));
    rows.bindNamed("id", key.substr(colon + 1));
    return rows.step();
  };
  lookup.assetOfGrant = [&model](const std::string& number) -> Result<std::string> {
    PL_TRY(Statement rows, model.prepare("SELECT number FROM ip_asset_recorded WHERE grant_number = :n"));
    rows.bindNamed("n", number);
    PL_TRY(bool row, rows.step());
    return row ? rows.text(0) : std::string();
  };
  lookup.each = [&model, tableOf](const std::string& kind,
                                  const std::function<void(std::string_view)>& visit) -> Status {
    PL_TRY(Statement rows,
           model.prepare(fmt::format("SELECT DISTINCT n.id FROM ({}) n WHERE n.id IS NOT NULL", tableOf(kind))));
    while (true) {
      PL_TRY(bool row, rows.step());
      if (!row) return {};
      visit(rows.text(0));
    }
  };
  return lookup;
}

Result<Parameters> readParameters(ReadModel& model, const AsOf& at, const Definition& view, const Parameters& asked) {
  PL_CHECK(requireParameters(view, asked));
  PL_CHECK(model.show(at));
  ParameterReader reader(model, view);
  Parameters read;
  for (const auto& [name, value] : asked) {
    PL_TRY(read[name], reader.read(parameterOf(view, name), value));
  }
  return read;
}

Result<Table> askView(ReadModel& model, const AsOf& at, const std::string& name, const Parameters& asked) {
  PL_TRY(const Definition* view, requireView(name));
  PL_TRY(Parameters parameters, readParameters(model, at, *view, asked));
  PL_TRY(Table table, runView(model, at, name, parameters));
  if (!table.rows.empty()) return table;
  Parameters again = parameters;
  for (auto& given : again) {
    const Parameter& parameter = parameterOf(*view, given.first);
    if (!isValue(parameter)) continue;
    PL_TRY(std::set<std::string> values, valuesOf(model, at, name, parameter));
    PL_TRY(given.second, readValue(parameter, given.second, values));
  }
  if (again == parameters) return table;
  return runView(model, at, name, again);
}

}  // namespace pilotledger::query
