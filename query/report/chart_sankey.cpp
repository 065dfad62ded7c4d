#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "query/report/chart.h"
#include "query/report/chart_draw.h"

namespace pilotledger::query {
namespace {

constexpr double kFlowWidth = 1000, kFlowHeight = 460, kFlowNode = 14, kFlowTop = 10, kFlowBottom = 10;
constexpr double kFlowGap = 18;  // room for a label
constexpr std::size_t kMaxNodes = 12;

struct Node {
  std::string name;
  std::int64_t amount = 0;  // the greater of what flows in and what flows out
  std::int64_t in = 0, out = 0;
  double order = 0;  // mean place of what flows in
  double y = 0;
  double filledIn = 0, filledOut = 0;
  std::size_t colour = 0;
};

struct Link {
  std::size_t fromLevel = 0, toLevel = 0;
  std::string from, to;
  std::int64_t amount = 0;
};

class Flow {
 public:
  Flow(std::vector<ChartPoint> points, bool zh) : levels_(points[0].names.size()) {
    fold(points, zh);
    for (const ChartPoint& point : points) add(point);
    for (std::size_t level = 0; level < levels_.size(); ++level) sortLevel(level);
    place();
  }
  std::string draw(const AmountScale& scale);

 private:
  // All but the greatest of a level become one node.
  void fold(std::vector<ChartPoint>& points, bool zh) {
    for (std::size_t level = 0; level < levels_.size(); ++level) {
      std::map<std::string, std::int64_t> sums;
      for (const ChartPoint& point : points) sums[point.names[level]] += point.amount;
      sums.erase("");
      if (sums.size() <= kMaxNodes) continue;
      std::vector<std::pair<std::int64_t, std::string>> ordered;
      for (const auto& [name, amount] : sums) ordered.emplace_back(-amount, name);
      std::sort(ordered.begin(), ordered.end());
      std::string rest = zh ? fmt::format("其他 {} 个", ordered.size() - kMaxNodes + 1)
                            : fmt::format("{} others", ordered.size() - kMaxNodes + 1);
      for (std::size_t i = kMaxNodes - 1; i < ordered.size(); ++i) {
        for (ChartPoint& point : points) {
          if (point.names[level] == ordered[i].second) point.names[level] = rest;
        }
      }
    }
  }

  void add(const ChartPoint& point) {
    std::size_t before = levels_.size();
    for (std::size_t level = 0; level < levels_.size(); ++level) {
      const std::string& name = point.names[level];
      if (name.empty()) continue;
      Node& node = levels_[level][name];
      node.name = name;
      if (before < levels_.size()) {
        Node& source = levels_[before][point.names[before]];
        source.out += point.amount;
        source.amount = std::max(source.in, source.out);
        node.in += point.amount;
        node.amount = std::max(node.in, node.out);
        auto same = std::find_if(links_.begin(), links_.end(), [&](const Link& l) {
          return l.fromLevel == before && l.toLevel == level && l.from == point.names[before] && l.to == name;
        });
        if (same == links_.end()) same = links_.insert(links_.end(), Link{before, level, point.names[before], name, 0});
        same->amount += point.amount;
      }
      before = level;
    }
  }

  // By where its money comes from, so that flows cross little; the first level by amount.
  void sortLevel(std::size_t level) {
    auto& order = order_.emplace_back();
    for (auto& [name, node] : levels_[level]) {
      double weighted = 0;
      std::int64_t total = 0;
      for (const Link& link : links_) {
        if (link.toLevel != level || link.to != name) continue;
        const auto& sources = order_[link.fromLevel];
        auto at = std::find_if(sources.begin(), sources.end(), [&](const Node* n) { return n->name == link.from; });
        weighted += static_cast<double>(at - sources.begin()) * static_cast<double>(link.amount);
        total += link.amount;
      }
      node.order = total > 0 ? weighted / static_cast<double>(total) : -1;
      order.push_back(&node);
    }
    std::sort(order.begin(), order.end(), [](const Node* a, const Node* b) {
      if (a->order != b->order) return a->order < b->order;
      return a->amount != b->amount ? a->amount > b->amount : a->name < b->name;
    });
    for (std::size_t i = 0; i < order.size(); ++i) order[i]->colour = i;
  }

