// How RocksDB is set up for a ledger, and its failures in our words. For the files of this room.
#pragma once

#include <rocksdb/options.h>
#include <rocksdb/status.h>

#include <memory>
#include <string>

#include "events/base/result.h"
#include "ledger/store/layout.h"

namespace rocksdb {
class Cache;
}

namespace pilotledger::ledger {

// Corruption where RocksDB finds damage or misses a file, Unavailable for the rest; `doing` comes first.
Error fromStatus(const rocksdb::Status& status, const std::string& doing);
rocksdb::ColumnFamilyOptions familyOptions(layout::Family family, const std::shared_ptr<rocksdb::Cache>& cache);
rocksdb::DBOptions databaseOptions();

}  // namespace pilotledger::ledger
