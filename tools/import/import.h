// A file of somebody else's records into the ledger: mapped by rules, recorded in batches of
// whole records, rejects set aside with their reason, nothing lost and nothing recorded twice.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.h"
#include "tools/import/mapper.h"

namespace pilotledger::import {

struct ImportOptions {
  std::size_t batch = 1000;                                               // events per submission
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  // records; may be empty
  std::function<Result<Bytes>(const events::Event&)> seal;           // an event as it goes to the log; may be empty
  std::function<Result<std::string>(const std::string&)> entityKey;  // "invoice:1" as the log names it; may be empty
  std::function<Status()> beforeSubmit;                              // what must be on disk before it; may be empty
  std::function<Status(const events::Event&)> recorded;              // of each event that the ledger took; may be empty
};

struct Reject {
  std::size_t line = 0;
  std::string column;
  Message reason;
  std::string rule;
  std::string row;  // as found
};

// What was recorded of one kind: to compare with the totals of the source.
struct Tally {
  std::string kind;
  std::string currency;
  std::uint64_t events = 0;
  std::uint64_t zeros = 0;                      // events without the amount that makes them, as the rules let them be
  std::map<std::string, std::int64_t> amounts;  // by money field, minor units
};

struct ImportReport {
  std::uint64_t records = 0;
  std::uint64_t rejected = 0;
  std::uint64_t recorded = 0;            // events
  std::uint64_t repeated = 0;            // events that were there already
  std::map<std::string, Tally> tallies;  // by kind and currency; recorded and repeated
  std::vector<Reject> rejects;
  std::vector<Reject> dropped;  // personal data that were left out of records that were taken; the rows are not shown
  std::vector<Reject> leftOut;  // events, of records that were taken, that need what the ledger does not hold
};

// The ledger's own failures stop it (Corruption, Unavailable); a refused record is a reject.
Result<ImportReport> importRecords(ledger::Ledger& ledger, const Mapper& mapper,
                                   std::span<const crypto::SigningKey> keys, const ImportOptions& options);

// A rejects file begins with this line.
inline constexpr std::string_view kRejectsHeader = "line,column,rule,reason,row";
std::string rejectsCsv(const std::vector<Reject>& rejects, bool zh);

}  // namespace pilotledger::import
