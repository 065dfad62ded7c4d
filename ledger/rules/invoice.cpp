#include "ledger/rules/invoice.h"

#include "events/base/text.h"
#include "events/codec.h"

namespace pilotledger::ledger::rules {
namespace {

constexpr std::string_view kIdentity = "identity";

void append(std::string& out, std::string_view part) {
  for (char c : part) {
    if (c == '%') out += "%25";
    else if (c == '/') out += "%2F";
    else if (c != ' ') out += c;
  }
}

// From edition 4 on letters of code and number count as their capitals; a pseudonym is of one spelling already.
std::string identityIn(int edition, std::string_view seller, std::string_view code, std::string_view number) {
  if (edition < 4) return invoiceIdentity(seller, code, number);
  std::string capital = events::isSealed(number) ? std::string(number) : events::upperAscii(number);
  return invoiceIdentity(seller, events::upperAscii(code), capital);
}

}  // namespace

std::string invoiceIdentity(std::string_view seller, std::string_view code, std::string_view number) {
  std::string name;
  append(name, seller);
  name += '/';
  append(name, code);
  name += '/';
  append(name, number);
  return name;
}

Result<CountedInvoice> countedInvoice(RuleContext& context, EntityRecord& user, std::string_view seller,
                                      events::schema::Invoice::Reader invoice) {
  std::string_view number = invoice.getNumber().cStr();
  if (number.empty()) return CountedInvoice{};
  if (context.undoing) {
    std::string counted(user.get(kIdentity));
    return counted.empty() ? CountedInvoice{std::string(number)} : CountedInvoice{std::move(counted), true};
  }
  if (context.edition < 3) return CountedInvoice{std::string(number)};
  CountedInvoice counted{identityIn(context.edition, seller, invoice.getCode().cStr(), number), true};
  user.set(kIdentity, counted.name);
  PL_TRY(EntityRecord * shared, context.edit("invoice", number));
  shared->insert(kIdentity, counted.name);
  return counted;
}

}  // namespace pilotledger::ledger::rules
