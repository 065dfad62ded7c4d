# Writes schemas.json into a C++ file: cmake -DOUT=... -DROOT=... -P embed.cmake
file(READ ${ROOT}/schemas.json text)
file(WRITE ${OUT}.tmp "#include \"tools/server/embedded.h\"

namespace pilotledger::server {
std::string_view embeddedSchemas() { return R\"~json~(${text})~json~\"; }
}  // namespace pilotledger::server
")
file(COPY_FILE ${OUT}.tmp ${OUT} ONLY_IF_DIFFERENT)
