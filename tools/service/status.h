// The closed table of failures: what the shell, HTTP and people see of each.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::service {

enum Exit {
  kOk = 0,
  kNo = 1,       // the answer is "no": verification failed, findings of the asked severity
  kUsage = 2,    // bad usage
  kRefused = 3,  // input refused
  kNotFound = 4,
  kDamage = 5,
  kUnavailable = 6,  // busy, locked, disk full, no permission
};

struct StatusRow {
  ErrorCode code;
  std::string_view name;  // stable, for JSON
  int exit;
  int http;
  std::string_view en;
  std::string_view zh;
};

std::span<const StatusRow> statusTable();
const StatusRow& statusOf(ErrorCode code);

// The one form in which people see an error, several lines, newline at the end.
std::string describe(const Error& error, Language language);
// The same as one JSON object on one line.
std::string describeJson(const Error& error);

}  // namespace pilotledger::service
