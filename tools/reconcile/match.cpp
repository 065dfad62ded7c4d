#include "tools/reconcile/match.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/money.h"
#include "tools/reconcile/pairing.h"

namespace pilotledger::reconcile {
namespace {

struct Movement {
  std::int64_t entry = 0;
  std::string date, kind, account, reference, platform, award;
  std::int64_t amount = 0;
};

Result<std::vector<Movement>> readMovements(query::ReadModel& model, const query::AsOf& at, std::uint16_t currency,
                                            const MatchOptions& options) {
  PL_CHECK(model.show(at));
  PL_TRY(query::Statement rows,
         model.prepare("SELECT entry, moved_on, kind, account, bank_ref, platform, award, amount FROM bank_movement "
                       "WHERE currency = :currency ORDER BY moved_on, entry"));
  rows.bindNamed("currency", std::string(events::currencyAlpha(currency)));
  std::vector<Movement> all;
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return all;
    // Spelled as statements are: older entries hold references as they were typed.
    auto reference = events::identifierSpelling(rows.text(4));
    Movement movement{
        rows.integer(0), rows.text(1), rows.text(2),   rows.text(3), reference.ok() ? *reference : rows.text(4),
        rows.text(5),    rows.text(6), rows.integer(7)};
    bool revenue = !options.platform.empty() && movement.award.empty() && movement.platform == options.platform;
    if (movement.amount != 0 && (revenue || sameAccount(movement.account, options.account)))
      all.push_back(std::move(movement));
  }
}

Result<Item> itemOf(std::int64_t amount, const std::string& date, std::vector<std::string> references) {
  PL_TRY(std::int32_t day, events::parseCivilDate(date));
  return Item{amount, events::daysOf(day), std::move(references)};
}

// Row by row: what stands together.
class Rows {
 public:
  Rows(const Series& series, std::vector<Movement> movements, Language language)
      : series_(series), movements_(std::move(movements)), zh_(language == Language::Chinese) {
    for (const BankStatement& statement : series.statements) {
      for (const BankEntry& entry : statement.entries) entries_.push_back(&entry);
    }
  }

  Result<query::Table> table(const query::AsOf& at, int days) {
    table_ = {"reconciliation", 2, {"Bank reconciliation", "银行对账"}, {}, {}, at};
    table_.columns = {{"state", "text", {"State", "状态"}, stateWords()},
                      {"date", "date", {"Date", "日期"}},
                      {"reference", "text", {"Bank reference", "流水号"}},
                      {"currency", "text", {"Currency", "币种"}},
                      {"bank", "money", {"Bank", "银行"}},
                      {"ledger", "money", {"Ledger", "账本"}},
                      {"difference", "money", {"Difference", "差额"}},
                      {"entries", "text", {"Entries", "条目"}},
                      {"text", "text", {"Text", "摘要"}}};
    std::vector<Item> bank, ledger;
    for (const BankEntry* entry : entries_) {
      PL_TRY(Item item, itemOf(entry->amount, entry->date, entry->references));
      bank.push_back(std::move(item));
    }
    for (const Movement& movement : movements_) {
      std::vector<std::string> references;
      if (!movement.reference.empty()) references.push_back(movement.reference);
      PL_TRY(Item item, itemOf(movement.amount, movement.date, std::move(references)));
      ledger.push_back(std::move(item));
    }
    std::vector<char> bankDone(bank.size()), ledgerDone(ledger.size());
    for (const Group& group : pairUp(bank, ledger, days)) {
      for (std::size_t i : group.bank) bankDone[i] = 1;
      for (std::size_t j : group.ledger) ledgerDone[j] = 1;
      PL_CHECK(add(stateOf(group.kind), group));
    }
    for (std::size_t i = 0; i < bank.size(); ++i) {
      if (bankDone[i] == 0) PL_CHECK(add("bank_only", {Group::Kind::Unequal, {i}, {}}));
    }
    for (std::size_t j = 0; j < ledger.size(); ++j) {
      if (ledgerDone[j] == 0 && isCovered(movements_[j].date))
        PL_CHECK(add("ledger_only", {Group::Kind::Unequal, {}, {j}}));
    }
    for (const Doubt& doubt : series_.doubts) add(doubt);
    std::stable_sort(table_.rows.begin(), table_.rows.end(), [](const auto& a, const auto& b) {
      return std::get<std::string>(a[1]) < std::get<std::string>(b[1]);
    });
    return std::move(table_);
  }

