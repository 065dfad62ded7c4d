#include "ledger/proof/ledger_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "events/base/text.h"
#include "ledger/tlog/note.h"
#include "ledger/tlog/rejection.h"

namespace pilotledger::proof {
namespace {

constexpr std::string_view kParentWord = "parent", kLedgerWord = "ledger";

Error badList(std::size_t line, std::string_view en, std::string_view zh) {
  return rejected("BadFormat", fmt::format("list of ledgers, line {}: {}", line, en),
                  fmt::format("账本名录第 {} 行：{}", line, zh));
}

std::string_view takeWord(std::string_view& line) {
  std::size_t space = std::min(line.find(' '), line.size());
  std::string_view word = line.substr(0, space);
  line.remove_prefix(std::min(space + 1, line.size()));
  return word;
}

bool plainText(std::string_view text) {
  return !text.empty() && text.size() <= kMaxListedText && text.front() != ' ' && text.back() != ' ' &&
         events::checkText(text).ok();
}

// "ORIGIN VKEY URL NAME…"
Result<ListedLedger> parseListed(std::string_view rest, std::size_t line) {
  std::string_view origin = takeWord(rest), vkey = takeWord(rest), url = takeWord(rest);
  auto key = crypto::VerifyKey::parse(vkey);
  if (!key.ok()) return badList(line, key.error().message.en, key.error().message.zh);
  if (key->name() != origin || key->vkey() != vkey)
    return badList(line, fmt::format("the key is not one of {}", events::shortened(origin)), "密钥名称与账本名称不符");
  if (!plainText(url) || !plainText(rest))
    return badList(line, fmt::format("expected an address and a name of at most {} bytes each", kMaxListedText),
                   fmt::format("应有地址与名称，各不超过 {} 字节", kMaxListedText));
  return ListedLedger{*std::move(key), std::string(url), std::string(rest)};
}

Status addLine(LedgerList& list, std::string_view text, std::size_t line) {
  std::string_view word = takeWord(text);
  if (word != kParentWord && word != kLedgerWord)
    return badList(line, "expected 'ledger ORIGIN VKEY URL NAME' or 'parent …'", "应为“ledger 账本 公钥 地址 名称”");
  PL_TRY(ListedLedger listed, parseListed(text, line));
  if (word == kLedgerWord) {
    if (list.ledgers.size() == kMaxListedLedgers)
      return badList(line, fmt::format("more than {} ledgers", kMaxListedLedgers), "账本数量超限");
    list.ledgers.push_back(std::move(listed));
    return {};
  }
  if (list.parent) return badList(line, "a second parent", "重复的上级账本");
  list.parent = std::move(listed);
  return {};
}

// Two lines that mean one ledger would count one answer twice.
Status requireDistinct(const LedgerList& list) {
  if (list.ledgers.empty()) return rejected("BadFormat", "the list names no ledger", "名录中没有账本");
  std::set<std::string_view> origins, places;
  auto isNew = [&](const ListedLedger& one) {
    return origins.insert(one.origin()).second && places.insert(one.url).second;
  };
  bool distinct = std::all_of(list.ledgers.begin(), list.ledgers.end(), isNew) && (!list.parent || isNew(*list.parent));
  if (!distinct) return rejected("BadFormat", "a ledger or an address is listed twice", "账本或地址重复列名");
  return {};
}

std::string lineOf(std::string_view word, const ListedLedger& one) {
  return fmt::format("{} {} {} {} {}\n", word, one.origin(), one.key.vkey(), one.url, one.name);
}

}  // namespace

std::string LedgerList::text() const {
  std::string out(kLedgerListMagic);
  out += '\n';
  if (parent) out += lineOf(kParentWord, *parent);
  for (const ListedLedger& one : ledgers) out += lineOf(kLedgerWord, one);
  return out;
}

Result<LedgerList> LedgerList::parse(std::string_view text) {
  LedgerList list;
  std::size_t line = 0;
  for (std::string_view rest = text; !rest.empty(); ++line) {
    std::size_t end = rest.find('\n');
    std::string_view one = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    if (line > 0) {
      PL_CHECK(addLine(list, one, line + 1));
    } else if (one != kLedgerListMagic) {
      return badList(1, fmt::format("expected {}", kLedgerListMagic), fmt::format("应为 {}", kLedgerListMagic));
    }
  }
  PL_CHECK(requireDistinct(list));
  auto before = [](const ListedLedger& a, const ListedLedger& b) { return a.origin() < b.origin(); };
  if (!std::is_sorted(list.ledgers.begin(), list.ledgers.end(), before) || list.text() != text)
    return rejected("NotCanonical", "the list is spelled in another way than lists are written", "名录写法不规范");
  return list;
}

Result<LedgerList> LedgerList::parseDraft(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  LedgerList list;
  std::size_t number = 0;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, std::min(end, text.find('#')));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    std::size_t first = line.find_first_not_of(kBlanks);
    if (first == line.npos) continue;
    line = line.substr(first, line.find_last_not_of(kBlanks) + 1 - first);
    if (line != kLedgerListMagic) PL_CHECK(addLine(list, line, number));
  }
  auto before = [](const ListedLedger& a, const ListedLedger& b) { return a.origin() < b.origin(); };
  std::sort(list.ledgers.begin(), list.ledgers.end(), before);
  PL_CHECK(requireDistinct(list));
  return list;
}

const ListedLedger* LedgerList::find(std::string_view origin) const {
  for (const ListedLedger& one : ledgers) {
    if (one.origin() == origin) return &one;
  }
  return nullptr;
}

Result<LedgerList> openLedgerList(std::string_view text, const crypto::VerifyKey& authority) {
  auto note = Note::parse(text);
  if (!note.ok()) return rejectedBy("BadFormat", std::move(note).error().within("list of ledgers", "账本名录"));
  if (note->serialize() != text)
    return rejected("NotCanonical", "the list is spelled in another way than lists are written", "名录写法不规范");
  Status signedBy = verifyNote(*note, authority);
  if (!signedBy.ok() && signedBy.error().code == ErrorCode::NotFound) {
    std::string name = fmt::format("{}+{}", authority.name(), authority.idHex());
    return rejected("UnknownKey", "the list is not signed by " + name, "名录没有密钥 " + name + " 的签名");
  }
  if (!signedBy.ok()) return rejectedBy("BadSignature", std::move(signedBy).error());
  return LedgerList::parse(note->text);
}

Result<LedgerList> readLedgerList(std::string_view text) {
  auto note = Note::parse(text);
  if (!note.ok()) return rejectedBy("BadFormat", std::move(note).error().within("list of ledgers", "账本名录"));
  return LedgerList::parse(note->text);
}

}  // namespace pilotledger::proof
