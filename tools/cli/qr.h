// A proof as a QR code, for paper and phones. The only file pair that knows libqrencode and libpng.
#pragma once

#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::cli {

// Two modules a character cell (UTF-8 half blocks), dark on light. InvalidInput when `data` exceeds what
// the largest code holds (2,953 bytes).
Result<std::string> qrText(std::string_view data);
// PNG bytes, grey, 4 pixels a module.
Result<std::string> qrPng(std::string_view data);

}  // namespace pilotledger::cli
