#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/money.h"
#include "tools/import/csv.h"
#include "tools/import/dates.h"
#include "tools/reconcile/statement.h"
#include "tools/reconcile/statement_rules.h"

namespace pilotledger::reconcile {
namespace {

using import::CsvRow;

bool holdsWord(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.find(word) != text.npos; });
}

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// ="6222000033445566" keeps a program from reading a code as a number.
std::string bare(const std::string& cell) {
  if (cell.size() >= 3 && cell.starts_with("=\"") && cell.ends_with('"')) return cell.substr(2, cell.size() - 3);
  return cell;
}

// A row of movements, as read.
struct Line {
  std::size_t line = 0;
  BankEntry entry;
  std::optional<std::int64_t> balance;
};

class CsvStatement {
 public:
  CsvStatement(const StatementRules& rules, std::uint16_t currency, const std::string& name)
      : rules_(rules), name_(name) {
    style_.decimal = rules.decimal;
    style_.thousands = rules.thousands;
    style_.scale = rules.scale;
    statement_.id = name;
    statement_.account = rules.account;
    statement_.currency = currency;
  }

  Result<BankStatement> read(const std::vector<CsvRow>& rows) {
    PL_TRY(std::size_t header, findHeader(rows));
    for (std::size_t i = header + 1; i < rows.size(); ++i) {
      if (auto status = takeRow(rows[i]); !status.ok()) return located(std::move(status).error(), rows[i].line);
    }
    PL_CHECK(holdBalances());
    takePeriod();
    return std::move(statement_);
  }

 private:
  Error located(Error error, std::size_t line) const {
    return std::move(error).within(fmt::format("{} line {}", name_, line), fmt::format("{} 第 {} 行", name_, line));
  }
  std::vector<const std::string*> named() const {
    std::vector<const std::string*> names;
    for (const std::string* column :
         {&rules_.date, &rules_.amount, &rules_.credit, &rules_.debit, &rules_.side, &rules_.reference, &rules_.balance,
          &rules_.text, &rules_.accountColumn, &rules_.currencyColumn}) {
      if (!column->empty()) names.push_back(column);
    }
    return names;
  }

