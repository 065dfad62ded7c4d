#include "tools/cli/event_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <vector>

#include "query/report/xlsx.h"
#include "tools/cli/event_words.h"
#include "tools/import/input.h"

namespace pilotledger::cli {
namespace {

using events::Format;

std::vector<std::string> choicesOf(const events::Field& field, Language language) {
  std::vector<std::string> choices;
  if (field.enumeration != nullptr && !field.isList) {
    for (std::size_t i = 1; i < field.enumeration->values.size(); ++i) {
      const events::Label& label = field.enumeration->values[i].label;
      choices.push_back(language == Language::Chinese ? label.zh : label.en);
    }
  }
  if (field.type == capnp::schema::Type::BOOL)
    choices =
        language == Language::Chinese ? std::vector<std::string>{"是", "否"} : std::vector<std::string>{"yes", "no"};
  return choices;
}

Result<import::CsvTable> tableNamed(const std::string& bytes, const std::string& name, const std::string& sheet) {
  import::Rules rules;
  rules.sheet = sheet;
  PL_TRY(import::Input input, import::readInput(bytes, name, rules));
  return std::move(input.table);
}

// What a form says on its hidden sheet; "" where there is none.
std::string formKind(const std::string& bytes, const std::string& name) {
  auto facts = tableNamed(bytes, name, query::kFormFacts);
  return facts.ok() && facts->columns().size() > 1 && facts->columns()[0] == "kind" ? facts->columns()[1] : "";
}

std::string wordOfHead(std::string head);

// What a row says of its party and of the party's key.
struct FoundingRow {
  std::vector<std::string> party, key;
  bool hasKey = false;
};

Result<FoundingRow> foundingRow(const import::CsvTable& table, const import::CsvRow& row) {
  static const events::Kind& parties = *events::findKind("PartyRegistered");
  static const events::Kind& keys = *events::findKind("KeyBound");
  FoundingRow found;
  for (std::size_t i = 0; i < row.cells.size() && i < table.columns().size(); ++i) {
    const std::string head = wordOfHead(table.columns()[i]);
    const bool ofParty = hasField(parties, head), ofKey = hasField(keys, head);
    if (!ofParty && !ofKey) {
      return invalidInput(
          fmt::format("no column '{}'; there are: party, name, kind, division, key, roles, level", head),
          fmt::format("没有“{}”列；可用：主体代码、名称、类型、行政区划、验证密钥、角色、机关层级", head));
    }
    if (row.cells[i].empty()) continue;
    if (ofParty) found.party.push_back(head + "=" + row.cells[i]);
    if (ofKey) found.key.push_back(head + "=" + row.cells[i]);
    found.hasKey = found.hasKey || (ofKey && !ofParty);
  }
  return found;
}

Result<nlohmann::ordered_json> eventOfWords(std::string_view kind, const std::vector<std::string>& words,
                                            const std::string& day) {
  nlohmann::ordered_json event = {{"kind", kind}, {"legalDate", day}, {"body", nlohmann::ordered_json::object()}};
  PL_CHECK(setFields(*events::findKind(kind), words, event));
  return event;
}

std::string wordOfHead(std::string head) {
  while (head.ends_with('*') || head.ends_with(' ')) head.pop_back();
  return head;
}

Error ofRow(Error error, const import::CsvRow& row) {
  return std::move(error).within(fmt::format("row {}", row.line), fmt::format("第 {} 行", row.line));
}

}  // namespace

Result<std::string> eventForm(const events::Kind& kind, Language language) {
  query::Form form{kind.name, {}, {{"kind", kind.name}}};
  for (const FieldWord& one : wordsOf(kind, language)) {
    const bool number = one.field->format == Format::Money || one.field->format == Format::Date;
    form.columns.push_back({one.word + (one.required ? "*" : ""), !number, choicesOf(*one.field, language)});
  }
  return query::renderForm(form);
}

bool isWorkbook(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"); }

Result<std::string> eventsOfTable(std::string bytes, const std::string& name, const std::string& given) {
  std::string kindName = given.empty() && isWorkbook(bytes) ? formKind(bytes, name) : given;
  if (kindName.empty()) {
    return invalidInput(name + ": a table of what? say --kind KIND, or fill in 'template KIND --format xlsx'",
                        name + "：未说明事件种类：请用 --kind，或填写 template KIND --format xlsx 生成的模板");
  }
  PL_TRY(const events::Kind* kind, kindByWord(kindName));
  PL_TRY(import::CsvTable table, tableNamed(bytes, name, ""));
  std::string lines;
  std::size_t written = 0;
  for (const import::CsvRow& row : table.rows()) {
    if (row.trouble) return ofRow(invalidInput(row.trouble->en, row.trouble->zh), row);
    if (!row.doubtful.empty()) return ofRow(invalidInput(row.doubtful[0].second.en, row.doubtful[0].second.zh), row);
    std::vector<std::string> words;
    for (std::size_t i = 0; i < row.cells.size() && i < table.columns().size(); ++i) {
      if (!row.cells[i].empty()) words.push_back(wordOfHead(table.columns()[i]) + "=" + row.cells[i]);
    }
    nlohmann::ordered_json event = {{"kind", kind->name}, {"body", nlohmann::ordered_json::object()}};
    if (auto status = setFields(*kind, words, event); !status.ok()) return ofRow(std::move(status).error(), row);
    // Blank lines before it, so that whoever refuses line N of this refuses row N of the table.
    if (row.line > written + 1) lines.append(row.line - written - 1, '\n');
    written = std::max(written + 1, row.line);
    lines += event.dump() + "\n";
  }
  if (lines.empty()) return invalidInput(name + ": no row is filled in", name + "：没有填写任何行");
  return lines;
}

Result<FoundingEvents> foundingEvents(std::string bytes, const std::string& name, const std::string& day) {
  PL_TRY(import::CsvTable table, tableNamed(bytes, name, ""));
  FoundingEvents all;
  std::set<std::string> registered;
  auto add = [&](const nlohmann::ordered_json& event, const import::CsvRow& row) {
    all.lines += event.dump() + "\n";
    all.rows.push_back(row.line);
  };
  for (const import::CsvRow& row : table.rows()) {
    if (row.trouble) return ofRow(invalidInput(row.trouble->en, row.trouble->zh), row);
    auto found = foundingRow(table, row);
    if (!found.ok()) return ofRow(std::move(found).error(), row);
    auto party = eventOfWords("PartyRegistered", found->party, day);
    if (!party.ok()) return ofRow(std::move(party).error(), row);
    const auto& known = (*party)["body"];
    if (registered.insert(known.value("party", "")).second) add(*party, row);
    if (!found->hasKey) continue;
    auto key = eventOfWords("KeyBound", found->key, day);
    if (!key.ok()) return ofRow(std::move(key).error(), row);
    auto& bound = (*key)["body"];
    bound["party"] = known.value("party", "");
    if (known.value("kind", "") == "AUTHORITY" && known.contains("division") && !bound.contains("division"))
      bound["division"] = known["division"];
    add(*key, row);
  }
  if (all.lines.empty()) return invalidInput(name + ": no row is filled in", name + "：没有填写任何行");
  return all;
}

}  // namespace pilotledger::cli
