// The ledger's content as files that other programs read without us.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "events/base/result.h"
#include "ledger/ledger.h"
#include "query/answer/query.h"

namespace pilotledger::query {

using FileWriter = std::function<Status(const std::string& path, std::string_view bytes)>;

// A Frictionless data package: data/TABLE.csv of every fact table that has rows, the postings, and
// datapackage.json (last) with schemas, SHA-256 hashes, the position and the signed checkpoint.
Status writeDataPackage(const ledger::Ledger& ledger, ReadModel& model, const AsOf& at, const FileWriter& write);

// For audit software: books, chart of accounts, balances by period, vouchers, parties; mapping.csv
// names each column's counterpart in GB/T 24589.1 and ISO 21378. Those names are from memory of
// the standards, and each line says so until somebody compares it with the text.
Status writeAuditPackage(const ledger::Ledger& ledger, ReadModel& model, const AsOf& at, const FileWriter& write);

// One SQLite file: fact tables as of that position, postings, reversals, and a table `checkpoint`.
// Conflict when the file is there.
Status writeSqlite(const ledger::Ledger& ledger, ReadModel& model, const AsOf& at, const std::filesystem::path& path);

}  // namespace pilotledger::query
