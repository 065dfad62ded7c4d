#include "query/report/xlsx.h"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

#include "events/base/civil_date.h"
#include "events/base/temporary_directory.h"
#include "events/base/text.h"
#include "events/money.h"
#include "query/answer/table_format.h"

namespace pilotledger::query {
namespace {

constexpr std::int64_t kExact = 999'999'999'999'999;  // a spreadsheet keeps 15 digits
constexpr std::size_t kMaxRows = 1'048'000;
constexpr lxw_row_t kFormRows = 5'000;    // of a form, with lists to choose from
constexpr std::size_t kMaxText = 32'767;  // of UTF-16 units a cell

struct Formats {
  lxw_format* head;
  lxw_format* title;
  lxw_format* label;
  lxw_format* wrap;
  lxw_format* date;
  lxw_format* number;
  lxw_format* real;
  std::map<int, lxw_format*> money;  // by decimals
  std::map<int, lxw_format*> total;
};

std::string moneyPattern(int digits) {
  return digits == 0 ? "#,##0" : "#,##0." + std::string(static_cast<std::size_t>(digits), '0');
}

lxw_format* moneyFormat(lxw_workbook* book, std::map<int, lxw_format*>& formats, int digits, bool bold) {
  lxw_format*& format = formats[digits];
  if (format == nullptr) {
    format = workbook_add_format(book);
    format_set_num_format(format, moneyPattern(digits).c_str());
    if (bold) {
      format_set_bold(format);
      format_set_top(format, LXW_BORDER_THIN);
    }
  }
  return format;
}

Formats makeFormats(lxw_workbook* book) {
  Formats formats{};
  auto make = [&] { return workbook_add_format(book); };
  formats.head = make();
  format_set_bold(formats.head);
  format_set_bg_color(formats.head, 0xDDE6F0);
  format_set_bottom(formats.head, LXW_BORDER_THIN);
  format_set_text_wrap(formats.head);
  formats.title = make();
  format_set_bold(formats.title);
  format_set_font_size(formats.title, 14);
  formats.label = make();
  format_set_bold(formats.label);
  format_set_align(formats.label, LXW_ALIGN_VERTICAL_TOP);
  formats.wrap = make();
  format_set_text_wrap(formats.wrap);
  formats.date = make();
  format_set_num_format(formats.date, "yyyy-mm-dd");
  formats.number = make();
  format_set_num_format(formats.number, "0");
  formats.real = make();
  format_set_num_format(formats.real, "0.00");
  return formats;
}

double scaled(std::int64_t minor, int digits) {
  static constexpr double kPowers[] = {1, 10, 100, 1000, 10000};
  return static_cast<double>(minor) / kPowers[digits];
}

// Cut between characters, and marked, where a cell has no room for it.
std::string fitting(std::string text) {
  std::size_t units = 0, cut = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) == 0x80) continue;
    if (units < kMaxText) cut = i;
    units += byte >= 0xF0 ? 2 : 1;
  }
  return units <= kMaxText ? text : text.substr(0, cut) + "…";
}

void writeText(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, std::string text, lxw_format* format) {
  if (text.size() > kMaxText) text = fitting(std::move(text));
  worksheet_write_string(sheet, row, column, text.c_str(), format);
}

