#include "events/admission.h"

#include <algorithm>
#include <array>

#include "events/base/text.h"
#include "events/codec.h"
#include "events/identifiers.h"
#include "events/ip_number.h"

namespace pilotledger::events {
namespace {

enum class TextClass { Number, Identifier, Free };

TextClass classOf(const Field& field) {
  if (!field.sealed.empty()) return TextClass::Number;
  switch (field.format) {
    case Format::Party:
    case Format::Ip:
    case Format::Division:
    case Format::Decimal:
    case Format::DocNo:
    case Format::Id: return TextClass::Identifier;
    case Format::None:
    case Format::Vkey:
    case Format::Date:
    case Format::Money:
    case Format::Bp:
    case Format::Uuid:
    case Format::Hash:
    case Format::Commitment:
    case Format::Currency: break;
  }
  return TextClass::Free;
}

Result<std::string> spelling(const Field& field, std::string_view text) {
  switch (classOf(field)) {
    case TextClass::Number: return admittedNumber(field, text);
    case TextClass::Identifier: return identifierSpelling(text);
    case TextClass::Free: break;
  }
  return textSpelling(text);
}

// Said without the number.
Status requireNoPerson(std::string_view party) {
  std::string number;
  for (char c : party.substr(party.find(':') + 1)) {
    if (c != ' ' && c != '-') number += c;
  }
  if (!isIdentityCardNumber(number)) return {};
  return invalidInput(
      "this is an identity card number: personal data, and no code of a party; give the social credit code, or a "
      "number that a register gave",
      "此为身份证号，属个人信息，不得作为主体代码；请填写统一社会信用代码或登记机关编号");
}

// "No.", "№" (NFKC: "No") and "发票号码:" before an invoice's number are no part of it.
std::string_view withoutMark(std::string_view number) {
  static constexpr std::array<std::string_view, 7> kMarks = {"发票号码", "发票号", "号码", "NO.", "No.", "no.", "No"};
  for (std::string_view mark : kMarks) {
    if (!number.starts_with(mark)) continue;
    std::string_view rest = number.substr(mark.size());
    while (rest.starts_with(':') || rest.starts_with(' ') || rest.starts_with('.')) rest.remove_prefix(1);
    if (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') return rest;
  }
  return number;
}

// Letters of an invoice's number are printed in capitals; who types them otherwise means the same invoice. What claims
// to be sealed is judged as it is.
std::string invoiceSpelling(std::string_view number) {
  return number.starts_with(kSealedPrefix) ? std::string(number) : upperAscii(number);
}

// 浙财建〔2025〕 61 号 is 浙财建〔2025〕61号; a foreign reference keeps its words apart.
std::string withoutBlanks(std::string text) {
  bool chinese = std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (chinese) std::erase(text, ' ');
  return text;
}

}  // namespace

Result<std::string> admittedText(const Field& field, std::string_view text) {
  PL_TRY(std::string spelled, spelling(field, text));
  if (spelled.empty()) return spelled;
  if (field.format == Format::Party) PL_CHECK(requireNoPerson(spelled));
  if (field.format == Format::DocNo) {
    PL_TRY(spelled, identifierSpelling(withoutBlanks(std::move(spelled))));  // letters that meet may compose
  }
  if (field.format != Format::Ip) return canonicalText(field, spelled);
  PL_TRY(IpNumber read, readIpNumber(spelled));
  return std::move(read.canonical);
}

Result<std::string> admittedNumber(const Field& field, std::string_view text) {
  PL_TRY(std::string spelled, identifierSpelling(text));
  std::string number = field.sealed == "invoice" ? invoiceSpelling(withoutMark(spelled)) : spelled;
  if (number.find(' ') == number.npos) return number;
  // 0330 0000 is one number; "A 7" may be two.
  bool digits = std::all_of(number.begin(), number.end(), [](char c) { return c == ' ' || (c >= '0' && c <= '9'); });
  if (!digits) return invalidInput("a number has no blank inside; write it without", "号码中间不得有空格，请去除空格");
  std::erase(number, ' ');
  return number;
}

}  // namespace pilotledger::events
