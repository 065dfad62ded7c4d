// Files of this folder that are compiled in.
#pragma once

#include <string_view>

namespace pilotledger::server {

std::string_view embeddedSchemas();  // schemas.json

}  // namespace pilotledger::server
