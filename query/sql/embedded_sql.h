// The .sql files as the build found them; embedded_sql.cpp is generated (CMakeLists.txt).
#pragma once

#include <span>
#include <string_view>

namespace pilotledger::query {

struct EmbeddedFile {
  std::string_view name;  // without directory and extension
  std::string_view text;
};

std::span<const EmbeddedFile> embeddedViews();
std::span<const EmbeddedFile> embeddedFindings();
std::span<const EmbeddedFile> embeddedShared();
std::span<const EmbeddedFile> embeddedAudit();
std::string_view embeddedPostgres();  // functions that PostgreSQL lacks

}  // namespace pilotledger::query
