#include "query/answer/definitions.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "events/schema/schema.h"
#include "query/sql/embedded_sql.h"

namespace pilotledger::query {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

std::string_view takeWord(std::string_view& text) {
  text = trim(text);
  std::size_t end = std::min(text.find(' '), text.size());
  std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  text = trim(text);
  return word;
}

Message bothLanguages(std::string_view text) {
  std::size_t bar = text.find('|');
  return {std::string(trim(text.substr(0, bar))), std::string(trim(text.substr(bar == text.npos ? 0 : bar + 1)))};
}

Result<ColumnInfo> parseColumn(std::string_view value) {
  ColumnInfo column;
  column.name = takeWord(value);
  column.type = takeWord(value);
  column.label = bothLanguages(value);
  if (column.type == "kind") {
    for (const events::Kind& kind : events::kinds())
      column.codes[std::string(kind.name)] = {kind.label.en, kind.label.zh};
    column.type = "text";
  }
  constexpr std::string_view kEnum = "enum:";
  if (!column.type.starts_with(kEnum)) return column;
  std::string_view names = std::string_view(column.type).substr(kEnum.size());
  while (!names.empty()) {
    std::string_view name = names.substr(0, names.find(','));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    const events::EnumInfo* info = events::findEnum(name);
    if (info == nullptr) return invalidInput(fmt::format("the schema has no enum {}", name));
    for (const auto& enumerant : info->values) column.codes[enumerant.code] = {enumerant.label.en, enumerant.label.zh};
  }
  column.type = "text";
  return column;
}

Status parseLabel(Definition& definition, std::string_view value) {
  std::string_view name = takeWord(value), code = takeWord(value);
  for (ColumnInfo& column : definition.columns) {
    if (column.name != name) continue;
    column.codes[std::string(code)] = bothLanguages(value);
    return {};
  }
  return invalidInput(fmt::format("label of '{}', which is no column above it", name));
}

Status parseDrill(Definition& definition, std::string_view value) {
  definition.drillView = takeWord(value);
  while (!value.empty()) {
    std::string_view pair = takeWord(value);
    std::size_t equals = pair.find("={");
    if (equals == pair.npos || !pair.ends_with('}')) return invalidInput("drill: expected PARAMETER={COLUMN}");
    definition.drillParameters.emplace_back(pair.substr(0, equals), pair.substr(equals + 2, pair.size() - equals - 3));
  }
  return {};
}

Status applyLine(Definition& definition, std::string_view key, std::string_view value) {
  if (key == "view") {
    definition.name = value;
  } else if (key == "finding") {
    definition.name = takeWord(value);
    definition.code = takeWord(value);
    definition.severity = takeWord(value);
  } else if (key == "version") {
    std::from_chars(value.data(), value.data() + value.size(), definition.version);
  } else if (key == "zh") {
    definition.title.zh = value;
  } else if (key == "en") {
    definition.title.en = value;
  } else if (key == "reader") {
    definition.reader = value;
  } else if (key == "basis") {
    definition.basis = value;
  } else if (key == "of" && value == "files") {
    definition.ofFiles = true;
  } else if (key == "param") {
    std::string_view name = takeWord(value);
    std::string_view type = value.starts_with("=") ? std::string_view("text") : takeWord(value);
    if (value.starts_with("=")) value.remove_prefix(1);
    definition.parameters.push_back({std::string(name), std::string(type), std::string(trim(value))});
  } else if (key == "column") {
    PL_TRY(ColumnInfo column, parseColumn(value));
    definition.columns.push_back(std::move(column));
  } else if (key == "label") {
    return parseLabel(definition, value);
  } else if (key == "key") {
    while (!value.empty()) definition.key.emplace_back(takeWord(value));
  } else if (key == "drill") {
    return parseDrill(definition, value);
  } else if (key == "chart") {
    definition.charts.emplace_back(value);
  } else if (key == "maps") {
    definition.maps.emplace_back(value);
  } else if (key == "totals") {
    while (!value.empty()) definition.totals.emplace_back(takeWord(value));
  } else {
    return invalidInput(fmt::format("unknown header line '{}'", key));
  }
  return {};
}

std::vector<Definition> parseAll(std::span<const EmbeddedFile> files) {
  std::vector<Definition> all;
  for (const EmbeddedFile& file : files) {
    auto parsed = parseDefinition(file.name, file.text);
    PL_ASSERT(parsed.ok());  // compiled in; a unit test names the file
    all.push_back(std::move(parsed).value());
  }
  return all;
}

}  // namespace

Result<Definition> parseDefinition(std::string_view file, std::string_view text) {
  Definition definition;
  std::string_view rest = text;
  while (rest.starts_with("-- ")) {
    std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(3, end - 3);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    std::size_t colon = line.find(':');
    if (colon == line.npos) return invalidInput(fmt::format("{}: header line without ':'", file));
    if (auto status = applyLine(definition, trim(line.substr(0, colon)), trim(line.substr(colon + 1))); !status.ok()) {
      return std::move(status).error().within(std::string(file));
    }
  }
  definition.sql = trim(rest);
  if (definition.sql.ends_with(';')) definition.sql.pop_back();
  if (definition.name.empty() || definition.title.en.empty() || definition.title.zh.empty() || definition.sql.empty()) {
    return invalidInput(fmt::format("{}: expected a name, titles in zh and en, and a query", file));
  }
  return definition;
}

std::span<const Definition> views() {
  static const std::vector<Definition> all = parseAll(embeddedViews());
  return all;
}

std::span<const Definition> findings() {
  static const std::vector<Definition> all = parseAll(embeddedFindings());
  return all;
}

std::span<const Definition> auditFiles() {
  static const std::vector<Definition> all = parseAll(embeddedAudit());
  return all;
}

const Definition* findView(std::string_view name) {
  for (const Definition& view : views()) {
    if (view.name == name) return &view;
  }
  return nullptr;
}

}  // namespace pilotledger::query
