#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/money.h"
#include "tools/import/xml.h"
#include "tools/reconcile/statement.h"

namespace pilotledger::reconcile {
namespace {

using import::XmlNode;

Error bad(const std::string& where, const std::string& what, const std::string& whatZh) {
  return invalidInput(fmt::format("camt.053 {}: {}", where, what), fmt::format("camt.053 {}：{}", where, whatZh));
}

struct Amount {
  std::int64_t minor = 0;
  std::uint16_t currency = 0;
};

// <Amt Ccy="EUR">8.85</Amt><CdtDbtInd>DBIT</CdtDbtInd>: debits are negative. The sign is the indicator's alone.
Result<Amount> parseAmount(const XmlNode& node, const std::string& where) {
  auto currency = events::parseCurrency(node.at("Amt").attribute("Ccy"));
  if (!currency.ok()) return std::move(currency).error().within("camt.053 " + where + " Amt/@Ccy");
  auto minor = events::parseXmlDecimal(node.at("Amt").text, events::currencyDigits(*currency));
  if (!minor.ok()) return std::move(minor).error().within("camt.053 " + where + " Amt");
  if (*minor < 0)
    return bad(where, "Amt: expected no sign, since CdtDbtInd says the side, found " + node.at("Amt").text,
               "Amt 不应带符号（借贷方向由 CdtDbtInd 表示），实为 " + node.at("Amt").text);
  const std::string& side = node.at("CdtDbtInd").text;
  if (side != "CRDT" && side != "DBIT") {
    return bad(where, "CdtDbtInd: expected CRDT or DBIT, found '" + side + "'",
               "CdtDbtInd 应为 CRDT 或 DBIT，实为“" + side + "”");
  }
  return Amount{side == "DBIT" ? -*minor : *minor, *currency};
}

// "2026-03-05T20:00:00.000Z" without its fraction of a second.
std::string withoutFraction(std::string text) {
  if (text.size() > 19 && text[19] == '.') text.erase(19, text.find_first_not_of("0123456789", 20) - 19);
  return text;
}

// The day of <Dt>, as written, or of <DtTm>: an instant with a zone has its day in UTC+8, one without is local.
Result<std::string> dayOf(const std::string& written, const std::string& where) {
  std::string text = withoutFraction(written);
  std::string day = text.substr(0, 10);
  bool zoned = text.size() > 19 && text.find_first_of("Z+-", 19) != text.npos;
  if (zoned) {
    auto instant = events::parseInstant(text);
    if (!instant.ok()) return std::move(instant).error().within("camt.053 " + where);
    return events::formatCivilDate(events::civilDateOfUtcMs(*instant));
  }
  auto known = events::parseCivilDate(day);
  if (!known.ok()) return std::move(known).error().within("camt.053 " + where);
  if (text.size() > 10 && std::string_view("TZ+-").find(text[10]) == std::string_view::npos)
    return bad(where, "expected a date or an instant, found '" + text + "'", "应为日期或时刻，实为“" + text + "”");
  return day;
}

Result<std::string> parseDay(const XmlNode& node, const std::string& where) {
  return dayOf(node.has("Dt") ? node.at("Dt").text : node.at("DtTm").text, where);
}

// A period that ends as a day begins ends with the day before.
Result<std::string> lastDay(const std::string& written, const std::string& where) {
  std::string text = withoutFraction(written);
  PL_TRY(std::string day, dayOf(text, where));
  auto instant = events::parseInstant(text);
  constexpr std::int64_t kDay = 86'400'000, kChina = 8 * 3'600'000;
  bool midnight = instant.ok() ? (*instant + kChina) % kDay == 0 : text.substr(10) == "T00:00:00";
  if (!midnight) return day;
  PL_TRY(std::int32_t date, events::parseCivilDate(day));
  return events::formatCivilDate(events::addDays(date, -1));
}

Status addReference(BankEntry& entry, const XmlNode& node) {
  PL_TRY(std::string text, events::identifierSpelling(node.text));
  if (text.empty() || text == "NOTPROVIDED") return {};
  if (std::find(entry.references.begin(), entry.references.end(), text) == entry.references.end())
    entry.references.push_back(text);
  return {};
}

Status addReferences(BankEntry& entry, const XmlNode& node) {
  PL_CHECK(addReference(entry, node.at("AcctSvcrRef")));
  PL_CHECK(addReference(entry, node.at("NtryRef")));
  for (const XmlNode* details : node.all("NtryDtls")) {
    for (const XmlNode* transaction : details->all("TxDtls")) {
      for (const char* name : {"Refs/AcctSvcrRef", "Refs/EndToEndId", "Refs/TxId", "Refs/InstrId", "Refs/MsgId"}) {
        PL_CHECK(addReference(entry, transaction->at(name)));
      }
    }
  }
  return {};
}

Result<std::string> textOf(const XmlNode& node) {
  std::string all;
  for (const XmlNode* details : node.all("NtryDtls")) {
    for (const XmlNode* transaction : details->all("TxDtls")) {
      for (const XmlNode* text : transaction->at("RmtInf").all("Ustrd")) all += (all.empty() ? "" : " ") + text->text;
    }
  }
  return events::textSpelling(all.empty() ? node.at("AddtlNtryInf").text : all);
}

Error otherCurrency(const std::string& where, std::uint16_t expected, std::uint16_t found) {
  std::string_view one = events::currencyAlpha(expected), other = events::currencyAlpha(found);
  return bad(where, fmt::format("expected {}, found {}", one, other), fmt::format("币种应为 {}，实为 {}", one, other));
}

Result<BankEntry> parseEntry(const XmlNode& node, const BankStatement& statement, const std::string& where) {
  BankEntry entry;
  PL_TRY(Amount amount, parseAmount(node, where));
  if (amount.currency != statement.currency) return otherCurrency(where, statement.currency, amount.currency);
  entry.amount = amount.minor;
  PL_TRY(entry.date, parseDay(node.has("BookgDt") ? node.at("BookgDt") : node.at("ValDt"), where + " BookgDt"));
  if (auto status = addReferences(entry, node); !status.ok())
    return std::move(status).error().within("camt.053 " + where + " reference");
  auto text = textOf(node);
  if (!text.ok()) return std::move(text).error().within("camt.053 " + where);
  entry.text = std::move(*text);
  return entry;
}

// The booked balances of a statement: the earliest that opens and the latest that closes it. Available and interim
// ones assert nothing here.
struct Balances {
  struct Dated {
    std::string day;
    std::int64_t amount = 0;
  };
  std::optional<Dated> opening, previous, closing;

