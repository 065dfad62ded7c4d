#include "tools/reconcile/pairing.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <numeric>
#include <optional>

namespace pilotledger::reconcile {
namespace {

using Places = std::vector<std::size_t>;

constexpr std::size_t kMostCandidates = 30;  // for a sum
constexpr std::size_t kMostParts = 12;
constexpr int kSearchSteps = 50'000;                  // of one search
constexpr std::int64_t kAllSearchSteps = 50'000'000;  // of a statement
constexpr std::size_t kMostPairs = 4'000'000;         // of the same amount, near each other
constexpr std::int64_t kAnyDay = 4'000'000;

std::int64_t apart(const Item& a, const Item& b) { return std::abs(a.day - b.day); }

bool shareReference(const Item& a, const Item& b) {
  return std::any_of(a.references.begin(), a.references.end(), [&](const std::string& r) {
    return std::find(b.references.begin(), b.references.end(), r) != b.references.end();
  });
}

// Finds the subsets of `candidates` that add up to `target`, and stops at the second.
class SubsetSearch {
 public:
  SubsetSearch(const std::vector<Item>& items, Places candidates, std::int64_t target)
      : items_(items), candidates_(std::move(candidates)), target_(target) {
    std::stable_sort(candidates_.begin(), candidates_.end(), [&](std::size_t a, std::size_t b) {
      return std::abs(items_[a].amount) > std::abs(items_[b].amount);
    });
    up_.assign(candidates_.size() + 1, 0);
    down_.assign(candidates_.size() + 1, 0);
    for (std::size_t i = candidates_.size(); i-- > 0;) {
      std::int64_t amount = items_[candidates_[i]].amount;
      bool fits = amount > 0 ? !__builtin_add_overflow(up_[i + 1], amount, &up_[i])
                             : !__builtin_add_overflow(down_[i + 1], amount, &down_[i]);
      if (!fits) steps_ = kSearchSteps;
      (amount > 0 ? down_ : up_)[i] = (amount > 0 ? down_ : up_)[i + 1];
    }
  }

  // The only subset of two or more; nullopt when there is none, more than one, or too much to look at.
  std::optional<Places> only() {
    if (candidates_.size() < 2 || candidates_.size() > kMostCandidates || steps_ >= kSearchSteps) return std::nullopt;
    look(0, 0);
    if (steps_ >= kSearchSteps || found_ != 1) return std::nullopt;
    std::sort(first_.begin(), first_.end());
    return first_;
  }
  int steps() const { return steps_; }

 private:
  void look(std::size_t at, std::int64_t sum) {
    if (++steps_ >= kSearchSteps || found_ > 1) return;
    if (sum == target_ && chosen_.size() >= 2) {
      if (found_++ == 0) first_ = chosen_;
      return;
    }
    std::int64_t missing = 0;
    if (at == candidates_.size() || chosen_.size() == kMostParts || __builtin_sub_overflow(target_, sum, &missing) ||
        missing > up_[at] || missing < down_[at])
      return;
    chosen_.push_back(candidates_[at]);
    look(at + 1, sum + items_[candidates_[at]].amount);
    chosen_.pop_back();
    look(at + 1, sum);
  }

  const std::vector<Item>& items_;
  Places candidates_;
  std::int64_t target_;
  std::vector<std::int64_t> up_, down_;  // what the candidates from here on can add at most, and at least
  Places chosen_, first_;
  int found_ = 0, steps_ = 0;
};

// Items of one amount, by day: the most pairs, and among those the least days and the fewest that name two references.
class NearestPairs {
 public:
  NearestPairs(const std::vector<Item>& bank, const std::vector<Item>& ledger, const Places& left, const Places& right,
               std::int64_t days)
      : bank_(bank), ledger_(ledger), left_(left), right_(right), days_(days) {}

  std::vector<std::pair<std::size_t, std::size_t>> run() {
    return left_.size() * right_.size() > kMostPairs ? inOrder() : best();
  }