// Text stays text, so nothing in it runs as a formula; a number that a spreadsheet would round is text.
void writeCell(lxw_workbook* book, lxw_worksheet* sheet, Formats& formats, lxw_row_t row, lxw_col_t column,
               const ColumnInfo& info, const Value& value, std::uint16_t currency, Language language) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (*number > kExact || *number < -kExact) {
      writeText(sheet, row, column, cellText(info, value, currency, Separators::None), nullptr);
    } else if (info.type == "money") {
      int digits = events::currencyDigits(currency);
      worksheet_write_number(sheet, row, column, scaled(*number, digits),
                             moneyFormat(book, formats.money, digits, false));
    } else {
      worksheet_write_number(sheet, row, column, static_cast<double>(*number), formats.number);
    }
  } else if (const auto* real = std::get_if<double>(&value)) {
    worksheet_write_number(sheet, row, column, *real, formats.real);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    auto date = info.type == "date" ? events::parseCivilDate(*text) : Result<std::int32_t>(invalidInput(""));
    if (date.ok() && *date >= 19000301) {  // a spreadsheet's calendar begins in 1900
      worksheet_write_number(sheet, row, column, static_cast<double>(events::daysOf(*date) + 25569), formats.date);
    } else {
      writeText(sheet, row, column, cellLabel(info, value, currency, Separators::None, language), nullptr);
    }
  }
}

std::string columnName(std::size_t column) {
  std::string name;
  for (++column; column > 0; column = (column - 1) / 26)
    name.insert(name.begin(), static_cast<char>('A' + (column - 1) % 26));
  return name;
}

// SUM, or SUMIF by the currency column where rows are of several currencies.
void writeTotals(lxw_workbook* book, lxw_worksheet* sheet, Formats& formats, const Table& table, bool zh) {
  auto totals = totalsOf(table);
  auto found = std::find_if(table.columns.begin(), table.columns.end(),
                            [](const ColumnInfo& c) { return c.name == "currency"; });
  auto currencyColumn = static_cast<std::size_t>(found - table.columns.begin());
  std::size_t last = table.rows.size() + 1;
  auto row = static_cast<lxw_row_t>(last);
  for (const Total& total : totals) {
    int digits = events::currencyDigits(total.currency);
    std::string alpha(events::currencyAlpha(total.currency));
    bool labelled = false;
    for (std::size_t i = 0; i < total.sums.size(); ++i) {
      auto column = static_cast<lxw_col_t>(i);
      if (total.sums[i]) {
        std::string name = columnName(i);
        std::string range = fmt::format("{0}2:{0}{1}", name, last);
        std::string formula = totals.size() == 1 ? fmt::format("=SUM({})", range)
                                                 : fmt::format("=SUMIF({0}$2:{0}${1},\"{2}\",{3})",
                                                               columnName(currencyColumn), last, alpha, range);
        worksheet_write_formula_num(sheet, row, column, formula.c_str(), moneyFormat(book, formats.total, digits, true),
                                    scaled(*total.sums[i], digits));
      } else if (!labelled) {
        writeText(sheet, row, column, (zh ? "合计 " : "Total ") + alpha, formats.label);
        labelled = true;
      }
    }
    ++row;
  }
}

void writeRows(lxw_workbook* book, lxw_worksheet* sheet, Formats& formats, const Table& table, Language language) {
  bool zh = language == Language::Chinese;
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Message& label = table.columns[i].label;
    writeText(sheet, 0, static_cast<lxw_col_t>(i), zh ? label.zh : label.en, formats.head);
    widths.push_back(events::displayWidth(zh ? label.zh : label.en));
  }
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    std::uint16_t currency = currencyOfRow(table, table.rows[r]);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      writeCell(book, sheet, formats, static_cast<lxw_row_t>(r + 1), static_cast<lxw_col_t>(i), table.columns[i],
                table.rows[r][i], currency, language);
      widths[i] = std::max(widths[i], events::displayWidth(cellLabel(table.columns[i], table.rows[r][i], currency,
                                                                     Separators::Thousands, language)));
    }
  }
  for (std::size_t i = 0; i < widths.size(); ++i) {
    auto column = static_cast<lxw_col_t>(i);
    worksheet_set_column(sheet, column, column, static_cast<double>(std::clamp<std::size_t>(widths[i] + 2, 8, 50)),
                         nullptr);
  }
  writeTotals(book, sheet, formats, table, zh);
  worksheet_freeze_panes(sheet, 1, 0);
  worksheet_repeat_rows(sheet, 0, 0);
  worksheet_set_landscape(sheet);
  worksheet_set_paper(sheet, 9);  // A4
  worksheet_fit_to_pages(sheet, 1, 0);
  if (!table.rows.empty()) {
    worksheet_autofilter(sheet, 0, 0, static_cast<lxw_row_t>(table.rows.size()),
                         static_cast<lxw_col_t>(table.columns.size() - 1));
  }
}

