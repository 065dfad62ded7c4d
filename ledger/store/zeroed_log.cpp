#include "ledger/store/zeroed_log.h"

#include <fcntl.h>
#include <rocksdb/file_system.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

namespace pilotledger::ledger {
namespace {

constexpr std::size_t kAhead = 1u << 20;
constexpr std::size_t kSmall = 64u << 10;  // a larger write pays for its own change of length

class ZeroedLog : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  ZeroedLog(std::unique_ptr<rocksdb::FSWritableFile>&& file, const std::string& path)
      : FSWritableFileOwnerWrapper(std::move(file)), file_(::open(path.c_str(), O_WRONLY | O_CLOEXEC)) {}
  ZeroedLog(const ZeroedLog&) = delete;
  ZeroedLog& operator=(const ZeroedLog&) = delete;
  ~ZeroedLog() override { trim(); }

  // Called before each append. What it cannot write, the append will not be able to write either.
  void PrepareWrite(std::size_t offset, std::size_t size, const rocksdb::IOOptions&,
                    rocksdb::IODebugContext*) override {
    end_ = offset + size;
    if (end_ <= zeroed_ || size > kSmall || file_ < 0) return;
    static const std::string zeros(kAhead, '\0');
    ssize_t n = ::pwrite(file_, zeros.data(), zeros.size(), static_cast<off_t>(offset));
    if (n > 0) zeroed_ = offset + static_cast<std::size_t>(n);
  }

  rocksdb::IOStatus Close(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    trim();
    return FSWritableFileOwnerWrapper::Close(options, context);
  }

 private:
  void trim() {
    if (file_ < 0) return;
    if (zeroed_ > end_) (void)!::ftruncate(file_, static_cast<off_t>(end_));
    ::close(std::exchange(file_, -1));
  }

  int file_;
  std::size_t zeroed_ = 0;
  std::size_t end_ = 0;
};

class ZeroedLogFiles : public rocksdb::FileSystemWrapper {
 public:
  ZeroedLogFiles() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "ZeroedLogFiles"; }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override {
    rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(path, options, file, context);
    if (status.ok() && path.ends_with(".log")) *file = std::make_unique<ZeroedLog>(std::move(*file), path);
    return status;
  }
};

}  // namespace

rocksdb::Env* zeroedLogEnv() {
  static const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(std::make_shared<ZeroedLogFiles>());
  return env.get();
}

}  // namespace pilotledger::ledger