 private:
  struct Score {
    std::int64_t pairs = 0, cost = 0;
    bool operator<(const Score& other) const { return pairs != other.pairs ? pairs < other.pairs : cost > other.cost; }
  };
  bool fits(std::size_t i, std::size_t j) const { return apart(bank_[left_[i]], ledger_[right_[j]]) <= days_; }
  std::int64_t cost(std::size_t i, std::size_t j) const {
    const Item &a = bank_[left_[i]], &b = ledger_[right_[j]];
    bool clash = !a.references.empty() && !b.references.empty() && !shareReference(a, b);
    return 2 * apart(a, b) + (clash ? 1 : 0);
  }
  std::vector<std::pair<std::size_t, std::size_t>> inOrder() const {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    for (std::size_t i = 0, j = 0; i < left_.size() && j < right_.size();) {
      if (fits(i, j)) {
        pairs.emplace_back(left_[i++], right_[j++]);
      } else {
        bank_[left_[i]].day < ledger_[right_[j]].day ? ++i : ++j;
      }
    }
    return pairs;
  }
  // Nothing is gained where pairs cross, so the best of the first i and j follows from the best of fewer.
  std::vector<std::pair<std::size_t, std::size_t>> best() const {
    std::size_t rows = left_.size(), columns = right_.size();
    std::vector<Score> scores((rows + 1) * (columns + 1));
    auto at = [&](std::size_t i, std::size_t j) -> Score& { return scores[i * (columns + 1) + j]; };
    auto paired = [&](std::size_t i, std::size_t j) {
      Score score = at(i - 1, j - 1);
      return Score{score.pairs + 1, score.cost + cost(i - 1, j - 1)};
    };
    for (std::size_t i = 1; i <= rows; ++i) {
      for (std::size_t j = 1; j <= columns; ++j) {
        at(i, j) = std::max(at(i - 1, j), at(i, j - 1));
        if (fits(i - 1, j - 1)) at(i, j) = std::max(at(i, j), paired(i, j));
      }
    }
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    auto same = [](const Score& a, const Score& b) { return !(a < b) && !(b < a); };
    for (std::size_t i = rows, j = columns; i > 0 && j > 0;) {
      if (same(at(i, j), at(i - 1, j))) {
        --i;
      } else if (same(at(i, j), at(i, j - 1))) {
        --j;
      } else {
        pairs.emplace_back(left_[--i], right_[--j]);
      }
    }
    return pairs;
  }

  const std::vector<Item>&bank_, &ledger_;
  const Places &left_, &right_;
  std::int64_t days_;
};

class Pairing {
 public:
  Pairing(const std::vector<Item>& bank, const std::vector<Item>& ledger, std::int64_t days)
      : bank_(bank),
        ledger_(ledger),
        days_(days),
        near_(std::max(days, kReferenceDays)),
        bankDone_(bank.size()),
        ledgerDone_(ledger.size()) {}

  std::vector<Group> run() {
    auto shared = sharing();
    for (const auto& [left, right] : shared) underReference(left, right);
    byAmount(open(all(bank_), bankDone_), open(all(ledger_), ledgerDone_), days_);
    bySums();
    // A number that was used again long after names something else: the last resort.
    for (const auto& [left, right] : shared) byAmount(open(left, bankDone_), open(right, ledgerDone_), kAnyDay);
    return std::move(groups_);
  }

 private:
  static Places all(const std::vector<Item>& items) {
    Places places(items.size());
    std::iota(places.begin(), places.end(), 0u);
    return places;
  }
  static Places open(const Places& places, const std::vector<char>& done) {
    Places left;
    for (std::size_t place : places) {
      if (done[place] == 0) left.push_back(place);
    }
    return left;
  }

  // Bank entries and movements that share a reference, directly or through others.
  std::vector<std::pair<Places, Places>> sharing() const {
    std::vector<std::size_t> parent(bank_.size() + ledger_.size());
    std::iota(parent.begin(), parent.end(), 0u);
    auto top = [&](std::size_t at) {
      while (parent[at] != at) at = parent[at] = parent[parent[at]];
      return at;
    };
    std::map<std::string, Places> named;
    for (std::size_t j = 0; j < ledger_.size(); ++j) {
      for (const auto& reference : ledger_[j].references) named[reference].push_back(bank_.size() + j);
    }
    for (std::size_t i = 0; i < bank_.size(); ++i) {
      for (const auto& reference : bank_[i].references) {
        auto at = named.find(reference);
        if (at == named.end()) continue;
        for (std::size_t other : at->second) parent[top(other)] = top(i);
      }
    }
    std::map<std::size_t, std::pair<Places, Places>> groups;
    for (std::size_t i = 0; i < bank_.size(); ++i) groups[top(i)].first.push_back(i);
    for (std::size_t j = 0; j < ledger_.size(); ++j) groups[top(bank_.size() + j)].second.push_back(j);
    std::vector<std::pair<Places, Places>> shared;
    for (auto& [root, sides] : groups) {
      if (!sides.first.empty() && !sides.second.empty()) shared.push_back(std::move(sides));
    }
    return shared;
  }

  void underReference(const Places& left, const Places& right) {
    byAmount(left, right, near_);
    auto sums = [&](const Places& wholes, const Places& parts, bool bankIsWhole) {
      for (std::size_t whole : open(wholes, bankIsWhole ? bankDone_ : ledgerDone_)) {
        const Item& one = (bankIsWhole ? bank_ : ledger_)[whole];
        const auto& items = bankIsWhole ? ledger_ : bank_;
        Places candidates = open(parts, bankIsWhole ? ledgerDone_ : bankDone_);
        std::erase_if(candidates, [&](std::size_t part) { return apart(items[part], one) > near_; });
        auto found = search(items, std::move(candidates), one.amount);
        if (found) bankIsWhole ? add({whole}, *found) : add(*found, {whole});
      }
    };
    sums(right, left, false);
    sums(left, right, true);
    Places leftRest = open(left, bankDone_), rightRest = open(right, ledgerDone_);
    auto dropFar = [&](Places& here, const std::vector<Item>& items, const Places& there,
                       const std::vector<Item>& others) {
      std::erase_if(here, [&](std::size_t at) {
        return std::none_of(there.begin(), there.end(),
                            [&](std::size_t other) { return apart(items[at], others[other]) <= near_; });
      });
    };
    dropFar(rightRest, ledger_, leftRest, bank_);
    dropFar(leftRest, bank_, rightRest, ledger_);
    if (!leftRest.empty() && !rightRest.empty()) add(std::move(leftRest), std::move(rightRest));
  }

