// What SQL that others write may use: how much, and which functions. What is not listed is refused by
// name, so that nothing a later library adds can be called before somebody has looked at it.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::query {

struct SqlLimits {
  std::chrono::milliseconds time{60'000};    // from the first row asked for to the last one
  std::size_t memoryBytes = 256u << 20;      // of the engine, for this statement
  std::size_t temporaryBytes = 1024u << 20;  // written to files of sorts and of results in between
  std::size_t rows = 1'000'000;              // of the result
  std::size_t resultBytes = 256u << 20;      // of the result's values
};

inline constexpr std::size_t kMaxForeignSql = 100'000;  // bytes of a statement

bool isListedFunction(std::string_view name);  // in any case of letters
Error functionRefused(std::string_view name);
// A statement that needs more than a limit.
Error beyondLimit(std::string_view en, std::string_view zh);
Error beyondTime(const SqlLimits& limits);
// Before an engine reads it.
Status requireShortSql(std::string_view sql);

}  // namespace pilotledger::query
