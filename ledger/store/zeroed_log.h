// A file system for RocksDB that fills its write-ahead log with zeros ahead of the small writes, so
// that syncing them writes data only and no change of the file's length: a third of the time.
// RocksDB reads the zeros that a killed process leaves behind as the end of the log.
#pragma once

#include <rocksdb/env.h>

namespace pilotledger::ledger {

// For the life of the process; thread-safe.
rocksdb::Env* zeroedLogEnv();

}  // namespace pilotledger::ledger
