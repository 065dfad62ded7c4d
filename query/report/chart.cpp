#include "query/report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "events/base/text.h"
#include "events/money.h"
#include "query/answer/table_format.h"
#include "query/report/chart_draw.h"

namespace pilotledger::query {
namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> all;
  while (true) {
    std::size_t begin = text.find_first_not_of(' ');
    if (begin == text.npos) return all;
    std::size_t end = std::min(text.find(' ', begin), text.size());
    all.emplace_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
}

Error badChart(std::string_view text) {
  return invalidInput(
      fmt::format(
          "chart '{}': expected stacked X VALUE SERIES, bars X VALUE, sankey A B ... VALUE, or steps FROM TO VALUE",
          text),
      fmt::format("图表“{}”：应为 stacked X 值 系列、bars X 值、sankey A B … 值 或 steps 起 止 值", text));
}

Result<std::size_t> indexOf(const Table& table, const std::string& name) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == name) return i;
  }
  return invalidInput(fmt::format("chart of {}: no column '{}'", table.name, name),
                      fmt::format("{} 的图表：没有列“{}”", table.name, name));
}

// "2026-05-17" in quarters is "2026-Q2".
std::string inUnitOfTime(const std::string& text, const std::string& unit) {
  if (unit.empty() || text.size() < 10) return text;
  if (unit == "year") return text.substr(0, 4);
  if (unit == "month") return text.substr(0, 7);
  int month = (text[5] - '0') * 10 + (text[6] - '0');
  return fmt::format("{}-Q{}", text.substr(0, 4), (month + 2) / 3);
}

struct Resolved {
  std::vector<std::size_t> columns;
  std::size_t value = 0;
  std::vector<std::pair<std::size_t, std::string>> filter;
};

Result<Resolved> resolve(const Table& table, const ChartSpec& spec) {
  Resolved resolved;
  for (const std::string& name : spec.columns) {
    PL_TRY(std::size_t index, indexOf(table, name));
    resolved.columns.push_back(index);
  }
  PL_TRY(resolved.value, indexOf(table, spec.value));
  for (const auto& [name, text] : spec.filter) {
    PL_TRY(std::size_t index, indexOf(table, name));
    resolved.filter.emplace_back(index, text);
  }
  return resolved;
}

// One data point: its names (x and series, or the levels of a flow) and its amount.
std::vector<ChartPoint> pointsOf(const Table& table, const ChartSpec& spec, const Resolved& resolved,
                                 std::uint16_t currency, Language language) {
  std::vector<ChartPoint> points;
  for (const auto& row : table.rows) {
    const auto* amount = std::get_if<std::int64_t>(&row[resolved.value]);
    bool wanted = amount != nullptr && *amount != 0 && currencyOfRow(table, row) == currency;
    for (const auto& [index, text] : resolved.filter) {
      wanted = wanted && cellText(table.columns[index], row[index], currency, Separators::None) == text;
    }
    if (!wanted) continue;
    ChartPoint point{{}, *amount};
    for (std::size_t i = 0; i < resolved.columns.size(); ++i) {
      std::size_t index = resolved.columns[i];
      std::string name = cellLabel(table.columns[index], row[index], currency, Separators::None, language);
      point.names.push_back(i == 0 ? inUnitOfTime(name, spec.unit) : name);
    }
    points.push_back(std::move(point));
  }
  return points;
}

constexpr std::size_t kMaxLevels = 7;

// Each name on the level after the last that pays it. A name that pays itself or is paid around a
// circle cannot be placed: such steps are left out.
std::vector<ChartPoint> levelSteps(const std::vector<ChartPoint>& steps) {
  std::map<std::string, std::size_t> level;
  for (const ChartPoint& step : steps) {
    if (!step.names[0].empty() && !step.names[1].empty())
      level.try_emplace(step.names[0], 0), level.try_emplace(step.names[1], 0);
  }
  for (std::size_t round = 0; round < kMaxLevels; ++round) {
    for (const ChartPoint& step : steps) {
      auto from = level.find(step.names[0]), to = level.find(step.names[1]);
      if (from == level.end() || to == level.end() || from == to) continue;
      to->second = std::min(std::max(to->second, from->second + 1), kMaxLevels - 1);
    }
  }
  std::vector<ChartPoint> points;
  std::size_t last = 0;
  for (const auto& [name, at] : level) last = std::max(last, at);
  for (const ChartPoint& step : steps) {
    auto from = level.find(step.names[0]), to = level.find(step.names[1]);
    if (from == level.end() || to == level.end() || from->second >= to->second) continue;
    ChartPoint point{std::vector<std::string>(last + 1), step.amount};
    point.names[from->second] = step.names[0];
    point.names[to->second] = step.names[1];
    points.push_back(std::move(point));
  }
  return points;
}