  // False when another of the same day says another amount.
  static bool keep(std::optional<Dated>& kept, Dated one, bool later) {
    if (kept && kept->day == one.day) return kept->amount == one.amount;
    if (!kept || (later ? one.day > kept->day : one.day < kept->day)) kept = std::move(one);
    return true;
  }
};

Result<Balances> parseBalances(const XmlNode& node, BankStatement& statement, const std::string& where) {
  Balances balances;
  for (const XmlNode* balance : node.all("Bal")) {
    std::string code = balance->at("Tp/CdOrPrtry/Cd").text;
    if (code != "OPBD" && code != "PRCD" && code != "CLBD") continue;
    PL_TRY(Amount amount, parseAmount(*balance, where + " " + code));
    if (statement.currency == 0) statement.currency = amount.currency;
    if (amount.currency != statement.currency)
      return otherCurrency(where + " " + code, statement.currency, amount.currency);
    PL_TRY(std::string day, parseDay(balance->at("Dt"), where + " " + code));
    auto& kept = code == "OPBD" ? balances.opening : code == "PRCD" ? balances.previous : balances.closing;
    if (!Balances::keep(kept, {day, amount.minor}, code == "CLBD"))
      return bad(where + " " + code, "two balances of " + day + " that differ", day + " 有两个不同的余额");
  }
  return balances;
}

// The days: what the bank states, else those of its balances (a previous closing balance is that of the day before).
Status takePeriod(const XmlNode& node, const Balances& balances, BankStatement& statement, const std::string& where) {
  const auto& opening = balances.opening ? balances.opening : balances.previous;
  if (opening) {
    statement.opening = opening->amount;
    statement.openingDay = opening->day;
  }
  if (balances.closing) {
    statement.closing = balances.closing->amount;
    statement.closingDay = balances.closing->day;
  }
  std::string from = node.at("FrToDt/FrDtTm").text, to = node.at("FrToDt/ToDtTm").text;
  if (!from.empty() && !to.empty()) {
    PL_TRY(statement.from, dayOf(from, where + " FrDtTm"));
    PL_TRY(statement.to, lastDay(to, where + " ToDtTm"));
    statement.to = std::max(statement.to, statement.from);
    statement.period = PeriodSource::Stated;
  } else if (opening && balances.closing) {
    PL_TRY(std::int32_t first, events::parseCivilDate(opening->day));
    bool dayBefore = !balances.opening && opening->day < balances.closing->day;
    statement.from = events::formatCivilDate(dayBefore ? events::addDays(first, 1) : first);
    statement.to = balances.closing->day;
    statement.period = PeriodSource::Balances;
  } else if (opening) {
    statement.from = opening->day;
  } else if (balances.closing) {
    statement.to = balances.closing->day;
  }
  if (!statement.from.empty() && !statement.to.empty() && statement.from > statement.to)
    return bad(where, fmt::format("begins on {}, after it ends on {}", statement.from, statement.to),
               fmt::format("起始日 {} 晚于截止日 {}", statement.from, statement.to));
  return {};
}

Result<std::string> accountOf(const XmlNode& node, const std::string& where) {
  const XmlNode& id = node.at("Acct/Id");
  auto account = events::identifierSpelling(id.has("IBAN") ? id.at("IBAN").text : id.at("Othr/Id").text);
  if (!account.ok()) return std::move(account).error().within("camt.053 " + where + " Acct/Id");
  if (account->empty()) return bad(where, "no Acct/Id", "没有账号 Acct/Id");
  return account;
}

// The entry takes another back; its own side is that of CdtDbtInd (ISO 20022, ReversalIndicator).
Result<bool> isReversal(const XmlNode& node, const std::string& where) {
  const std::string& text = node.at("RvslInd").text;
  if (text == "true" || text == "1") return true;
  if (text.empty() || text == "false" || text == "0") return false;
  return bad(where, "RvslInd: expected true or false, found '" + text + "'",
             "RvslInd 应为 true 或 false，实为“" + text + "”");
}

Status takeEntries(const XmlNode& node, BankStatement& statement, const std::string& where) {
  std::size_t number = 0, undeclared = 0, zero = 0, reversals = 0;
  std::map<std::string, std::size_t> left;
  for (const XmlNode* child : node.all("Ntry")) {
    std::string at = fmt::format("{} Ntry {}", where, ++number);
    const XmlNode& status = child->at("Sts");
    std::string code = status.has("Cd") ? status.at("Cd").text : status.text;
    if (code == "PDNG" || code == "INFO" || code == "FUTR") {
      ++left[code];  // have moved nothing yet
      continue;
    }
    if (code.empty()) ++undeclared;
    if (!code.empty() && code != "BOOK")
      return bad(at, "Sts: expected BOOK, PDNG, INFO or FUTR, found '" + code + "'",
                 "Sts 应为 BOOK、PDNG、INFO 或 FUTR，实为“" + code + "”");
    PL_TRY(BankEntry entry, parseEntry(*child, statement, at));
    PL_TRY(bool reversal, isReversal(*child, at));
    if (reversal) ++reversals;
    if (entry.amount == 0) {
      ++zero;
      continue;
    }
    statement.entries.push_back(std::move(entry));
  }
  auto remark = [&](std::size_t count, const std::string& en, const std::string& zh) {
    if (count > 0) statement.remarks.push_back({fmt::format("{} {}", count, en), fmt::format("{} {}", count, zh)});
  };
  remark(undeclared, "entries state no status and are taken as booked", "笔未写明状态，按已入账处理");
  remark(reversals, "entries are reversals of the bank (RvslInd); their side is as CdtDbtInd says",
         "笔为银行冲正（RvslInd），借贷方向以 CdtDbtInd 为准");
  remark(zero, "entries of 0 left out: they move nothing", "笔金额为零，不参与核对");
  for (const auto& [code, count] : left)
    remark(count, "entries left out: status " + code, "笔状态为 " + code + "，未入账，不参与核对");
  return {};
}

Status takePage(const XmlNode& node, BankStatement& statement, const std::string& where) {
  const XmlNode& pages = node.has("StmtPgntn") ? node.at("StmtPgntn") : node.at("StmtPgtn");
  const std::string& text = pages.at("PgNb").text;
  const std::string& last = pages.at("LastPgInd").text;
  if (text.empty()) return {};
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), statement.page);
  if (failed != std::errc() || end != text.data() + text.size() || statement.page == 0)
    return bad(where, "PgNb: expected a number from 1, found '" + text + "'",
               "PgNb 应为从 1 起的数字，实为“" + text + "”");
  statement.lastPage = last != "false" && last != "0";
  return {};
}

