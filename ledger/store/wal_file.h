// The bytes of RocksDB's write-ahead log, as far as an opening must know them: blocks of 32 KiB; in them records, which
// do not cross a block but may be pieces of a larger one: u32 masked CRC-32C of type and data, u16 length, u8 type
// (1 whole, 2 first, 3 middle, 4 last), data; little-endian. What is too short for a header at the end of a block, and
// what was made ready and not written, is zero.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::ledger {

// Where a record of that many bytes of data ends, when it is written after one that ends at `at`.
std::uint64_t walRecordEnd(std::uint64_t at, std::size_t bytes);

// The first file NUMBER.log of the directory, from the first of `ends` on, in which two or more records begin behind
// the end of what was read from it (absent: nothing was), and no record begins there itself; "" when there is none.
//
// A crash leaves at most one: the commit that waited for the disk while the buffered row before it was lost. Two mean
// that what stood before them was stored, acknowledged, and damaged since.
Result<std::string> fileWithRecordsBehind(const std::filesystem::path& directory,
                                          const std::map<std::uint64_t, std::uint64_t>& ends);

}  // namespace pilotledger::ledger
