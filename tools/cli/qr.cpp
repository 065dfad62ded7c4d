#include "tools/cli/qr.h"

#include <fmt/format.h>
#include <png.h>
#include <qrencode.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace pilotledger::cli {
namespace {

constexpr int kQuietZone = 4;             // modules of light around the code
constexpr std::size_t kMostBytes = 2953;  // version 40, error correction L

struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};
using Code = std::unique_ptr<QRcode, FreeCode>;

Result<Code> encode(std::string_view data) {
  if (data.size() > kMostBytes) {
    return invalidInput(fmt::format("a QR code holds {} bytes, the proof has {}; use -o FILE", kMostBytes, data.size()),
                        fmt::format("二维码最多容纳 {} 字节，证明为 {} 字节；请用 -o 文件", kMostBytes, data.size()));
  }
  // 8-bit mode: the code holds the file's bytes as they are.
  Code code(QRcode_encodeData(static_cast<int>(data.size()), reinterpret_cast<const unsigned char*>(data.data()), 0,
                              QR_ECLEVEL_L));
  if (!code)
    return makeError(ErrorCode::Internal, fmt::format("QR code: {}", std::strerror(errno)),
                     fmt::format("二维码生成失败：{}", std::strerror(errno)));
  return code;
}

bool isDark(const QRcode& code, int x, int y) {
  x -= kQuietZone;
  y -= kQuietZone;
  return x >= 0 && y >= 0 && x < code.width && y < code.width && (code.data[y * code.width + x] & 1) != 0;
}

}  // namespace

Result<std::string> qrText(std::string_view data) {
  PL_TRY(Code code, encode(data));
  int side = code->width + 2 * kQuietZone;
  std::string out;
  for (int y = 0; y < side; y += 2) {
    out += "\x1b[30;47m";  // black on white, whatever the terminal's colours
    for (int x = 0; x < side; ++x) {
      bool upper = isDark(*code, x, y);
      bool lower = isDark(*code, x, y + 1);
      out += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    out += "\x1b[0m\n";
  }
  return out;
}

Result<std::string> qrPng(std::string_view data) {
  constexpr int kScale = 4;
  PL_TRY(Code code, encode(data));
  auto side = static_cast<png_uint_32>((code->width + 2 * kQuietZone) * kScale);
  std::vector<png_byte> pixels(std::size_t{side} * side);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    pixels[i] = isDark(*code, static_cast<int>(i % side) / kScale, static_cast<int>(i / side) / kScale) ? 0 : 255;
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = side;
  image.height = side;
  image.format = PNG_FORMAT_GRAY;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string out(size, '\0');
  if (png_image_write_to_memory(&image, out.data(), &size, 0, pixels.data(), 0, nullptr) == 0) {
    return makeError(ErrorCode::Internal, fmt::format("PNG: {}", image.message),
                     fmt::format("PNG 生成失败：{}", image.message));
  }
  out.resize(size);
  return out;
}

}  // namespace pilotledger::cli
