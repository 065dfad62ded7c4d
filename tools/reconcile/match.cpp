#include "tools/reconcile/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/money.h"

namespace pilotledger::reconcile {
namespace {

struct Movement {
  std::int64_t entry = 0;
  std::string date, kind, account, reference, platform, award;
  std::int64_t amount = 0;
  bool used = false;
};

Result<std::vector<Movement>> readMovements(query::ReadModel& model, const query::AsOf& at,
                                            const BankStatement& statement, const MatchOptions& options) {
  PL_CHECK(model.show(at));
  PL_TRY(query::Statement rows,
         model.prepare("SELECT entry, moved_on, kind, account, bank_ref, platform, award, amount FROM bank_movement "
                       "WHERE currency = :currency ORDER BY moved_on, entry"));
  rows.bindNamed("currency", std::string(events::currencyAlpha(statement.currency)));
  std::vector<Movement> all;
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return all;
    // Spelled as statements are: older entries hold references as they were typed.
    auto reference = events::identifierSpelling(rows.text(4));
    Movement movement{
        rows.integer(0), rows.text(1), rows.text(2),    rows.text(3), reference.ok() ? *reference : rows.text(4),
        rows.text(5),    rows.text(6), rows.integer(7), false};
    bool revenue = !options.platform.empty() && movement.award.empty() && movement.platform == options.platform;
    if (revenue || sameAccount(movement.account, options.account)) all.push_back(std::move(movement));
  }
}

std::int64_t daysBetween(const std::string& a, const std::string& b) {
  auto first = events::parseCivilDate(a), second = events::parseCivilDate(b);
  return first.ok() && second.ok() ? std::abs(events::daysOf(*first) - events::daysOf(*second)) : 1'000'000;
}

class Matcher {
 public:
  Matcher(const BankStatement& statement, std::vector<Movement> movements, int days)
      : statement_(statement), movements_(std::move(movements)), days_(days), done_(statement.entries.size(), false) {}

  query::Table run(const query::AsOf& at) {
    table_ = {"reconciliation", 1, {"Bank reconciliation", "银行对账"}, {}, {}, at};
    table_.columns = {{"state", "text", {"State", "状态"}},
                      {"date", "date", {"Date", "日期"}},
                      {"reference", "text", {"Bank reference", "流水号"}},
                      {"currency", "text", {"Currency", "币种"}},
                      {"bank", "money", {"Bank", "银行"}},
                      {"ledger", "money", {"Ledger", "账本"}},
                      {"difference", "money", {"Difference", "差额"}},
                      {"entries", "text", {"Entries", "条目"}},
                      {"text", "text", {"Text", "摘要"}}};
    for (std::size_t i = 0; i < statement_.entries.size(); ++i) byReference(i);
    for (std::size_t i = 0; i < statement_.entries.size(); ++i) byAmount(i);
    for (std::size_t i = 0; i < statement_.entries.size(); ++i) {
      if (!done_[i]) add("bank_only", &statement_.entries[i], {});
    }
    for (Movement& movement : movements_) {
      bool covered = movement.date >= statement_.from && movement.date <= statement_.to;
      if (!movement.used && covered) add("ledger_only", nullptr, {&movement});
    }
    std::stable_sort(table_.rows.begin(), table_.rows.end(), [](const auto& a, const auto& b) {
      return std::get<std::string>(a[1]) < std::get<std::string>(b[1]);
    });
    return std::move(table_);
  }

 private:
  void byReference(std::size_t i) {
    const BankEntry& entry = statement_.entries[i];
    std::vector<Movement*> group;
    std::int64_t sum = 0;
    for (Movement& movement : movements_) {
      bool named = !movement.used && std::find(entry.references.begin(), entry.references.end(), movement.reference) !=
                                         entry.references.end();
      if (!named || __builtin_add_overflow(sum, movement.amount, &sum)) continue;
      group.push_back(&movement);
    }
    if (group.empty()) return;
    add(sum == entry.amount ? "matched" : "amount", &entry, group);
    done_[i] = true;
  }

  void byAmount(std::size_t i) {
    const BankEntry& entry = statement_.entries[i];
    Movement* best = nullptr;
    for (Movement& movement : movements_) {
      bool fits = !done_[i] && !movement.used && movement.amount == entry.amount &&
                  daysBetween(movement.date, entry.date) <= days_;
      if (fits && (best == nullptr || daysBetween(movement.date, entry.date) < daysBetween(best->date, entry.date)))
        best = &movement;
    }
    if (best == nullptr) return;
    add("matched", &entry, {best});
    done_[i] = true;
  }

  void add(const std::string& state, const BankEntry* entry, std::vector<Movement*> group) {
    std::string entries, kinds;
    std::int64_t sum = 0, difference = 0;
    for (Movement* movement : group) {
      movement->used = true;
      sum += movement->amount;
      entries += (entries.empty() ? "" : ", ") + std::to_string(movement->entry);
      if (kinds.find(movement->kind) == std::string::npos) kinds += (kinds.empty() ? "" : ", ") + movement->kind;
    }
    bool fits = !__builtin_sub_overflow(entry == nullptr ? 0 : entry->amount, sum, &difference);
    std::string reference = entry != nullptr && !entry->references.empty() ? entry->references[0]
                            : group.empty()                                ? ""
                                                                           : group[0]->reference;
    std::string text = entry == nullptr ? "" : entry->text;
    table_.rows.push_back({state, entry == nullptr ? group[0]->date : entry->date, reference,
                           std::string(events::currencyAlpha(statement_.currency)),
                           entry == nullptr ? query::Value() : query::Value(entry->amount),
                           group.empty() ? query::Value() : query::Value(sum),
                           fits ? query::Value(difference) : query::Value(), entries, text.empty() ? kinds : text});
  }

  const BankStatement& statement_;
  std::vector<Movement> movements_;
  int days_;
  std::vector<bool> done_;
  query::Table table_;
};

}  // namespace

bool sameAccount(const std::string& masked, const std::string& full) {
  if (masked.empty()) return false;
  if (masked == full) return true;
  std::size_t first = masked.find('*');
  if (first == masked.npos) return false;
  std::size_t last = masked.rfind('*');
  std::string head = masked.substr(0, first), tail = masked.substr(last + 1);
  return head.size() + tail.size() >= 4 && head.size() + tail.size() <= full.size() && full.starts_with(head) &&
         full.ends_with(tail);
}

Result<query::Table> matchStatement(query::ReadModel& model, const query::AsOf& at, const BankStatement& statement,
                                    const MatchOptions& options) {
  PL_TRY(std::vector<Movement> movements, readMovements(model, at, statement, options));
  return Matcher(statement, std::move(movements), options.days).run(at);
}

}  // namespace pilotledger::reconcile
