#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "events/base/text.h"
#include "events/money.h"
#include "query/report/chart.h"
#include "query/report/chart_draw.h"

namespace pilotledger::query {
namespace {

constexpr double kWidth = 1000, kHeight = 340, kLeft = 90, kRight = 10, kTop = 34, kBottom = 46;
constexpr std::size_t kMaxFilled = 60;

// The next month or quarter; empty for other names.
std::string next(const std::string& x) {
  if (x.size() != 7 || x[4] != '-') return "";
  int year = std::atoi(x.substr(0, 4).c_str());
  bool quarter = x[5] == 'Q';
  int part = std::atoi(x.substr(quarter ? 6 : 5).c_str()) + 1;
  if (part > (quarter ? 4 : 12)) {
    ++year;
    part = 1;
  }
  return quarter ? fmt::format("{:04}-Q{}", year, part) : fmt::format("{:04}-{:02}", year, part);
}

// Times without an amount are shown as a gap, not left out.
std::vector<std::string> axisOf(const std::set<std::string>& names) {
  std::vector<std::string> plain(names.begin(), names.end());
  std::vector<std::string> filled;
  for (std::string x = plain.front(); filled.size() <= kMaxFilled && !x.empty(); x = next(x)) {
    filled.push_back(x);
    if (x == plain.back()) {
      bool all = std::includes(filled.begin(), filled.end(), plain.begin(), plain.end());
      return all ? filled : plain;
    }
  }
  return plain;
}

// 1, 2 or 5 times a power of ten, so that about five steps span the range.
std::int64_t niceStep(std::int64_t span) {
  std::int64_t step = 1;
  while (true) {
    for (std::int64_t factor : {1, 2, 5}) {
      if (span / (step * factor) <= 5) return step * factor;
    }
    step *= 10;
  }
}

}  // namespace

const char* chartColour(std::size_t index) {
  // Okabe and Ito: told apart by colour-blind readers.
  static constexpr const char* kColours[] = {"#0072b2", "#e69f00", "#009e73", "#cc79a7",
                                             "#56b4e9", "#d55e00", "#8a8a8a", "#b8a800"};
  return kColours[index % std::size(kColours)];
}

std::string chartLabel(std::string text, std::size_t width) {
  if (events::displayWidth(text) <= width) return escapeHtml(text);
  while (!text.empty() && events::displayWidth(text) > width - 1) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.pop_back();
    if (!text.empty()) text.pop_back();
  }
  return escapeHtml(text) + "…";
}