Result<BankStatement> parseOne(const XmlNode& node) {
  BankStatement statement;
  PL_TRY(statement.id, events::textSpelling(node.at("Id").text));
  std::string where = "Stmt " + statement.id;
  PL_TRY(statement.account, accountOf(node, where));
  if (const std::string& alpha = node.at("Acct/Ccy").text; !alpha.empty()) {
    auto currency = events::parseCurrency(alpha);
    if (!currency.ok()) return std::move(currency).error().within("camt.053 " + where + " Acct/Ccy");
    statement.currency = *currency;
  }
  PL_TRY(Balances balances, parseBalances(node, statement, where));
  if (statement.currency == 0) {
    auto currency = events::parseCurrency(node.at("Ntry/Amt").attribute("Ccy"));
    if (!currency.ok())
      return bad(where, "neither Acct/Ccy nor a balance nor an entry names the currency", "未写明币种");
    statement.currency = *currency;
  }
  PL_CHECK(takePage(node, statement, where));
  PL_CHECK(takePeriod(node, balances, statement, where));
  PL_CHECK(takeEntries(node, statement, where));
  return statement;
}

constexpr std::string_view kSpace = "urn:iso:std:iso:20022:tech:xsd:";

// Wherever in an envelope they stand. A statement of another kind, or of no known namespace, is refused, not passed by.
Status collect(const XmlNode& node, std::vector<BankStatement>& statements, bool& found) {
  if (node.name == "BkToCstmrStmt" || node.name == "BkToCstmrAcctRpt" || node.name == "BkToCstmrDbtCdtNtfctn") {
    if (!node.space.starts_with(std::string(kSpace) + "camt.053."))
      return invalidInput("expected a camt.053 document, found namespace '" + node.space + "'",
                          "应为 camt.053 文件，命名空间实为“" + node.space + "”");
    found = true;
    for (const XmlNode* child : node.all("Stmt")) {
      PL_TRY(BankStatement statement, parseOne(*child));
      statements.push_back(std::move(statement));
    }
    return {};
  }
  for (const XmlNode& child : node.children) PL_CHECK(collect(child, statements, found));
  return {};
}

}  // namespace

