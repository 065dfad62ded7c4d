// Hex and base64, strict: one spelling for each byte string, anything else is refused.
#pragma once

#include <string>
#include <string_view>

#include "events/base/bytes.h"
#include "events/base/result.h"

namespace pilotledger::crypto {

std::string toHex(ByteView bytes);  // lower case
Result<Bytes> parseHex(std::string_view text);
std::string toBase64(ByteView bytes);  // RFC 4648 standard alphabet, padded
Result<Bytes> parseBase64(std::string_view text);
Result<Digest> parseBase64Digest(std::string_view text);

}  // namespace pilotledger::crypto
