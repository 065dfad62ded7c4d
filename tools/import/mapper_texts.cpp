// Texts of a record: what templates and their patterns make of its cells, and what it is repeated for.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "events/base/text.h"
#include "tools/import/mapper_scope.h"

namespace pilotledger::import {
namespace {

bool isZero(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '0' || c == '.' || c == ','; });
}

}  // namespace

std::string_view trimmedBlanks(std::string_view text) {
  std::size_t from = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(from, text.find_last_not_of(' ') + 1 - from);
}

const std::vector<const CsvRow*>* Mapper::rowsOf(const Scope& scope, const std::string& join) const {
  if (join == "rows" && rules_->group) return &scope.record->rows;
  const Joined& joined = joined_.at(join);
  auto rule =
      std::find_if(rules_->joins.begin(), rules_->joins.end(), [&](const JoinRule& j) { return j.name == join; });
  auto at = joined.rows.find(fill(rule->on, scope));
  return at == joined.rows.end() ? nullptr : &at->second;
}

const MadeColumn* Mapper::made(const std::string& name) const {
  auto at = std::find_if(rules_->made.begin(), rules_->made.end(), [&](const auto& one) { return one.name == name; });
  return at == rules_->made.end() ? nullptr : &*at;
}

std::string Mapper::fill(const Template& text, const Scope& scope) const {
  std::string out;
  for (const auto& part : text.parts) {
    const std::string& name = part.column;
    auto [bare, width] = paddedName(name);
    auto named = scope.parts.find(scope.parts.contains(name) ? name : bare);
    if (name.empty()) {
      out += part.literal;
    } else if (named != scope.parts.end()) {
      if (named->second.size() < width) out.append(width - named->second.size(), '0');
      out += named->second;
    } else if (const MadeColumn* own = made(name); own != nullptr) {
      auto filled = resolve(own->text, scope);
      PL_ASSERT(filled.ok());  // checked on loading
      out += *filled;
    } else if (auto column = table_->find(name)) {
      out += scope.record->rows.front()->cells[*column];
    } else if (name == "key") {
      out += scope.record->key;
    } else if (name == "file.name" || name == "file.hash") {
      auto file = table_->find("@" + name);  // of records that lie in files of their own
      out += file ? scope.record->rows.front()->cells[*file] : name == "file.name" ? file_.name : file_.hash;
    } else if (name == "signer") {
      out += file_.signer;
    } else if (auto setting = file_.settings.find(name.substr(std::min<std::size_t>(4, name.size())));
               name.starts_with("set.") && setting != file_.settings.end()) {
      out += setting->second;
    } else if (name == "number") {
      out += std::to_string(scope.number);
    } else if (name == "item" || name == "column") {
      out += scope.item;
    } else if (name == "cell") {
      out += scope.cell;
    } else {
      std::size_t dot = name.find('.');
      std::string join = name.substr(0, dot);
      const CsvRow* row = join == scope.join ? scope.row : nullptr;
      if (row == nullptr) {
        const auto* rows = rowsOf(scope, join);
        if (rows == nullptr) continue;
        row = rows->front();
      }
      const CsvTable& table = join == "rows" && rules_->group ? *table_ : joined_.at(join).table;
      std::size_t place = *table.find(name.substr(dot + 1));
      if (place < row->cells.size()) out += row->cells[place];
    }
  }
  return out;
}

std::vector<Mapper::Scope> Mapper::repeat(const std::vector<Each>& within, const Scope& scope) const {
  std::vector<Scope> scopes{scope};
  for (const Each& each : within) {
    std::vector<Scope> inner;
    for (const Scope& outer : scopes) {
      for (Scope& one : repeat(each, outer)) inner.push_back(std::move(one));
    }
    scopes = std::move(inner);
  }
  if (!within.empty()) {
    for (std::size_t i = 0; i < scopes.size(); ++i) scopes[i].number = i + 1;
  }
  return scopes;
}