Status refuseOtherFormats(std::string_view text) {
  std::size_t from = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  std::string_view head = from == text.npos ? std::string_view() : text.substr(from, 400);
  bool swift = head.starts_with("{1:F") || head.starts_with(":20:") || head.find("\n:25:") != head.npos;
  if (swift)
    return invalidInput("MT940 is not read: ask the bank for camt.053, which replaces it, or for CSV",
                        "不支持 MT940：请向银行索取替代它的 camt.053，或 CSV");
  if (head.starts_with("OFXHEADER") || head.starts_with("<OFX"))
    return invalidInput("OFX is not read: ask the bank for camt.053 or CSV",
                        "不支持 OFX：请向银行索取 camt.053 或 CSV");
  if (head.starts_with("%PDF"))
    return invalidInput("PDF is not read: ask the bank for camt.053 or CSV",
                        "不支持 PDF：请向银行索取 camt.053 或 CSV");
  return {};
}

Result<std::vector<BankStatement>> parseCamt053(std::string_view xml) {
  PL_CHECK(refuseOtherFormats(xml));
  auto root = import::parseXml(xml);
  if (!root.ok()) return std::move(root).error().within("camt.053");
  std::vector<BankStatement> statements;
  bool found = false;
  PL_CHECK(collect(*root, statements, found));
  if (!found)
    return invalidInput("expected a camt.053 document, found <" + root->name + "> of namespace '" + root->space + "'",
                        "应为 camt.053 文件，实为 <" + root->name + ">，命名空间“" + root->space + "”");
  if (statements.empty()) return bad("BkToCstmrStmt", "no Stmt: it states nothing", "没有 Stmt，未陈述任何账户");
  return statements;
}

Result<BankStatement::Tally> BankStatement::tally() const {
  Tally tally;
  for (const BankEntry& entry : entries) {
    if (__builtin_add_overflow(tally.moved, entry.amount, &tally.moved))
      return invalidInput("statement " + id + ": amounts overflow", "对账单 " + id + "：金额溢出");
  }
  std::int64_t expected = 0;
  if (opening && closing)
    tally.adds = !__builtin_add_overflow(*opening, tally.moved, &expected) && expected == *closing;
  return tally;
}

}  // namespace pilotledger::reconcile
