// Private to this folder: points to SVG.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "query/answer/query.h"

namespace pilotledger::query {

struct ChartPoint {
  std::vector<std::string> names;
  std::int64_t amount = 0;  // minor units
};

// Amounts in a unit that keeps labels short: 万元 for readers of Chinese, thousands or millions else.
struct AmountScale {
  std::int64_t unit = 1;  // minor units in one of it
  std::string unitName;   // "CNY million"

  static AmountScale fit(const std::vector<ChartPoint>& points, std::uint16_t currency, Language language);
  std::string text(std::int64_t amount) const;
};

// names: x, and a series or none. Amounts below zero hang below the axis.
std::string drawBars(const std::vector<ChartPoint>& points, const AmountScale& scale, const std::string& caption);
// names: one a level; an empty one is passed over. The smallest nodes of a level are shown as one.
std::string drawSankey(const std::vector<ChartPoint>& points, const AmountScale& scale, const std::string& caption,
                       bool zh);

// Cut to a number of columns, escaped.
std::string chartLabel(std::string text, std::size_t width);
const char* chartColour(std::size_t index);

}  // namespace pilotledger::query