  void byAmount(const Places& left, const Places& right, std::int64_t days) {
    std::map<std::int64_t, std::pair<Places, Places>> amounts;
    for (std::size_t i : left) amounts[bank_[i].amount].first.push_back(i);
    for (std::size_t j : right) amounts[ledger_[j].amount].second.push_back(j);
    for (auto& [amount, sides] : amounts) {
      auto& [bank, ledger] = sides;
      std::stable_sort(bank.begin(), bank.end(), [&](auto a, auto b) { return bank_[a].day < bank_[b].day; });
      std::stable_sort(ledger.begin(), ledger.end(), [&](auto a, auto b) { return ledger_[a].day < ledger_[b].day; });
      for (auto [i, j] : NearestPairs(bank_, ledger_, bank, ledger, days).run()) {
        if (days == kAnyDay && !shareReference(bank_[i], ledger_[j])) continue;
        add({i}, {j});
      }
    }
  }

  std::optional<Places> search(const std::vector<Item>& items, Places candidates, std::int64_t target) {
    if (steps_ > kAllSearchSteps) return std::nullopt;
    SubsetSearch one(items, std::move(candidates), target);
    auto found = one.only();
    steps_ += one.steps();
    return found;
  }

  // Without a reference a sum is evidence only while nothing else explains it: no other choice of parts, and no other
  // sum that wants one of them.
  void bySums() {
    std::vector<Group> proposals;
    auto propose = [&](const std::vector<Item>& wholes, const std::vector<char>& wholesDone,
                       const std::vector<Item>& parts, const std::vector<char>& partsDone, bool bankIsWhole) {
      for (std::size_t whole : open(all(wholes), wholesDone)) {
        Places candidates;
        for (std::size_t part : open(all(parts), partsDone)) {
          bool sameSide = (parts[part].amount > 0) == (wholes[whole].amount > 0);
          if (sameSide && apart(parts[part], wholes[whole]) <= days_) candidates.push_back(part);
        }
        auto found = search(parts, std::move(candidates), wholes[whole].amount);
        if (!found) continue;
        Group group;
        (bankIsWhole ? group.bank : group.ledger) = {whole};
        (bankIsWhole ? group.ledger : group.bank) = *found;
        proposals.push_back(std::move(group));
      }
    };
    propose(ledger_, ledgerDone_, bank_, bankDone_, false);
    propose(bank_, bankDone_, ledger_, ledgerDone_, true);
    std::map<std::size_t, int> bankWanted, ledgerWanted;
    for (const Group& one : proposals) {
      for (std::size_t i : one.bank) ++bankWanted[i];
      for (std::size_t j : one.ledger) ++ledgerWanted[j];
    }
    for (Group& one : proposals) {
      bool alone =
          std::all_of(one.bank.begin(), one.bank.end(), [&](std::size_t i) { return bankWanted[i] == 1; }) &&
          std::all_of(one.ledger.begin(), one.ledger.end(), [&](std::size_t j) { return ledgerWanted[j] == 1; });
      if (alone) add(std::move(one.bank), std::move(one.ledger));
    }
  }

  void add(Places bank, Places ledger) {
    std::int64_t difference = 0;
    bool fits = true;
    std::int64_t far = 0;
    for (std::size_t i : bank) {
      fits = !__builtin_add_overflow(difference, bank_[i].amount, &difference) && fits;
      bankDone_[i] = 1;
      for (std::size_t j : ledger) far = std::max(far, apart(bank_[i], ledger_[j]));
    }
    for (std::size_t j : ledger) {
      fits = !__builtin_sub_overflow(difference, ledger_[j].amount, &difference) && fits;
      ledgerDone_[j] = 1;
    }
    auto kind = !fits || difference != 0 ? Group::Kind::Unequal : far > near_ ? Group::Kind::Far : Group::Kind::Equal;
    groups_.push_back({kind, std::move(bank), std::move(ledger)});
  }

  const std::vector<Item>&bank_, &ledger_;
  std::int64_t days_, near_;
  std::vector<char> bankDone_, ledgerDone_;
  std::int64_t steps_ = 0;
  std::vector<Group> groups_;
};

}  // namespace

std::vector<Group> pairUp(const std::vector<Item>& bank, const std::vector<Item>& ledger, std::int64_t days) {
  return Pairing(bank, ledger, days).run();
}

}  // namespace pilotledger::reconcile
