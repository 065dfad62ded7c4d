#include "query/report/journal.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "events/money.h"
#include "ledger/crypto/encoding.h"

namespace pilotledger::query {
namespace {

struct Line {
  std::int64_t entry = 0;
  std::string date, kind, account, currency;
  std::int64_t amount = 0;
};

// Letters, digits and '-', the first one upper case or a digit: what beancount allows, and hledger too.
std::string component(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                static_cast<unsigned char>(c) >= 0x80;
    out += kept ? c : '-';
  }
  if (out.empty()) return "Unspecified";
  if (out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out[0] == '-' ? "X" + out : out;
}

// Two names of ours never become one of theirs.
class AccountNames {
 public:
  const std::string& of(const std::string& accountClass, const std::string& books, const std::string& account) {
    auto [at, fresh] = names_.try_emplace({books, account}, "");
    if (!fresh) return at->second;
    std::string name = accountClass + ":" + component(books);
    std::size_t begin = 0;
    while (begin <= account.size()) {
      std::size_t end = std::min(account.find('/', begin), account.size());
      name += ":" + component(std::string_view(account).substr(begin, end - begin));
      begin = end + 1;
    }
    std::string unique = name;
    for (int n = 2; !taken_.insert(unique).second; ++n) unique = fmt::format("{}-{}", name, n);
    return at->second = unique;
  }

 private:
  std::map<std::pair<std::string, std::string>, std::string> names_;
  std::set<std::string> taken_;
};

Result<std::vector<Line>> readLines(ReadModel& model, const AsOf& at) {
  PL_CHECK(model.show(at));
  PL_TRY(Statement rows, model.prepare("SELECT p.entry_index, p.legal_date, e.kind, c.class, p.books, p.account, "
                                       "p.currency, p.amount FROM posting p "
                                       "JOIN entry e ON e.entry_index = p.entry_index "
                                       "LEFT JOIN account_class c ON c.base = CASE WHEN p.account LIKE '%/%' THEN "
                                       "substr(p.account, 1, instr(p.account, '/') - 1) ELSE p.account END "
                                       "ORDER BY p.legal_date, p.entry_index, p.line"));
  std::vector<Line> lines;
  AccountNames names;
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return lines;
    PL_ASSERT(!rows.text(3).empty());  // a unit test walks every account of the schema
    lines.push_back({rows.integer(0), rows.text(1), rows.text(2), names.of(rows.text(3), rows.text(4), rows.text(5)),
                     rows.text(6), rows.integer(7)});
  }
}

std::string amountText(const Line& line) {
  auto currency = events::parseCurrency(line.currency);
  return events::formatMinorPlain(line.amount, currency.ok() ? *currency : events::kCny) + " " + line.currency;
}

std::string declarations(const std::vector<Line>& lines, JournalKind kind) {
  std::map<std::string, std::string> firstUse;  // lines are in the order of dates
  std::set<std::string> currencies;
  for (const Line& line : lines) {
    firstUse.try_emplace(line.account, line.date);
    currencies.insert(line.currency);
  }
  std::string text;
  for (const std::string& alpha : currencies) {
    auto currency = events::parseCurrency(alpha);
    int digits = currency.ok() ? events::currencyDigits(*currency) : 2;
    if (kind == JournalKind::Hledger) {
      text += fmt::format("commodity 1000.{} {}\n", std::string(static_cast<std::size_t>(digits), '0'), alpha);
    } else {
      text += fmt::format("{} commodity {}\n", lines.front().date, alpha);
    }
  }
  for (const auto& [account, date] : firstUse) {
    text += kind == JournalKind::Hledger ? fmt::format("account {}\n", account)
                                         : fmt::format("{} open {}\n", date, account);
  }
  return text;
}

}  // namespace

Result<std::string> writeJournal(ReadModel& model, const AsOf& at, const std::string& origin, JournalKind kind) {
  PL_TRY(std::vector<Line> lines, readLines(model, at));
  std::string text = fmt::format(
      "; PilotLedger {}\n; entries {}  root {}  policy {}\n; an account is CLASS:BOOKS:ACCOUNT; an entry is the index "
      "in the log\n\n",
      origin, at.position, crypto::toBase64(at.root), policyVersion(at.policy));
  if (lines.empty()) return text;
  if (kind == JournalKind::Beancount) text += fmt::format("option \"title\" \"{}\"\n\n", origin);
  text += declarations(lines, kind);
  std::int64_t entry = -1;
  for (const Line& line : lines) {
    if (line.entry != entry) {
      entry = line.entry;
      text += kind == JournalKind::Hledger ? fmt::format("\n{} {}  ; entry:{}\n", line.date, line.kind, entry)
                                           : fmt::format("\n{} * \"{}\"\n  entry: {}\n", line.date, line.kind, entry);
    }
    text += fmt::format("  {}  {}\n", line.account, amountText(line));
  }
  return text;
}

}  // namespace pilotledger::query