std::vector<Mapper::Scope> Mapper::findings(const Each& each, const Scope& scope) const {
  std::vector<Scope> scopes;
  std::unordered_set<std::string> seen;
  std::string text = fill(each.finds.text, scope);
  for (const auto& [pattern, value] : each.finds.patterns) {
    for (auto& parts : allPartsOf(pattern, text)) {
      Scope inner = scope;
      inner.parts = std::move(parts);
      inner.item = fill(value, inner);
      inner.parts = scope.parts;
      if (inner.item.empty() || !seen.insert(inner.item).second) continue;
      inner.number = scopes.size() + 1;
      scopes.push_back(std::move(inner));
    }
  }
  return scopes;
}

std::vector<Mapper::Scope> Mapper::repeat(const Each& each, const Scope& scope) const {
  if (each.source == Each::Source::Found) return findings(each, scope);
  std::vector<Scope> scopes;
  auto add = [&](Scope one) {
    one.number = scopes.size() + 1;
    scopes.push_back(std::move(one));
  };
  if (each.source == Each::Source::Split) {
    std::string text = fill(each.text, scope);
    std::unordered_set<std::string_view> seen;
    for (std::size_t from = 0; from <= text.size();) {
      std::size_t end = std::min(text.find(each.by, from), text.size());
      std::string_view piece = trimmedBlanks(std::string_view(text).substr(from, end - from));
      if (!piece.empty() && seen.insert(piece).second && !(each.except && found(each.except, piece))) {
        Scope inner = scope;
        inner.item = piece;
        add(std::move(inner));
      }
      from = end + each.by.size();
    }
    return scopes;
  }
  const auto* rows = rowsOf(scope, each.join);
  if (rows == nullptr) return scopes;
  for (const CsvRow* row : *rows) {
    Scope inner = scope;
    inner.join = each.join;
    inner.row = row;
    if (each.source == Each::Source::Rows) {
      add(std::move(inner));
      continue;
    }
    const Joined& joined = joined_.at(each.join);
    for (std::size_t i = 0; i < row->cells.size() && i < joined.table.columns().size(); ++i) {
      bool isKey = std::find(joined.keyColumns.begin(), joined.keyColumns.end(), i) != joined.keyColumns.end();
      if (isKey || isZero(row->cells[i])) continue;
      inner.item = joined.table.columns()[i];
      inner.cell = row->cells[i];
      add(inner);
    }
  }
  return scopes;
}

Result<bool> Mapper::holdAll(const std::vector<Condition>& conditions, const Scope& scope) const {
  for (const Condition& condition : conditions) {
    PL_TRY(bool one, holds(condition, scope));
    if (!one) return false;
  }
  return true;
}

Result<bool> Mapper::holds(const Condition& condition, const Scope& scope) const {
  PL_TRY(std::string text, condition.text.patterns.empty() ? Result<std::string>(fill(condition.text.text, scope))
                                                           : resolve(condition.text, scope));
  auto has = [&](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), text) != list.end();
  };
  return (condition.is.empty() || has(condition.is)) && !has(condition.isNot) &&
         (!condition.matches || found(condition.matches, text)) && !(condition.except && found(condition.except, text));
}

Result<std::string> Mapper::resolve(const TextRule& rule, const Scope& scope) const {
  std::string filled = fill(rule.text, scope);
  std::string text(trimmedBlanks(filled));
  if (rule.hasExact && !text.empty()) {
    auto at = rule.exact.find(text);
    if (at == rule.exact.end()) {
      std::string known;
      for (const auto& [from, to] : rule.exact) known += (known.empty() ? "" : ", ") + from;
      return invalidInput(fmt::format("expected one of {}, found '{}'", known, text),
                          fmt::format("应为 {} 之一，实为“{}”", known, text));
    }
    text = at->second;
  }
  bool matched = rule.patterns.empty();
  for (const auto& [pattern, value] : rule.patterns) {
    auto parts = partsOf(pattern, text);
    if (!parts) continue;
    Scope inner = scope;
    inner.parts = std::move(*parts);
    text = fill(value, inner);
    matched = true;
    break;
  }
  if (!matched && rule.mustMatch && !text.empty())
    return invalidInput(fmt::format("no pattern of match fits '{}'", events::shortened(text)),
                        fmt::format("没有与“{}”相符的 match 规则", events::shortened(text)));
  return text.empty() ? rule.fallback : text;
}

}  // namespace pilotledger::import