  // The first row that holds every column the rules name; what stands above it is the bank's heading.
  Result<std::size_t> findHeader(const std::vector<CsvRow>& rows) {
    const auto asked = named();
    const std::string* missing = asked.front();
    std::size_t most = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      columns_.clear();
      bool twice = false;
      for (std::size_t cell = 0; cell < rows[i].cells.size(); ++cell) {
        std::string column = bare(rows[i].cells[cell]);
        bool wanted = std::any_of(asked.begin(), asked.end(), [&](const auto* n) { return *n == column; });
        twice = (!columns_.emplace(column, cell).second && wanted) || twice;
      }
      std::size_t count = 0;
      const std::string* absent = nullptr;
      for (const std::string* column : asked) {
        if (columns_.contains(*column)) {
          ++count;
        } else if (absent == nullptr) {
          absent = column;
        }
      }
      if (absent == nullptr && twice)
        return located(invalidInput("a column of the rules occurs twice", "规则所用的列重复"), rows[i].line);
      if (absent == nullptr) {
        header_ = rows[i].cells;
        return i;
      }
      if (count > most) most = count, missing = absent;
    }
    return invalidInput(fmt::format("statement rules: no column '{}' in {}", *missing, name_),
                        fmt::format("对账规则：{} 中没有列“{}”", name_, *missing));
  }

  std::string cell(const CsvRow& row, const std::string& column) const {
    if (column.empty()) return {};
    std::size_t at = columns_.at(column);
    return at < row.cells.size() ? bare(row.cells[at]) : std::string();
  }
  Result<std::optional<std::int64_t>> money(const CsvRow& row, const std::string& column) const {
    if (column.empty()) return std::optional<std::int64_t>();
    auto amount = events::parseMoneyCell(cell(row, column), statement_.currency, style_);
    if (!amount.ok()) return std::move(amount).error().within(column);
    return amount;
  }

  Status takeRow(const CsvRow& row) {
    bool blank = std::all_of(row.cells.begin(), row.cells.end(), [](const auto& c) { return c.empty(); });
    if (blank || row.cells == header_) return {};  // a header is repeated on every page
    std::string date = cell(row, rules_.date);
    auto iso = import::isoDate(date, rules_.datePattern);
    if (iso.ok()) iso = checkedDay(std::move(iso).value());
    PL_TRY(bool said, takeSummary(row, iso.ok()));
    if (said) return {};
    if (!iso.ok()) {
      if (!isNote(row)) return std::move(iso).error().within(rules_.date);
      if (note_ == 0) note_ = row.line;  // below the last movement only: the bank's closing words
      return {};
    }
    if (note_ != 0)
      return invalidInput(fmt::format("a movement after line {}, which has no date and no amount", note_),
                          fmt::format("第 {} 行既无日期也无金额，其后又有发生额", note_));
    PL_CHECK(requireNothingBeyond(row));
    PL_TRY(Line line, lineOf(row, *iso));
    add(std::move(line));
    return {};
  }

  static Result<std::string> checkedDay(std::string iso) {
    PL_TRY([[maybe_unused]] std::int32_t day, events::parseCivilDate(iso));
    return iso;
  }

  bool isNote(const CsvRow& row) const {
    return cell(row, rules_.amount).empty() && cell(row, rules_.credit).empty() && cell(row, rules_.debit).empty() &&
           cell(row, rules_.balance).empty();
  }

  static Status requireNothingBeyond(const CsvRow& row, std::size_t columns) {
    for (std::size_t i = columns; i < row.cells.size(); ++i) {
      if (!row.cells[i].empty())
        return invalidInput(fmt::format("expected {} cells, found {}", columns, row.cells.size()),
                            fmt::format("应有 {} 列，实有 {} 列", columns, row.cells.size()));
    }
    return {};
  }
  Status requireNothingBeyond(const CsvRow& row) const { return requireNothingBeyond(row, header_.size()); }

  // Rows that sum up: totals are held to the rows above them, opening and closing balances to the statement's.
  Result<bool> takeSummary(const CsvRow& row, bool dated) {
    std::string words;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (!dated || bare(row.cells[i]) == cell(row, rules_.text)) words += lowered(bare(row.cells[i])) + " ";
    }
    PL_TRY(auto amount, moneyIf(row, rules_.amount, !dated));
    PL_TRY(auto credit, moneyIf(row, rules_.credit, !dated));
    PL_TRY(auto debit, moneyIf(row, rules_.debit, !dated));
    bool moves = (amount && *amount != 0) || (credit && *credit != 0) || (debit && *debit != 0);
    bool opens = holdsWord(words, {"期初", "上期", "上页", "承前", "上月", "opening balance", "brought forward"});
    bool closes = holdsWord(words, {"期末", "过次", "转下页", "closing balance", "carried forward"});
    if ((opens || closes) && !moves && !rules_.balance.empty()) {
      PL_TRY(auto balance, money(row, rules_.balance));
      if (!balance) return false;
      (opens ? stated_.opening : stated_.closing) = Stated{*balance, row.line};
      return true;
    }
    bool totals = holdsWord(words, {"合计", "总计", "小计", "累计", "共计", "total"});
    if (dated || !totals) return false;
    PL_CHECK(holdTotal("amount", amount, moved_.net, part_.net));
    PL_CHECK(holdTotal("credit", credit, moved_.credit, part_.credit));
    PL_CHECK(holdTotal("debit", debit, moved_.debit, part_.debit));
    part_ = {};
    return true;
  }
  Result<std::optional<std::int64_t>> moneyIf(const CsvRow& row, const std::string& column, bool strict) const {
    auto amount = money(row, column);
    if (!amount.ok() && !strict) return std::optional<std::int64_t>();  // said when the row is read
    return amount;
  }
  // A total is that of all rows so far, or of those since the last total; debits stand with a minus or without.
  Status holdTotal(std::string_view column, const std::optional<std::int64_t>& total, std::int64_t all,
                   std::int64_t part) const {
    if (!total || *total == all || *total == part) return {};
    bool unsigned_ = column == "debit" && (*total == -all || *total == -part);
    if (unsigned_) return {};
    std::string expected = events::formatMinorPlain(all, statement_.currency);
    std::string found = events::formatMinorPlain(*total, statement_.currency);
    return invalidInput(fmt::format("total of {}: the rows above make {}, found {}", column, expected, found),
                        fmt::format("{} 合计：以上各行之和为 {}，实为 {}", column, expected, found));
  }

  Result<Line> lineOf(const CsvRow& row, const std::string& date) const {
    Line line;
    line.line = row.line;
    line.entry.date = date;
    PL_TRY(line.entry.amount, amountOf(row));
    PL_TRY(line.balance, money(row, rules_.balance));
    PL_TRY(std::string reference, events::identifierSpelling(cell(row, rules_.reference)));
    if (!reference.empty()) line.entry.references.push_back(reference);
    PL_TRY(line.entry.text, events::textSpelling(cell(row, rules_.text)));
    if (!rules_.accountColumn.empty()) {
      PL_TRY(std::string account, events::identifierSpelling(cell(row, rules_.accountColumn)));
      if (account != rules_.account)
        return invalidInput(fmt::format("account: expected {}, found '{}'", rules_.account, account),
                            fmt::format("账号应为 {}，实为“{}”", rules_.account, account));
    }
    if (std::string alpha = cell(row, rules_.currencyColumn); !alpha.empty() && alpha != rules_.currency) {
      bool yuan = rules_.currency == "CNY" && (alpha == "人民币" || alpha == "RMB");
      if (!yuan)
        return invalidInput(fmt::format("currency: expected {}, found '{}'", rules_.currency, alpha),
                            fmt::format("币种应为 {}，实为“{}”", rules_.currency, alpha));
    }
    return line;
  }

  Result<std::int64_t> amountOf(const CsvRow& row) const {
    if (!rules_.amount.empty()) {
      PL_TRY(auto amount, money(row, rules_.amount));
      if (!amount) return noAmount(rules_.amount);
      if (rules_.side.empty()) return *amount;
      PL_TRY(bool credit, isCredit(cell(row, rules_.side)));
      return sided(*amount, credit, rules_.amount);
    }
    PL_TRY(auto credit, money(row, rules_.credit));
    PL_TRY(auto debit, money(row, rules_.debit));
    if (!credit && !debit) return noAmount(rules_.credit + ", " + rules_.debit);
    if (credit.value_or(0) != 0 && debit.value_or(0) != 0)
      return invalidInput(fmt::format("expected an amount in {} or in {}, found both", rules_.credit, rules_.debit),
                          fmt::format("{} 与 {} 只应一列有金额", rules_.credit, rules_.debit));
    if (debit.value_or(0) != 0) return sided(*debit, false, rules_.debit);
    return sided(credit.value_or(0), true, rules_.credit);
  }
  static Error noAmount(const std::string& columns) {
    return invalidInput(fmt::format("expected an amount in {}, found none", columns),
                        fmt::format("{} 中没有金额", columns));
  }
  // An amount in a column of one side: what its minus means differs between banks, so the rules say it.
  Result<std::int64_t> sided(std::int64_t amount, bool credit, const std::string& column) const {
    bool takesBack = amount < 0 && rules_.negative == "reversal";
    bool minusOfDebits = rules_.negative == "side" && !credit;
    if (amount < 0 && !takesBack && !minusOfDebits)
      return invalidInput(
          fmt::format("{}: negative; say negative = \"side\" (debits are written with a minus) or \"reversal\" "
                      "(a minus takes back) in the rules",
                      column),
          fmt::format("{}：金额为负；请在规则中写明 negative = \"side\"（借方以负数表示）或 \"reversal\"（红字冲回）",
                      column));
    if (amount > 0 && minusOfDebits)
      return invalidInput(fmt::format("{}: expected debits with a minus, as the rules say", column),
                          fmt::format("{}：按规则借方应为负数", column));
    bool keep = credit || minusOfDebits;
    std::int64_t signedAmount = 0;
    if (__builtin_sub_overflow(0, amount, &signedAmount)) return invalidInput("amount overflows", "金额溢出");
    return keep ? amount : signedAmount;
  }
  Result<bool> isCredit(const std::string& written) const {
    PL_TRY(std::string spelled, events::identifierSpelling(written));
    std::string side = lowered(spelled);
    static constexpr std::array<std::string_view, 9> kCredit = {"贷", "贷方", "收",     "收入", "c",
                                                                "cr", "crdt", "credit", "+"};
    static constexpr std::array<std::string_view, 11> kDebit = {"借", "借方", "支", "支出",  "付", "d",
                                                                "dr", "dbit", "dt", "debit", "-"};
    if (std::find(kCredit.begin(), kCredit.end(), side) != kCredit.end()) return true;
    if (std::find(kDebit.begin(), kDebit.end(), side) != kDebit.end()) return false;
    return invalidInput(fmt::format("{}: expected 贷 or 借, CR or DR, found '{}'", rules_.side, written),
                        fmt::format("{}：应为 贷 或 借，实为“{}”", rules_.side, written));
  }

  void add(Line line) {
    for (Moved* sum : {&moved_, &part_}) {
      // An overflow shows itself when the whole is added up with checks.
      bool credit = line.entry.amount > 0;
      (void)__builtin_add_overflow(sum->net, line.entry.amount, &sum->net);
      (void)__builtin_add_overflow(credit ? sum->credit : sum->debit, line.entry.amount,
                                   credit ? &sum->credit : &sum->debit);
    }
    lines_.push_back(std::move(line));
  }

  // Each balance is the one before it and what moved since; banks print the newest first, or last.
  Status runBalances(const std::vector<Line>& lines) {
    statement_.opening.reset();
    statement_.closing.reset();
    std::int64_t since = 0;
    for (const Line& line : lines) {
      if (__builtin_add_overflow(since, line.entry.amount, &since))
        return located(invalidInput("balance overflows", "余额溢出"), line.line);
      if (!line.balance) continue;
      std::int64_t before = 0;
      if (__builtin_sub_overflow(*line.balance, since, &before))
        return located(invalidInput("balance overflows", "余额溢出"), line.line);
      if (!statement_.opening) statement_.opening = before;
      if (statement_.closing && *statement_.closing != before) {
        std::string expected = events::formatMinorPlain(*statement_.closing, statement_.currency);
        std::string found = events::formatMinorPlain(before, statement_.currency);
        return located(invalidInput(fmt::format("balance: expected {} before this row, found {}", expected, found),
                                    fmt::format("余额：本行之前应为 {}，实为 {}", expected, found)),
                       line.line);
      }
      statement_.closing = *line.balance;
      since = 0;
    }
    if (statement_.closing && __builtin_add_overflow(*statement_.closing, since, &*statement_.closing))
      return invalidInput("balance overflows", "余额溢出");
    return {};
  }

  Status holdBalances() {
    bool newestFirst = !lines_.empty() && lines_.front().entry.date > lines_.back().entry.date;
    bool oneDay = !lines_.empty() && lines_.front().entry.date == lines_.back().entry.date;
    std::vector<Line> turned(lines_.rbegin(), lines_.rend());
    if (!rules_.balance.empty()) {
      Status status = runBalances(newestFirst ? turned : lines_);
      if (!status.ok() && oneDay) {
        newestFirst = runBalances(turned).ok();
        if (newestFirst) status = {};
      }
      PL_CHECK(std::move(status));
    }
    if (newestFirst) lines_ = std::move(turned);
    PL_CHECK(holdStated(stated_.opening, statement_.opening, "opening", "期初"));
    PL_CHECK(holdStated(stated_.closing, statement_.closing, "closing", "期末"));
    std::size_t zero = 0;
    for (Line& line : lines_) {
      if (line.entry.amount == 0) {
        ++zero;
        continue;
      }
      statement_.entries.push_back(std::move(line.entry));
    }
    if (zero > 0)
      statement_.remarks.push_back({fmt::format("{} rows of 0 left out: they move nothing", zero),
                                    fmt::format("{} 行金额为零，不参与核对", zero)});
    return {};
  }
  struct Stated {
    std::int64_t amount = 0;
    std::size_t line = 0;
  };
  Status holdStated(const std::optional<Stated>& stated, std::optional<std::int64_t>& balance, std::string_view word,
                    std::string_view wordZh) const {
    if (!stated) return {};
    if (balance && *balance != stated->amount) {
      std::string expected = events::formatMinorPlain(*balance, statement_.currency);
      std::string found = events::formatMinorPlain(stated->amount, statement_.currency);
      return located(invalidInput(fmt::format("{} balance: the rows make {}, found {}", word, expected, found),
                                  fmt::format("{}余额：按各行应为 {}，实为 {}", wordZh, expected, found)),
                     stated->line);
    }
    balance = stated->amount;
    return {};
  }

  void takePeriod() {
    statement_.from = rules_.from;
    statement_.to = rules_.to;
    if (!rules_.from.empty()) statement_.period = PeriodSource::Stated;
  }

  struct Moved {
    std::int64_t net = 0, credit = 0, debit = 0;
  };
  const StatementRules& rules_;
  const std::string& name_;
  events::MoneyStyle style_;
  BankStatement statement_;
  std::map<std::string, std::size_t> columns_;
  std::vector<std::string> header_;
  std::vector<Line> lines_;
  Moved moved_, part_;
  struct {
    std::optional<Stated> opening, closing;
  } stated_;
  std::size_t note_ = 0;
};

}  // namespace

Result<BankStatement> parseStatementCsv(std::string_view csv, std::string_view rulesToml, const std::string& name) {
  PL_CHECK(refuseOtherFormats(csv));
  PL_TRY(StatementRules rules, parseStatementRules(rulesToml));
  auto currency = events::parseCurrency(rules.currency);
  if (!currency.ok()) return std::move(currency).error().within("statement rules");
  std::string encoding = rules.encoding;
  auto text =
      encoding.empty() ? import::guessUtf8(std::string(csv), encoding) : import::toUtf8(std::string(csv), encoding);
  if (!text.ok()) return std::move(text).error().within(name);
  PL_TRY(auto rows, import::readCsvRows(*text, rules.delimiter, name));
  PL_TRY(BankStatement statement, CsvStatement(rules, *currency, name).read(rows));
  if (rules.encoding.empty() && encoding != "UTF-8")
    statement.remarks.push_back({"read as " + encoding, "按 " + encoding + " 编码读取"});
  return statement;
}

}  // namespace pilotledger::reconcile
