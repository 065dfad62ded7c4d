// What the machine can do, without any of our own layers in between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

namespace pilotledger::bench {

double verifiesPerSecond();  // Ed25519 (libsodium), one core, 200-byte messages
double signsPerSecond();
double nodeHashesPerSecond();                                   // SHA-256 of 65 bytes with a kept context, one core
double syncsPerSecond(const std::filesystem::path& directory);  // fdatasync of 4 KiB, preallocated file
// Batches of `events` values of `bytes` each into one column family, synced; events a second.
double rocksBatchesPerSecond(const std::filesystem::path& directory, std::size_t events, std::size_t bytes,
                             std::size_t batches);
// Plain inserts of `rows` rows of an entry's size into one table of a file, not synced; rows a second of CPU time.
double sqliteRowsPerSecond(const std::filesystem::path& directory, std::size_t rows);
// GROUP BY over a plain table of `rows` receipts, best of three, seconds.
double sqliteGroupBySeconds(std::size_t rows);

}  // namespace pilotledger::bench
