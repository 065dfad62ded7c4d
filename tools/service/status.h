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

// What HTTP alone can be wrong about, before any use case is asked.
struct TransportRow {
  int http;
  std::string_view name;
  int exit;  // of a client that gets it
  std::string_view en;
  std::string_view zh;
};
std::span<const TransportRow> transportTable();
// One that the table does not have is BadRequest below 500, else Internal.
const TransportRow& transportOf(int http);

// The one form in which people see an error, several lines, newline at the end.
std::string describe(const Error& error, Language language);
// The same as one JSON object on one line.
std::string describeJson(const Error& error);

}  // namespace pilotledger::service
