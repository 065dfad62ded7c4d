// The events of a file, one after another, so that a file of any length takes the memory of one line.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.h"

namespace pilotledger::cli {

struct EventLine {
  std::size_t line = 0;  // where it begins, from 1
  Bytes bytes;
  bool derives = false;    // it came without an id (event_ids.h)
  std::uint32_t copy = 1;  // of equal events without an id, which one
};

// JSON Lines of any length, or one JSON document of at most events::kMaxJsonBytes: an event or an array of events.
// UTF-8; a byte order mark at the beginning is passed over. An event without "id" gets a UUIDv7 of the clock's time,
// until EventIds gives a lasting one. Errors name file and line.
class EventReader {
 public:
  static Result<EventReader> open(const std::string& path, const ledger::Clock& clock);  // "-": standard input
  static Result<EventReader> over(std::string text, std::string name, const ledger::Clock& clock);

  // None at the end.
  Result<std::optional<EventLine>> next();

 private:
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
  EventReader(std::string name, const ledger::Clock& clock, File file)
      : name_(std::move(name)), clock_(clock), file_(std::move(file)) {}
  Status begin();
  Status fill(std::size_t wanted);
  Result<std::optional<std::string_view>> nextLine();
  Result<EventLine> eventOfLine(std::string_view line) const;

  std::string name_;
  ledger::Clock clock_;
  File file_;  // none: all there is lies in buffer_
  std::string buffer_;
  std::size_t at_ = 0;      // in buffer_: what is still to be read
  std::size_t number_ = 0;  // of the line that ends there
  std::vector<EventLine> document_;
  std::size_t given_ = 0;  // of document_
};

// All events of a text in memory.
Result<std::vector<EventLine>> readEvents(std::string_view text, const std::string& name, const ledger::Clock& clock);

}  // namespace pilotledger::cli
