#include "tools/import/zip_parts.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <map>

namespace pilotledger::import {
namespace {

constexpr std::size_t kPieceBytes = 64u << 10;
constexpr zip_uint16_t kFirstDosDay = 0x21;  // 1980-01-01: files of the same content are the same bytes

std::string canonicalName(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c == '\\') c = '/';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  while (out.starts_with('/')) out.erase(0, 1);
  return out;
}

Error tooMuch(const std::string& what, const std::string& whatZh) {
  return invalidInput("zip: " + what, "zip：" + whatZh);
}

std::string mib(std::uint64_t bytes) { return fmt::format("{} MiB", bytes >> 20); }

}  // namespace

struct ZipParts::State {
  zip_t* archive = nullptr;
  ZipLimits limits;
  std::map<std::string, zip_uint64_t> names;
  std::uint64_t inflated = 0;
};

ZipParts::ZipParts(std::unique_ptr<State> state) : state_(std::move(state)) {}
ZipParts::~ZipParts() { zip_discard(state_->archive); }

Result<std::unique_ptr<ZipParts>> ZipParts::open(std::string_view bytes, const ZipLimits& limits) {
  if (bytes.size() > limits.containerBytes)
    return tooMuch(fmt::format("larger than {}", mib(limits.containerBytes)),
                   fmt::format("文件超过 {}", mib(limits.containerBytes)));
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  if (archive == nullptr) {
    std::string why = zip_error_strerror(&error);
    zip_error_fini(&error);
    if (source != nullptr) zip_source_free(source);
    return invalidInput("not a zip container: " + why, "不是 zip 容器：" + why);
  }
  zip_error_fini(&error);
  auto state = std::make_unique<State>();
  state->archive = archive;
  state->limits = limits;
  std::unique_ptr<ZipParts> parts(new ZipParts(std::move(state)));
  auto count = static_cast<std::uint64_t>(zip_get_num_entries(archive, 0));
  if (count > limits.parts)
    return tooMuch(fmt::format("more than {} parts", limits.parts), fmt::format("部件超过 {} 个", limits.parts));
  for (zip_uint64_t i = 0; i < count; ++i) {
    const char* name = zip_get_name(archive, i, 0);
    if (name == nullptr) return invalidInput("zip: a part without a name", "zip：部件没有名称");
    if (!parts->state_->names.emplace(canonicalName(name), i).second)
      return invalidInput(fmt::format("zip: two parts of the name {}", name), fmt::format("zip：部件 {} 重名", name));
  }
  return parts;
}

bool ZipParts::has(const std::string& name) const { return state_->names.contains(canonicalName(name)); }

Status ZipParts::read(const std::string& name, const std::function<Status(std::string_view)>& take) {
  auto at = state_->names.find(canonicalName(name));
  if (at == state_->names.end()) return makeError(ErrorCode::NotFound, "zip: no part " + name, "zip：没有部件 " + name);
  std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen_index(state_->archive, at->second, 0), &zip_fclose);
  if (!file) {
    std::string why = zip_strerror(state_->archive);
    return invalidInput(fmt::format("zip: {}: {}", name, why), fmt::format("zip：{}：{}", name, why));
  }
  std::string piece(kPieceBytes, '\0');
  std::uint64_t size = 0;
  while (true) {
    zip_int64_t count = zip_fread(file.get(), piece.data(), piece.size());
    if (count < 0) return invalidInput(fmt::format("zip: {}: damaged", name), fmt::format("zip：{}：数据损坏", name));
    if (count == 0) return {};
    size += static_cast<std::uint64_t>(count);
    state_->inflated += static_cast<std::uint64_t>(count);
    if (size > state_->limits.partBytes)
      return tooMuch(fmt::format("{} inflates beyond {}", name, mib(state_->limits.partBytes)),
                     fmt::format("{} 解压后超过 {}", name, mib(state_->limits.partBytes)));
    if (state_->inflated > state_->limits.totalBytes)
      return tooMuch(fmt::format("inflates beyond {}", mib(state_->limits.totalBytes)),
                     fmt::format("解压后合计超过 {}", mib(state_->limits.totalBytes)));
    PL_CHECK(take(std::string_view(piece).substr(0, static_cast<std::size_t>(count))));
  }
}

Result<std::string> ZipParts::whole(const std::string& name) {
  std::string all;
  PL_CHECK(read(name, [&](std::string_view piece) -> Status {
    all += piece;
    return {};
  }));
  return all;
}

Result<std::string> zipOf(const std::vector<ZipPart>& parts) {
  auto failed = [](const std::string& why) {
    return makeError(ErrorCode::Unavailable, "zip: cannot write: " + why, "zip：无法写入：" + why);
  };
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_t* archive = target == nullptr ? nullptr : zip_open_from_source(target, ZIP_TRUNCATE, &error);
  if (archive == nullptr) {
    std::string why = zip_error_strerror(&error);
    if (target != nullptr) zip_source_free(target);
    return failed(why);
  }
  zip_source_keep(target);  // closing the archive would free what it wrote
  auto release = [&](bool discard) {
    if (discard) zip_discard(archive);
    zip_source_free(target);
  };
  for (const ZipPart& part : parts) {
    zip_source_t* bytes = zip_source_buffer(archive, part.bytes.data(), part.bytes.size(), 0);
    zip_int64_t index =
        bytes == nullptr ? -1 : zip_file_add(archive, part.name.c_str(), bytes, ZIP_FL_ENC_UTF_8 | ZIP_FL_OVERWRITE);
    if (index < 0 || zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, kFirstDosDay, 0) != 0) {
      std::string why = zip_strerror(archive);
      if (index < 0 && bytes != nullptr) zip_source_free(bytes);
      release(true);
      return failed(why);
    }
  }
  if (zip_close(archive) != 0) {
    std::string why = zip_strerror(archive);
    release(true);
    return failed(why);
  }
  std::string whole;
  char piece[kPieceBytes];
  zip_int64_t size = zip_source_open(target) == 0 ? 0 : -1;
  while (size >= 0 && (size = zip_source_read(target, piece, sizeof piece)) > 0)
    whole.append(piece, static_cast<std::size_t>(size));
  zip_source_close(target);
  release(false);
  if (size < 0 || whole.empty()) return failed("its own bytes cannot be read");
  return whole;
}

}  // namespace pilotledger::import