  void place() {
    unit_ = 1e30;
    for (const auto& order : order_) {
      double total = 0;
      for (const Node* node : order) total += static_cast<double>(node->amount);
      double room = kFlowHeight - kFlowTop - kFlowBottom - kFlowGap * static_cast<double>(order.size());
      if (total > 0) unit_ = std::min(unit_, room / total);
    }
    for (const auto& order : order_) {
      double used = 0;
      for (const Node* node : order) used += height(node->amount) + kFlowGap;
      double y = kFlowTop + (kFlowHeight - kFlowTop - kFlowBottom - used) / 2 + kFlowGap / 2;
      for (Node* node : order) {
        node->y = y;
        y += height(node->amount) + kFlowGap;
      }
    }
    std::sort(links_.begin(), links_.end(), [&](const Link& a, const Link& b) {
      const Node &af = node(a.fromLevel, a.from), &bf = node(b.fromLevel, b.from), &at = node(a.toLevel, a.to),
                 &bt = node(b.toLevel, b.to);
      return std::tuple(a.fromLevel, af.y, a.toLevel, at.y) < std::tuple(b.fromLevel, bf.y, b.toLevel, bt.y);
    });
  }

  Node& node(std::size_t level, const std::string& name) { return levels_[level].at(name); }
  double height(std::int64_t amount) const { return unit_ * static_cast<double>(amount); }
  double x(std::size_t level) const {
    return (kFlowWidth - kFlowNode) * static_cast<double>(level) /
           static_cast<double>(std::max<std::size_t>(1, levels_.size() - 1));
  }
  std::string drawLink(const Link& link, const AmountScale& scale);

  std::vector<std::map<std::string, Node>> levels_;
  std::vector<std::vector<Node*>> order_;
  std::vector<Link> links_;
  double unit_ = 1;
};

std::string Flow::drawLink(const Link& link, const AmountScale& scale) {
  Node& from = node(link.fromLevel, link.from);
  Node& to = node(link.toLevel, link.to);
  double thick = height(link.amount), x0 = x(link.fromLevel) + kFlowNode, x1 = x(link.toLevel), middle = (x0 + x1) / 2;
  double y0 = from.y + from.filledOut, y1 = to.y + to.filledIn;
  from.filledOut += thick;
  to.filledIn += thick;
  return fmt::format(
      "<path d=\"M{0:.1f} {1:.2f}C{2:.1f} {1:.2f} {2:.1f} {3:.2f} {4:.1f} {3:.2f}L{4:.1f} {5:.2f}C{2:.1f} {5:.2f} "
      "{2:.1f} {6:.2f} {0:.1f} {6:.2f}Z\" "
      "fill=\"{7}\" fill-opacity=\"0.4\"><title>{8}</title></path>\n",
      x0, y0, middle, y1, x1, y1 + std::max(thick, 0.5), y0 + std::max(thick, 0.5), chartColour(from.colour),
      escapeHtml(fmt::format("{} → {}: {}", link.from, link.to, scale.text(link.amount))));
}

std::string Flow::draw(const AmountScale& scale) {
  std::string svg;
  for (const Link& link : links_) svg += drawLink(link, scale);
  for (std::size_t level = 0; level < order_.size(); ++level) {
    bool last = level > 0 && level + 1 == order_.size();
    for (const Node* node : order_[level]) {
      double tall = std::max(height(node->amount), 1.0);
      std::string text = chartLabel(node->name, 24) + " " + scale.text(node->amount);
      svg += fmt::format(
          "<rect x=\"{:.1f}\" y=\"{:.2f}\" width=\"{}\" height=\"{:.2f}\" fill=\"{}\"/>"
          "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" paint-order=\"stroke\" stroke=\"#fff\" "
          "stroke-width=\"3\">{}</text>\n",
          x(level), node->y, kFlowNode, tall, chartColour(node->colour), last ? x(level) - 5 : x(level) + kFlowNode + 5,
          node->y + tall / 2 + 4, last ? "end" : "start", text);
    }
  }
  return svg;
}

}  // namespace

std::string drawSankey(const std::vector<ChartPoint>& points, const AmountScale& scale, const std::string& caption,
                       bool zh) {
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "aria-label=\"{2}\" font-family=\"Noto Sans CJK SC,Microsoft YaHei,sans-serif\" font-size=\"12\">\n",
      kFlowWidth, kFlowHeight, escapeHtml(caption));
  return svg + Flow(points, zh).draw(scale) + "</svg>\n";
}

}  // namespace pilotledger::query
