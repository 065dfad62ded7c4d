// Which invoice it is that amounts are counted on. Until the third edition the number alone; since then seller, code
// and number, for two suppliers both have an invoice 00000001; from the fourth on whether in small or capital letters.
// What was counted under one name is taken back under that name: the record that used the invoice keeps it. The record
// of the number lists the invoices that have it, and what was claimed on all of them.
#pragma once

#include <string>
#include <string_view>

#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {

// Seller, code and number as one name, blanks left out; no two different ones share it. `seller` is a party id, or a
// name where there is none.
std::string invoiceIdentity(std::string_view seller, std::string_view code, std::string_view number);

struct CountedInvoice {
  std::string name;  // "": the event speaks of none
  bool bySeller = false;
  // The record of all receipts on it, and that of one award's claims.
  std::string receipts() const { return entityKey(bySeller ? "billed" : "invoice", name); }
  std::string claim(std::string_view award) const {
    return entityKey(bySeller ? "claimed" : "claim", std::string(award) + "/" + name);
  }
};

// As the event is counted: by `user`, the record of the expenditure or receipt itself, when it is being taken back.
Result<CountedInvoice> countedInvoice(RuleContext& context, EntityRecord& user, std::string_view seller,
                                      events::schema::Invoice::Reader invoice);

}  // namespace pilotledger::ledger::rules
