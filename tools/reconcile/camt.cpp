#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "events/base/civil_date.h"
#include "events/base/text.h"
#include "events/money.h"
#include "tools/reconcile/statement.h"

namespace pilotledger::reconcile {
namespace {

Error bad(const std::string& where, const std::string& what, const std::string& whatZh) {
  return invalidInput(fmt::format("camt.053 {}: {}", where, what), fmt::format("camt.053 {}：{}", where, whatZh));
}

struct Amount {
  std::int64_t minor = 0;
  std::uint16_t currency = 0;
};

// <Amt Ccy="EUR">8.85</Amt><CdtDbtInd>DBIT</CdtDbtInd>: debits are negative.
Result<Amount> parseAmount(const pugi::xml_node& node, const std::string& where) {
  auto currency = events::parseCurrency(node.child("Amt").attribute("Ccy").value());
  if (!currency.ok()) return std::move(currency).error().within("camt.053 " + where + " Amt/@Ccy");
  auto minor = events::parseMinor(node.child("Amt").text().get(), events::currencyDigits(*currency));
  if (!minor.ok()) return std::move(minor).error().within("camt.053 " + where + " Amt");
  std::string side = node.child("CdtDbtInd").text().get();
  if (side != "CRDT" && side != "DBIT") {
    return bad(where, "CdtDbtInd: expected CRDT or DBIT, found '" + side + "'",
               "CdtDbtInd 应为 CRDT 或 DBIT，实为“" + side + "”");
  }
  return Amount{side == "DBIT" ? -*minor : *minor, *currency};
}

Result<std::string> parseDay(const pugi::xml_node& node, const std::string& where) {
  std::string text = node.child("Dt") ? node.child("Dt").text().get() : node.child("DtTm").text().get();
  text = text.substr(0, 10);
  auto day = events::parseCivilDate(text);
  if (!day.ok()) return std::move(day).error().within("camt.053 " + where);
  return text;
}

Status addReference(BankEntry& entry, const pugi::xml_node& node) {
  PL_TRY(std::string text, events::identifierSpelling(node.text().get()));
  if (text.empty() || text == "NOTPROVIDED") return {};
  if (std::find(entry.references.begin(), entry.references.end(), text) == entry.references.end())
    entry.references.push_back(text);
  return {};
}

Status addReferences(BankEntry& entry, const pugi::xml_node& node) {
  PL_CHECK(addReference(entry, node.child("AcctSvcrRef")));
  PL_CHECK(addReference(entry, node.child("NtryRef")));
  for (const auto& details : node.children("NtryDtls")) {
    for (const auto& transaction : details.children("TxDtls")) {
      for (const char* name : {"AcctSvcrRef", "EndToEndId", "TxId", "InstrId", "MsgId"}) {
        PL_CHECK(addReference(entry, transaction.child("Refs").child(name)));
      }
    }
  }
  return {};
}

Result<std::string> textOf(const pugi::xml_node& node) {
  std::string all;
  for (const auto& details : node.children("NtryDtls")) {
    for (const auto& transaction : details.children("TxDtls")) {
      for (const auto& text : transaction.child("RmtInf").children("Ustrd"))
        all += (all.empty() ? "" : " ") + std::string(text.text().get());
    }
  }
  return events::textSpelling(all.empty() ? node.child("AddtlNtryInf").text().get() : all);
}

Result<BankEntry> parseEntry(const pugi::xml_node& node, const BankStatement& statement, const std::string& where) {
  BankEntry entry;
  PL_TRY(Amount amount, parseAmount(node, where));
  if (amount.currency != statement.currency) {
    return bad(where,
               fmt::format("expected {}, found {}", events::currencyAlpha(statement.currency),
                           events::currencyAlpha(amount.currency)),
               fmt::format("币种应为 {}，实为 {}", events::currencyAlpha(statement.currency),
                           events::currencyAlpha(amount.currency)));
  }
  entry.amount = amount.minor;
  PL_TRY(entry.date, parseDay(node.child("BookgDt") ? node.child("BookgDt") : node.child("ValDt"), where + " BookgDt"));
  if (auto status = addReferences(entry, node); !status.ok())
    return std::move(status).error().within("camt.053 " + where + " reference");
  auto text = textOf(node);
  if (!text.ok()) return std::move(text).error().within("camt.053 " + where);
  entry.text = std::move(*text);
  return entry;
}

Status parseBalances(const pugi::xml_node& node, BankStatement& statement, const std::string& where) {
  for (const auto& balance : node.children("Bal")) {
    std::string code = balance.child("Tp").child("CdOrPrtry").child("Cd").text().get();
    bool opening = code == "OPBD" || (code == "PRCD" && !statement.opening);
    if (!opening && code != "CLBD") continue;  // available and interim balances assert nothing here
    PL_TRY(Amount amount, parseAmount(balance, where + " " + code));
    if (statement.currency == 0) statement.currency = amount.currency;
    if (amount.currency != statement.currency) {
      return bad(where + " " + code,
                 fmt::format("expected {}, found {}", events::currencyAlpha(statement.currency),
                             events::currencyAlpha(amount.currency)),
                 fmt::format("币种应为 {}，实为 {}", events::currencyAlpha(statement.currency),
                             events::currencyAlpha(amount.currency)));
    }
    PL_TRY(std::string day, parseDay(balance.child("Dt"), where + " " + code));
    (opening ? statement.opening : statement.closing) = amount.minor;
    if (!opening) statement.to = day;
  }
  return {};
}

Result<BankStatement> parseOne(const pugi::xml_node& node) {
  BankStatement statement;
  statement.id = node.child("Id").text().get();
  std::string where = "Stmt " + statement.id;
  auto id = node.child("Acct").child("Id");
  auto account = events::identifierSpelling(id.child("IBAN") ? id.child("IBAN").text().get()
                                                             : id.child("Othr").child("Id").text().get());
  if (!account.ok()) return std::move(account).error().within("camt.053 " + where + " Acct/Id");
  statement.account = std::move(*account);
  if (statement.account.empty()) return bad(where, "no Acct/Id", "没有账号 Acct/Id");
  if (std::string alpha = node.child("Acct").child("Ccy").text().get(); !alpha.empty()) {
    auto currency = events::parseCurrency(alpha);
    if (!currency.ok()) return std::move(currency).error().within("camt.053 " + where + " Acct/Ccy");
    statement.currency = *currency;
  }
  PL_CHECK(parseBalances(node, statement, where));
  if (statement.currency == 0)
    return bad(where, "neither Acct/Ccy nor a booked balance names the currency", "未写明币种");
  std::size_t number = 0;
  for (const auto& child : node.children("Ntry")) {
    auto status = child.child("Sts");
    std::string code = status.child("Cd") ? status.child("Cd").text().get() : status.text().get();
    ++number;
    if (code != "BOOK") continue;  // pending entries have moved nothing yet
    PL_TRY(BankEntry entry, parseEntry(child, statement, fmt::format("{} Ntry {}", where, number)));
    statement.entries.push_back(std::move(entry));
  }
  auto period = node.child("FrToDt");
  statement.from = std::string(period.child("FrDtTm").text().get()).substr(0, 10);
  std::string to = std::string(period.child("ToDtTm").text().get()).substr(0, 10);
  if (!to.empty()) statement.to = std::max(statement.to, to);
  for (const BankEntry& entry : statement.entries) {
    statement.from = statement.from.empty() ? entry.date : std::min(statement.from, entry.date);
    statement.to = std::max(statement.to, entry.date);
  }
  return statement;
}

}  // namespace

Result<std::vector<BankStatement>> parseCamt053(std::string_view xml) {
  if (xml.find("<!DOCTYPE") != xml.npos || xml.find("<!ENTITY") != xml.npos) {
    return invalidInput("camt.053: a document type declaration is refused", "camt.053：不接受文档类型声明");
  }
  pugi::xml_document document;
  auto parsed = document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_auto);
  if (!parsed) {
    return invalidInput(fmt::format("camt.053: not XML at byte {}: {}", parsed.offset, parsed.description()),
                        fmt::format("camt.053：第 {} 字节处不是 XML：{}", parsed.offset, parsed.description()));
  }
  auto root = document.child("Document");
  std::string space = root.attribute("xmlns").value();
  auto body = root.child("BkToCstmrStmt");
  if (!space.starts_with("urn:iso:std:iso:20022:tech:xsd:camt.053.") || !body) {
    return invalidInput("expected a camt.053 document, found namespace '" + space + "'",
                        "应为 camt.053 文件，命名空间实为“" + space + "”");
  }
  std::vector<BankStatement> statements;
  for (const auto& node : body.children("Stmt")) {
    PL_TRY(BankStatement statement, parseOne(node));
    statements.push_back(std::move(statement));
  }
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
