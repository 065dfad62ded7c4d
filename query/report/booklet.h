// Several tables about one subject, with what proves them, as one file to hand in.
#pragma once

#include <string>
#include <vector>

#include "query/answer/query.h"

namespace pilotledger::query {

// Handed on with the tables: a proof file.
struct Attachment {
  std::string file;  // its name
  Message what;      // what it shows, and how to check it
  std::string bytes;
};

struct Booklet {
  Message title;
  std::vector<Table> tables;  // one at least; all at the position of the first
  std::vector<Attachment> attachments{};
  std::vector<Message> notes{};  // what its reader must know: what was left out
};

}  // namespace pilotledger::query