 private:
  static std::map<std::string, Message, std::less<>> stateWords() {
    return {{"matched", {"matched", "相符"}},
            {"amount", {"amount", "金额不符"}},
            {"date", {"date", "日期相差过大"}},
            {"bank_only", {"bank_only", "仅银行有"}},
            {"ledger_only", {"ledger_only", "仅账本有"}},
            {"balance", {"balance", "余额不平"}},
            {"gap", {"gap", "不连续"}},
            {"overlap", {"overlap", "期间重叠"}},
            {"repeated", {"repeated", "重复"}},
            {"pages", {"pages", "缺页"}},
            {"period", {"period", "期间与余额日期矛盾"}},
            {"outside", {"outside", "入账日在期间之外"}}};
  }
  static std::string stateOf(Group::Kind kind) {
    switch (kind) {
      case Group::Kind::Equal: return "matched";
      case Group::Kind::Far: return "date";
      case Group::Kind::Unequal: break;
    }
    return "amount";
  }
  bool isCovered(const std::string& date) const {
    return std::any_of(series_.covered.begin(), series_.covered.end(),
                       [&](const Days& days) { return days.first <= date && date <= days.second; });
  }
  std::string currency() const { return std::string(events::currencyAlpha(series_.currency)); }

  std::string referenceOf(const Group& group) const {
    for (std::size_t i : group.bank) {
      for (const std::string& reference : entries_[i]->references) {
        for (std::size_t j : group.ledger) {
          if (movements_[j].reference == reference) return reference;
        }
      }
    }
    if (group.bank.empty()) return movements_[group.ledger[0]].reference;
    return entries_[group.bank[0]]->references.empty() ? "" : entries_[group.bank[0]]->references[0];
  }

  // The bank's words; of several entries their days and amounts; else what the ledger calls it.
  std::string textOf(const Group& group) const {
    std::string text;
    if (group.bank.size() > 1) {
      for (std::size_t i : group.bank)
        text += fmt::format("{}{} {}", text.empty() ? "" : "; ", entries_[i]->date,
                            events::formatMoney(entries_[i]->amount, series_.currency));
    } else if (!group.bank.empty()) {
      text = entries_[group.bank[0]]->text;
    }
    if (!text.empty()) return text;
    for (std::size_t j : group.ledger) {
      if (text.find(movements_[j].kind) == text.npos) text += (text.empty() ? "" : ", ") + movements_[j].kind;
    }
    return text;
  }

  Status add(const std::string& state, const Group& group) {
    std::string date, entries;
    std::int64_t bank = 0, ledger = 0, difference = 0;
    bool fits = true, inside = false;
    for (std::size_t i : group.bank) {
      fits = fits && !__builtin_add_overflow(bank, entries_[i]->amount, &bank);
      if (date.empty() || entries_[i]->date < date) date = entries_[i]->date;
      inside = inside || isCovered(entries_[i]->date);
    }
    for (std::size_t j : group.ledger) {
      fits = fits && !__builtin_add_overflow(ledger, movements_[j].amount, &ledger);
      if (group.bank.empty() && (date.empty() || movements_[j].date < date)) date = movements_[j].date;
      entries += (entries.empty() ? "" : ", ") + std::to_string(movements_[j].entry);
      inside = inside || isCovered(movements_[j].date);
    }
    if (!fits || __builtin_sub_overflow(bank, ledger, &difference))
      return invalidInput("the sum of entries is too large", "金额合计过大");
    if (series_.narrowed && !inside) return {};
    table_.rows.push_back(
        {state, date, referenceOf(group), currency(), group.bank.empty() ? query::Value() : query::Value(bank),
         group.ledger.empty() ? query::Value() : query::Value(ledger), difference, entries, textOf(group)});
    return {};
  }

  void add(const Doubt& doubt) {
    table_.rows.push_back({doubt.state, doubt.date, doubt.statement, currency(),
                           doubt.bank ? query::Value(*doubt.bank) : query::Value(), query::Value(),
                           doubt.difference ? query::Value(*doubt.difference) : query::Value(), std::string(),
                           zh_ ? doubt.text.zh : doubt.text.en});
  }

  const Series& series_;
  std::vector<Movement> movements_;
  bool zh_;
  std::vector<const BankEntry*> entries_;
  query::Table table_;
};

}  // namespace

std::string withoutBlanks(std::string account) {
  std::erase(account, ' ');
  return account;
}

bool sameAccount(const std::string& maskedAsWritten, const std::string& fullAsWritten) {
  // Banks print numbers in groups of four.
  const std::string masked = withoutBlanks(maskedAsWritten), full = withoutBlanks(fullAsWritten);
  if (masked.empty()) return false;
  if (masked == full) return true;
  std::size_t first = masked.find('*');
  if (first == masked.npos) return false;
  std::size_t last = masked.rfind('*');
  if (masked.find_first_not_of('*', first) < last) return false;  // one run only
  std::string head = masked.substr(0, first), tail = masked.substr(last + 1);
  return head.size() + tail.size() >= 4 && head.size() + tail.size() <= full.size() && full.starts_with(head) &&
         full.ends_with(tail);
}

Result<Reconciliation> matchStatements(query::ReadModel& model, const query::AsOf& at, const Series& series,
                                       const MatchOptions& options) {
  Reconciliation result;
  PL_TRY(std::vector<Movement> movements, readMovements(model, at, series.currency, options));
  result.movements = movements.size();
  PL_TRY(result.table, Rows(series, std::move(movements), options.language).table(at, options.days));
  return result;
}

}  // namespace pilotledger::reconcile