std::string labelOf(const Table& table, std::size_t column, bool zh) {
  const Message& label = table.columns[column].label;
  return zh ? label.zh : label.en;
}

std::string captionOf(const Table& table, const ChartSpec& spec, const Resolved& resolved, bool zh) {
  std::string value = labelOf(table, resolved.value, zh);
  if (spec.kind == ChartKind::Sankey || spec.kind == ChartKind::Steps) {
    std::string levels;
    for (std::size_t column : resolved.columns) levels += (levels.empty() ? "" : " → ") + labelOf(table, column, zh);
    return fmt::format("{}: {}", value, levels);
  }
  std::string x = labelOf(table, resolved.columns[0], zh);
  if (spec.unit == "quarter") x += zh ? "（季度）" : " (quarter)";
  std::string series =
      spec.kind == ChartKind::Stacked ? (zh ? "、" : " and ") + labelOf(table, resolved.columns[1], zh) : "";
  return zh ? fmt::format("{}：按{}{}", value, x, series) : fmt::format("{} by {}{}", value, x, series);
}

}  // namespace

Result<ChartSpec> parseChart(std::string_view text) {
  ChartSpec spec;
  std::vector<std::string> names;
  std::vector<std::string> all = words(text);
  if (all.size() < 3) return badChart(text);
  for (std::size_t i = 1; i < all.size(); ++i) {
    std::size_t equals = all[i].find('=');
    if (equals == std::string::npos) {
      names.push_back(all[i]);
    } else {
      spec.filter[all[i].substr(0, equals)] = all[i].substr(equals + 1);
    }
  }
  if (names.size() < 2) return badChart(text);
  if (std::size_t open = names[0].find('('); open != std::string::npos && names[0].ends_with(')')) {
    spec.unit = names[0].substr(0, open);
    names[0] = names[0].substr(open + 1, names[0].size() - open - 2);
    if (spec.unit != "quarter" && spec.unit != "month" && spec.unit != "year") return badChart(text);
  }
  if (all[0] == "stacked" && names.size() == 3) {
    spec = {ChartKind::Stacked, spec.unit, {names[0], names[2]}, names[1], spec.filter};
  } else if (all[0] == "bars" && names.size() == 2) {
    spec = {ChartKind::Bars, spec.unit, {names[0]}, names[1], spec.filter};
  } else if ((all[0] == "sankey" && names.size() >= 3) || (all[0] == "steps" && names.size() == 3)) {
    spec.kind = all[0] == "steps" ? ChartKind::Steps : ChartKind::Sankey;
    spec.value = names.back();
    names.pop_back();
    spec.columns = names;
  } else {
    return badChart(text);
  }
  return spec;
}

Result<std::string> drawChart(const Table& table, const ChartSpec& spec, Language language) {
  bool zh = language == Language::Chinese;
  PL_TRY(Resolved resolved, resolve(table, spec));
  std::set<std::pair<std::string, std::uint16_t>> currencies;
  for (const auto& row : table.rows) {
    std::uint16_t currency = currencyOfRow(table, row);
    currencies.emplace(events::currencyAlpha(currency), currency);
  }
  std::string html;
  for (const auto& [alpha, currency] : currencies) {
    auto points = pointsOf(table, spec, resolved, currency, language);
    bool flow = spec.kind == ChartKind::Sankey || spec.kind == ChartKind::Steps;
    if (flow) std::erase_if(points, [](const ChartPoint& p) { return p.amount < 0; });
    if (spec.kind == ChartKind::Steps) points = levelSteps(points);
    if (points.empty()) continue;
    AmountScale scale = AmountScale::fit(points, currency, language);
    std::string caption = fmt::format("{} ({})", captionOf(table, spec, resolved, zh), scale.unitName);
    std::string svg = flow ? drawSankey(points, scale, caption, zh) : drawBars(points, scale, caption);
    html += fmt::format("<figure>\n<figcaption>{}</figcaption>\n{}</figure>\n", escapeHtml(caption), svg);
  }
  return html;
}

std::string escapeHtml(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace pilotledger::query
