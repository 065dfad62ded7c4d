// That what the rules name is there, before the first row is read.
#include <fmt/format.h>

#include "tools/import/mapper_scope.h"

namespace pilotledger::import {

Status Mapper::noteColumn(const std::string& name) {
  if (auto column = table_->find(name)) {
    asked_.insert(*column);
    plain_.insert(*column);
    return {};
  }
  std::size_t dot = name.find('.');
  std::string join = name.substr(0, dot);
  if (dot != name.npos && join == "rows" && rules_->group && table_->find(name.substr(dot + 1))) {
    asked_.insert(*table_->find(name.substr(dot + 1)));
    return {};
  }
  if (auto at = joined_.find(join); dot != name.npos && at != joined_.end()) {
    PL_TRY(auto columns, columnsOf(at->second.table, {name.substr(dot + 1)}));
    at->second.asked.insert(columns[0]);
    return {};
  }
  PL_TRY([[maybe_unused]] auto columns, columnsOf(*table_, {name}));
  return {};
}

Status Mapper::checkTemplate(const Template& text, bool repeated, const std::set<std::string>& parts) {
  static const std::set<std::string> kEverywhere = {"key", "file.name", "file.hash", "signer"};
  static const std::set<std::string> kRepeated = {"item", "column", "cell", "number"};
  for (const auto& part : text.parts) {
    const std::string& name = part.column;
    if (name.empty() || parts.contains(paddedName(name).first) || made(name) != nullptr) continue;
    bool own = table_->find(name).has_value();
    if (!own && name.starts_with("set.")) {
      if (file_.settings.contains(name.substr(4))) continue;
      return makeError(ErrorCode::Unsupported,
                       fmt::format("the rules ask for {}; give --set {}=VALUE", name, name.substr(4)),
                       fmt::format("规则需要 {}；请给出 --set {}=值", name, name.substr(4)));
    }
    if (!own && (kEverywhere.contains(name) || (repeated && kRepeated.contains(name)))) continue;
    PL_CHECK(noteColumn(name));
  }
  return {};
}

Status Mapper::checkText(const TextRule& rule, bool repeated) {
  PL_CHECK(checkTemplate(rule.text, repeated));
  for (const auto& [pattern, result] : rule.patterns) {
    auto names = partNames(pattern);
    PL_CHECK(checkTemplate(result, repeated, {names.begin(), names.end()}));
  }
  return {};
}

Status Mapper::checkEach(const Each& each) {
  // Every column of a matrix is asked for.
  if (auto at = joined_.find(each.join); each.source == Each::Source::Columns && at != joined_.end()) {
    for (std::size_t i = 0; i < at->second.table.columns().size(); ++i) at->second.asked.insert(i);
  }
  PL_CHECK(checkText(each.finds, true));
  return checkTemplate(each.text, true);
}

// A column that is made takes the file's columns, and those made above it.
Status Mapper::checkMade() {
  std::set<std::string> above;
  for (const MadeColumn& column : rules_->made) {
    if (table_->find(column.name))
      return invalidInput(
          fmt::format("{}: the rules make a column '{}', and the file has one", table_->name(), column.name),
          fmt::format("{}：规则要生成列“{}”，而文件中已有该列", table_->name(), column.name));
    std::vector<const Template*> texts{&column.text.text};
    for (const auto& [pattern, text] : column.text.patterns) texts.push_back(&text);
    for (const Template* text : texts) {
      for (const auto& part : text->parts) {
        if (made(part.column) == nullptr || above.contains(part.column)) continue;
        return invalidInput(fmt::format("column '{}' takes '{}', which is not made above it", column.name, part.column),
                            fmt::format("列“{}”所用的“{}”未在其上方生成", column.name, part.column));
      }
    }
    PL_CHECK(checkText(column.text, false));
    above.insert(column.name);
  }
  return {};
}

Status Mapper::checkValue(const ValueRule& value, bool repeated) {
  using Shape = ValueRule::Shape;
  bool inside = repeated || value.shape == Shape::Repeat || value.shape == Shape::Sum || value.shape == Shape::Count ||
                value.shape == Shape::Least || value.shape == Shape::Most || value.shape == Shape::Mean;
  PL_CHECK(checkEach(value.each));
  PL_CHECK(checkText(value.text, inside));
  for (const auto& [away, term] : value.terms) PL_CHECK(checkText(term, repeated));
  for (const auto& [field, member] : value.members) PL_CHECK(checkValue(member, inside));
  for (const auto& one : value.items) PL_CHECK(checkValue(one, inside));
  return {};
}

// What a join is on may name the joins before it only: a ring of joins has no beginning.
Status Mapper::checkJoin(std::size_t which) {
  const JoinRule& join = rules_->joins[which];
  PL_CHECK(checkTemplate(join.on, false));
  for (const auto& part : join.on.parts) {
    if (part.column.empty() || table_->find(part.column)) continue;
    std::string named = part.column.substr(0, part.column.find('.'));
    for (std::size_t later = which; later < rules_->joins.size(); ++later) {
      if (rules_->joins[later].name != named) continue;
      return invalidInput(fmt::format("join '{}': on: expected a column of the input or of a join above it, found '{}'",
                                      join.name, part.column),
                          fmt::format("join“{}”的 on 应为输入表或其上方 join 的列，实为“{}”", join.name, part.column));
    }
  }
  return {};
}

Status Mapper::checkColumns() {
  PL_CHECK(checkText(rules_->currency, false));
  PL_TRY(auto key, columnsOf(*table_, rules_->key));
  asked_.insert(key.begin(), key.end());
  PL_TRY([[maybe_unused]] auto wanted, columnsOf(*table_, rules_->columns));
  PL_TRY([[maybe_unused]] auto summed, columnsOf(*table_, rules_->totalColumns));
  PL_CHECK(checkMade());
  for (const CheckRule& check : rules_->checks) {
    PL_CHECK(checkText(check.is, false));
    for (const Each& each : check.each) PL_CHECK(checkEach(each));
    for (const TextRule& text : check.texts) PL_CHECK(checkText(text, !check.each.empty()));
  }
  std::set<std::size_t> plain = plain_;
  for (const OrderRule& order : rules_->order) PL_CHECK(noteColumn(order.column));
  plain_ = std::move(plain);  // a group is put in order by its first row
  for (std::size_t i = 0; i < rules_->joins.size(); ++i) PL_CHECK(checkJoin(i));
  for (const EventRule& rule : rules_->events) {
    bool repeated = !rule.each.empty();
    for (const Each& each : rule.each) PL_CHECK(checkEach(each));
    if (rule.once) PL_CHECK(checkTemplate(*rule.once, repeated));
    for (const Condition& condition : rule.when) PL_CHECK(checkText(condition.text, repeated));
    if (rule.needs) {
      PL_CHECK(checkTemplate(rule.needs->entity, repeated));
      PL_CHECK(checkText(rule.needs->value, repeated));
    }
    PL_CHECK(checkValue(rule.header, repeated));
    PL_CHECK(checkValue(rule.body, repeated));
  }
  return {};
}

}  // namespace pilotledger::import