void writeVerification(lxw_worksheet* sheet, Formats& formats, const Booklet& booklet, bool zh) {
  worksheet_set_column(sheet, 0, 0, 20, nullptr);
  worksheet_set_column(sheet, 1, 1, 100, nullptr);
  writeText(sheet, 0, 0, zh ? booklet.title.zh : booklet.title.en, formats.title);
  lxw_row_t row = 2;
  for (const Message& note : booklet.notes) writeText(sheet, row++, 1, zh ? note.zh : note.en, formats.wrap);
  for (const Table& table : booklet.tables) {
    if (booklet.tables.size() > 1)
      writeText(sheet, ++row, 0, zh ? table.title.zh : table.title.en, formats.title), ++row;
    for (const HeaderLine& line : headerLines(table)) {
      writeText(sheet, row, 0, zh ? line.label.zh : line.label.en, formats.label);
      writeText(sheet, row++, 1, line.value, formats.wrap);
    }
    writeText(sheet, row, 0, zh ? "行数" : "Rows", formats.label);
    writeText(sheet, row++, 1, std::to_string(table.rows.size()), formats.wrap);
    writeText(sheet, ++row, 0, zh ? "如何核对" : "How to check", formats.label);
    for (const Message& step : verificationSteps(table))
      writeText(sheet, row++, 1, zh ? step.zh : step.en, formats.wrap);
  }
  for (const Attachment& one : booklet.attachments) {
    writeText(sheet, ++row, 0, one.file, formats.label);
    writeText(sheet, row, 1, zh ? one.what.zh : one.what.en, formats.wrap);
  }
}

// As spreadsheets take it: 31 characters, none of these, no name twice.
std::string sheetName(const Table& table, std::size_t number, bool zh) {
  std::string name = zh ? table.title.zh : table.title.en;
  for (char& c : name) {
    if (std::string_view("[]:*?/\\'").find(c) != std::string_view::npos) c = ' ';
  }
  std::size_t cut = 0, characters = 0;
  while (cut < name.size() && characters < 27) {
    do ++cut;
    while (cut < name.size() && (static_cast<unsigned char>(name[cut]) & 0xC0) == 0x80);
    ++characters;
  }
  return fmt::format("{} {}", number, name.substr(0, cut));
}

Error failed(const std::string& why) {
  return makeError(ErrorCode::Unavailable, "xlsx: cannot write: " + why, "xlsx：无法写入：" + why);
}

// libxlsxwriter writes files only.
struct BookFile {
  TemporaryDirectory scratch;
  std::string directory, file;
  lxw_workbook* book = nullptr;

  static Result<BookFile> make() {
    PL_TRY(TemporaryDirectory scratch, TemporaryDirectory::make("xlsx"));
    BookFile made{std::move(scratch), "", "", nullptr};
    made.directory = made.scratch.path().string();
    made.file = made.directory + "/report.xlsx";
    lxw_workbook_options options{};
    options.tmpdir = made.directory.data();
    made.book = workbook_new_opt(made.file.c_str(), &options);
    if (made.book == nullptr) return failed(made.file);
    return made;
  }
  Result<std::string> close() const {
    if (lxw_error error = workbook_close(book); error != LXW_NO_ERROR) return failed(lxw_strerror(error));
    std::ifstream in(file, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (bytes.empty()) return failed(file);
    return bytes;
  }
};

void addChoices(lxw_worksheet* sheet, lxw_worksheet* facts, std::size_t column,
                const std::vector<std::string>& choices) {
  const auto place = static_cast<lxw_col_t>(column + 2);  // behind the facts
  for (std::size_t i = 0; i < choices.size(); ++i)
    writeText(facts, static_cast<lxw_row_t>(i), place, choices[i], nullptr);
  std::string formula = fmt::format("={0}!${1}$1:${1}${2}", kFormFacts, columnName(column + 2), choices.size());
  lxw_data_validation validation{};
  validation.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
  validation.value_formula = formula.data();
  worksheet_data_validation_range(sheet, 1, static_cast<lxw_col_t>(column), kFormRows, static_cast<lxw_col_t>(column),
                                  &validation);
}

}  // namespace

