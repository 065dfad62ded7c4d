#include "query/report/html.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/money.h"
#include "ledger/crypto/encoding.h"
#include "query/answer/table_format.h"
#include "query/report/chart.h"

namespace pilotledger::query {
namespace {

constexpr std::string_view kStyle = R"(
:root{color-scheme:light}
body{font:14px/1.45 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",system-ui,sans-serif;)"
                                    R"(color:#1a1a1a;background:#fff;margin:24px auto;max-width:1200px;padding:0 16px}
h1{font-size:22px;margin:0 0 8px}
h2{font-size:16px;margin:24px 0 8px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:0;font-size:12px}
dt{color:#555}dd{margin:0;overflow-wrap:anywhere}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:12px;font-variant-numeric:tabular-nums}
thead{display:table-header-group}
th{background:#dde6f0;text-align:left;border-bottom:1px solid #678;padding:4px 6px;vertical-align:bottom}
td{border-bottom:1px solid #ddd;padding:3px 6px;vertical-align:top}
tr{break-inside:avoid}
.n{text-align:right;white-space:nowrap}
.d{white-space:nowrap}
.t td{font-weight:600;border-top:2px solid #678}
figure{margin:16px 0;break-inside:avoid}
figcaption{font-weight:600;margin-bottom:4px}
svg{max-width:100%;height:auto}
code{background:#f2f4f7;padding:1px 4px;overflow-wrap:anywhere}
@page{size:A4 landscape;margin:12mm}
@media print{body{margin:0;max-width:none;padding:0}table{font-size:9px}.wide{overflow:visible}th,)"
                                    R"(svg *{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
)";

const char* cellClass(const ColumnInfo& column) {
  return isNumeric(column) ? " class=\"n\"" : column.type == "date" ? " class=\"d\"" : "";
}

std::string tableHtml(const Table& table, Language language) {
  bool zh = language == Language::Chinese;
  std::string html = "<div class=\"wide\"><table>\n<thead><tr>";
  for (const ColumnInfo& column : table.columns) {
    html += fmt::format("<th{}>{}</th>", cellClass(column), escapeHtml(zh ? column.label.zh : column.label.en));
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    std::uint16_t currency = currencyOfRow(table, row);
    html += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      html += fmt::format("<td{}>{}</td>", cellClass(table.columns[i]),
                          escapeHtml(cellLabel(table.columns[i], row[i], currency, Separators::Thousands, language)));
    }
    html += "</tr>\n";
  }
  for (const Total& total : totalsOf(table)) {
    html += "<tr class=\"t\">";
    bool labelled = false;
    for (std::size_t i = 0; i < total.sums.size(); ++i) {
      if (total.sums[i]) {
        html += fmt::format("<td class=\"n\">{}</td>", events::formatMoney(*total.sums[i], total.currency));
      } else {
        html += labelled ? "<td></td>"
                         : fmt::format("<td>{} {}</td>", zh ? "合计" : "Total", events::currencyAlpha(total.currency));
        labelled = true;
      }
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string pageHead(const std::string& title, bool zh) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" "
      "content=\"width=device-width\">\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<h1>{}</h1>\n",
      zh ? "zh-CN" : "en", title, kStyle, title);
}

std::string headerHtml(const Table& table, bool zh) {
  std::string html = "<dl>\n";
  for (const HeaderLine& line : headerLines(table)) {
    html +=
        fmt::format("<dt>{}</dt><dd>{}</dd>\n", escapeHtml(zh ? line.label.zh : line.label.en), escapeHtml(line.value));
  }
  return html + "</dl>\n";
}

Result<std::string> chartsHtml(const Table& table, Language language) {
  std::string html;
  const Definition* view = findView(table.name);
  if (view == nullptr) return html;
  for (const std::string& chart : view->charts) {
    PL_TRY(ChartSpec spec, parseChart(chart));
    PL_TRY(std::string figure, drawChart(table, spec, language));
    html += figure;
  }
  return html;
}

std::string checkingHtml(const std::vector<Message>& steps, bool zh) {
  std::string html = fmt::format("<h2>{}</h2>\n<ol>\n", zh ? "如何核对" : "How to check");
  for (const Message& step : steps)
    html += fmt::format("<li><code>{}</code></li>\n", escapeHtml(zh ? step.zh : step.en));
  return html + "</ol>\n</body>\n</html>\n";
}

std::string attachmentsHtml(const Booklet& booklet, bool zh) {
  if (booklet.attachments.empty()) return "";
  std::string html = fmt::format("<h2>{}</h2>\n<ul>\n", zh ? "证明文件" : "Proofs");
  for (const Attachment& one : booklet.attachments) {
    html += fmt::format("<li><a download=\"{0}\" href=\"data:text/plain;base64,{1}\">{0}</a> {2}</li>\n",
                        escapeHtml(one.file), crypto::toBase64(viewOf(one.bytes)),
                        escapeHtml(zh ? one.what.zh : one.what.en));
  }
  return html + "</ul>\n";
}

}  // namespace

Result<std::string> renderHtml(const Table& table, Language language) {
  const bool zh = language == Language::Chinese;
  PL_TRY(std::string charts, chartsHtml(table, language));
  return pageHead(escapeHtml(zh ? table.title.zh : table.title.en), zh) + headerHtml(table, zh) + charts +
         fmt::format("<h2>{}</h2>\n", zh ? fmt::format("明细（{} 行）", table.rows.size())
                                         : fmt::format("Rows ({})", table.rows.size())) +
         tableHtml(table, language) + checkingHtml(verificationSteps(table), zh);
}

Result<std::string> renderHtml(const Booklet& booklet, Language language) {
  const bool zh = language == Language::Chinese;
  PL_ASSERT(!booklet.tables.empty());
  std::string html = pageHead(escapeHtml(zh ? booklet.title.zh : booklet.title.en), zh);
  Table bare = booklet.tables.front();
  bare.parameters.clear();
  html += headerHtml(bare, zh);
  for (const Message& note : booklet.notes) html += fmt::format("<p>{}</p>\n", escapeHtml(zh ? note.zh : note.en));
  std::vector<Message> steps;
  for (const Table& table : booklet.tables) {
    html += fmt::format("<h2>{} ({})</h2>\n", escapeHtml(zh ? table.title.zh : table.title.en), table.rows.size());
    PL_TRY(std::string charts, chartsHtml(table, language));
    html += table.rows.empty() ? fmt::format("<p>{}</p>\n", zh ? "无记录" : "nothing is recorded")
                               : charts + tableHtml(table, language);
    for (Message& step : verificationSteps(table)) {
      bool known = std::any_of(steps.begin(), steps.end(), [&](const Message& other) { return other.en == step.en; });
      if (!known) steps.push_back(std::move(step));
    }
  }
  return html + attachmentsHtml(booklet, zh) + checkingHtml(steps, zh);
}

}  // namespace pilotledger::query
