// The postings as a plain-text journal that hledger or beancount reads: the same books, checked by
// programs that know nothing of us.
#pragma once

#include <string>

#include "events/base/result.h"
#include "query/answer/query.h"

namespace pilotledger::query {

enum class JournalKind { Hledger, Beancount };

// Every account and commodity is declared, every amount explicit; a transaction an entry, on its
// legal date, with the entry's index as tag or metadata. Accounts are CLASS:BOOKS:ACCOUNT in the
// spelling that both programs take. Same position, same bytes.
Result<std::string> writeJournal(ReadModel& model, const AsOf& at, const std::string& origin, JournalKind kind);

}  // namespace pilotledger::query
