# Writes the .sql files into one C++ file: cmake -DOUT=... -DROOT=... -P embed.cmake
file(WRITE ${OUT}.tmp "#include \"query/sql/embedded_sql.h\"\n\n#include <array>\n\nnamespace pilotledger::query {\nnamespace {\n")
foreach(set IN ITEMS views findings views/shared report/audit)
  string(REPLACE "/" "_" id ${set})
  file(GLOB files ${ROOT}/${set}/*.sql)
  list(SORT files)
  list(LENGTH files count)
  file(APPEND ${OUT}.tmp "constexpr std::array<EmbeddedFile, ${count}> k_${id} = {{\n")
  foreach(path IN LISTS files)
    get_filename_component(name ${path} NAME_WE)
    file(READ ${path} text)
    file(APPEND ${OUT}.tmp "{\"${name}\", R\"~sql~(${text})~sql~\"},\n")
  endforeach()
  file(APPEND ${OUT}.tmp "}};\n")
endforeach()
file(READ ${ROOT}/sql/postgres.sql text)
file(APPEND ${OUT}.tmp "constexpr std::string_view k_postgres = R\"~sql~(${text})~sql~\";\n")
file(APPEND ${OUT}.tmp "}  // namespace\n
std::span<const EmbeddedFile> embeddedViews() { return k_views; }
std::span<const EmbeddedFile> embeddedFindings() { return k_findings; }
std::span<const EmbeddedFile> embeddedShared() { return k_views_shared; }
std::span<const EmbeddedFile> embeddedAudit() { return k_report_audit; }
std::string_view embeddedPostgres() { return k_postgres; }
}  // namespace pilotledger::query\n")
file(COPY_FILE ${OUT}.tmp ${OUT} ONLY_IF_DIFFERENT)
