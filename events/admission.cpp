#include "events/admission.h"

#include "events/base/text.h"
#include "events/codec.h"
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
    case TextClass::Number: return admittedNumber(text);
    case TextClass::Identifier: return identifierSpelling(text);
    case TextClass::Free: break;
  }
  return textSpelling(text);
}

}  // namespace

Result<std::string> admittedText(const Field& field, std::string_view text) {
  PL_TRY(std::string spelled, spelling(field, text));
  if (spelled.empty()) return spelled;
  if (field.format != Format::Ip) return canonicalText(field, spelled);
  PL_TRY(IpNumber read, readIpNumber(spelled));
  return std::move(read.canonical);
}

Result<std::string> admittedNumber(std::string_view text) {
  PL_TRY(std::string spelled, identifierSpelling(text));
  if (spelled.find(' ') == spelled.npos) return spelled;
  return invalidInput("a number has no blank inside; write it without", "号码中间不得有空格，请去除空格");
}

}  // namespace pilotledger::events