Result<std::string> renderForm(const Form& form) {
  PL_TRY(BookFile file, BookFile::make());
  lxw_doc_properties properties{};
  properties.created = 86'400;  // same form, same bytes
  workbook_set_properties(file.book, &properties);
  Formats formats = makeFormats(file.book);
  lxw_format* typed = workbook_add_format(file.book);
  format_set_num_format(typed, "@");
  lxw_worksheet* sheet = workbook_add_worksheet(file.book, form.title.c_str());
  lxw_worksheet* facts = workbook_add_worksheet(file.book, kFormFacts);
  if (sheet == nullptr || facts == nullptr) return failed(form.title);
  for (std::size_t i = 0; i < form.columns.size(); ++i) {
    const FormColumn& column = form.columns[i];
    const auto place = static_cast<lxw_col_t>(i);
    writeText(sheet, 0, place, column.head, formats.head);
    worksheet_set_column(sheet, place, place,
                         std::max(14.0, static_cast<double>(events::displayWidth(column.head)) + 2),
                         column.text ? typed : nullptr);
    if (!column.choices.empty()) addChoices(sheet, facts, i, column.choices);
  }
  worksheet_freeze_panes(sheet, 1, 0);
  for (std::size_t i = 0; i < form.facts.size(); ++i) {
    writeText(facts, static_cast<lxw_row_t>(i), 0, form.facts[i].first, formats.label);
    writeText(facts, static_cast<lxw_row_t>(i), 1, form.facts[i].second, nullptr);
  }
  worksheet_hide(facts);
  return file.close();
}

Result<std::string> renderXlsx(const Table& table, Language language) {
  return renderXlsx(Booklet{table.title, {table}}, language);
}

Result<std::string> renderXlsx(const Booklet& booklet, Language language) {
  bool zh = language == Language::Chinese;
  for (const Table& table : booklet.tables) {
    if (table.rows.size() <= kMaxRows) continue;
    return makeError(ErrorCode::Unsupported,
                     fmt::format("xlsx: expected at most {} rows, found {}; use csv", kMaxRows, table.rows.size()),
                     fmt::format("xlsx：最多 {} 行，实为 {} 行；请用 csv", kMaxRows, table.rows.size()));
  }
  PL_TRY(BookFile file, BookFile::make());
  lxw_workbook* book = file.book;
  std::string title = zh ? booklet.title.zh : booklet.title.en;
  lxw_doc_properties properties{};
  properties.title = title.data();
  auto day = events::parseCivilDate(booklet.tables.front().at.on);
  properties.created = static_cast<time_t>((day.ok() ? events::daysOf(*day) : 0) * 86'400 + 1);
  workbook_set_properties(book, &properties);
  Formats formats = makeFormats(book);
  for (std::size_t i = 0; i < booklet.tables.size(); ++i) {
    std::string name = booklet.tables.size() == 1 ? (zh ? "报告" : "Report") : sheetName(booklet.tables[i], i + 1, zh);
    lxw_worksheet* rows = workbook_add_worksheet(book, name.c_str());
    if (rows == nullptr) return failed(name);
    writeRows(book, rows, formats, booklet.tables[i], language);
  }
  writeVerification(workbook_add_worksheet(book, zh ? "核对" : "Verification"), formats, booklet, zh);
  return file.close();
}

}  // namespace pilotledger::query