AmountScale AmountScale::fit(const std::vector<ChartPoint>& points, std::uint16_t currency, Language language) {
  std::int64_t most = 0;
  for (const ChartPoint& point : points) most = std::max(most, point.amount < 0 ? -(point.amount + 1) : point.amount);
  std::int64_t major = 1;
  for (int i = 0; i < events::currencyDigits(currency); ++i) major *= 10;
  std::string alpha(events::currencyAlpha(currency));
  if (language == Language::Chinese) {
    if (most >= 1000 * major) return {10'000 * major, currency == events::kCny ? "万元" : "万 " + alpha};
    return {major, currency == events::kCny ? "元" : alpha};
  }
  if (most >= 1'000'000 * major) return {1'000'000 * major, alpha + " million"};
  if (most >= 10'000 * major) return {1000 * major, alpha + " thousand"};
  return {major, alpha};
}

std::string AmountScale::text(std::int64_t amount) const {
  std::string text = fmt::format("{:.2f}", static_cast<double>(amount) / static_cast<double>(unit));
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  std::size_t point = std::min(text.find('.'), text.size());
  std::size_t first = text[0] == '-' ? 1 : 0;
  for (std::size_t at = point; at > first + 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

namespace {

struct Bars {
  std::vector<std::string> xs;
  std::vector<std::string> series;
  std::map<std::pair<std::string, std::string>, std::int64_t> amounts;
  std::int64_t low = 0, high = 0, step = 1;

  explicit Bars(const std::vector<ChartPoint>& points) {
    std::set<std::string> names, kinds;
    for (const ChartPoint& point : points) {
      std::string kind = point.names.size() > 1 ? point.names[1] : "";
      names.insert(point.names[0]);
      kinds.insert(kind);
      amounts[{point.names[0], kind}] += point.amount;
    }
    xs = axisOf(names);
    series.assign(kinds.begin(), kinds.end());
    for (const std::string& x : xs) {
      std::int64_t above = 0, below = 0;
      for (const std::string& kind : series) (of(x, kind) > 0 ? above : below) += of(x, kind);
      high = std::max(high, above);
      low = std::min(low, below);
    }
    step = niceStep(high - low);
    high = (high + step - 1) / step * step;
    low = -((-low + step - 1) / step * step);
    if (high == low) high = low + step;
  }
  std::int64_t of(const std::string& x, const std::string& kind) const {
    auto at = amounts.find({x, kind});
    return at == amounts.end() ? 0 : at->second;
  }
  double y(std::int64_t amount) const {
    return kTop + (kHeight - kTop - kBottom) * static_cast<double>(high - amount) / static_cast<double>(high - low);
  }
};

std::string axes(const Bars& bars, const AmountScale& scale) {
  std::string svg;
  for (std::int64_t tick = bars.low; tick <= bars.high; tick += bars.step) {
    svg += fmt::format(
        "<line x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>"
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
        kLeft, kWidth - kRight, bars.y(tick), bars.y(tick), tick == 0 ? "#333" : "#ddd", kLeft - 6, bars.y(tick) + 4,
        scale.text(tick));
  }
  return svg;
}

std::string legend(const Bars& bars) {
  if (bars.series.size() < 2 && bars.series[0].empty()) return "";
  std::string svg;
  double x = kLeft;
  for (std::size_t i = 0; i < bars.series.size(); ++i) {
    svg += fmt::format(
        "<rect x=\"{:.1f}\" y=\"8\" width=\"12\" height=\"12\" fill=\"{}\"/><text x=\"{:.1f}\" y=\"18\">{}</text>\n", x,
        chartColour(i), x + 17, chartLabel(bars.series[i], 30));
    x += 40 + 7.5 * static_cast<double>(std::min<std::size_t>(events::displayWidth(bars.series[i]), 30));
  }
  return svg;
}

}  // namespace

std::string drawBars(const std::vector<ChartPoint>& points, const AmountScale& scale, const std::string& caption) {
  Bars bars(points);
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "aria-label=\"{2}\" font-family=\"Noto Sans CJK SC,Microsoft YaHei,sans-serif\" font-size=\"12\">\n",
      kWidth, kHeight, escapeHtml(caption));
  svg += axes(bars, scale) + legend(bars);
  double slot = (kWidth - kLeft - kRight) / static_cast<double>(bars.xs.size());
  double width = std::min(slot * 0.7, 60.0);
  std::size_t every = (bars.xs.size() + 17) / 18;  // labels that fit
  for (std::size_t i = 0; i < bars.xs.size(); ++i) {
    double x = kLeft + slot * (static_cast<double>(i) + 0.5);
    std::int64_t above = 0, below = 0;
    for (std::size_t s = 0; s < bars.series.size(); ++s) {
      std::int64_t amount = bars.of(bars.xs[i], bars.series[s]);
      if (amount == 0) continue;
      std::int64_t& edge = amount > 0 ? above : below;
      double from = bars.y(edge), to = bars.y(edge + amount);
      edge += amount;
      svg += fmt::format(
          "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"><title>{}</title></rect>\n",
          x - width / 2, std::min(from, to), width, std::max(std::abs(from - to), 0.5), chartColour(s),
          escapeHtml(fmt::format("{} {} {}", bars.xs[i], bars.series[s], scale.text(amount))));
    }
    if (i % every == 0) {
      svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", x,
                         kHeight - kBottom + 20, chartLabel(bars.xs[i], 16));
    }
  }
  return svg + "</svg>\n";
}

}  // namespace pilotledger::query
