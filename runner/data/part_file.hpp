#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace drawlab::runner {

/// A file on its way: `<target>.part`, locked against other processes, renamed to its target when it is whole.
/// Every function throws DataError with the path and the system's reason.
class PartFile {
 public:
  /// Opens or creates it; waits while another process holds it.
  explicit PartFile(std::filesystem::path target);
  /// Removes it where it is empty.
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const { return size_; }
  /// False, with the reason in `error()`, where the bytes cannot be written: it is called from within C code.
  bool append(const char* bytes, std::size_t count) noexcept;
  bool clear() noexcept;
  /// What went wrong in append() or clear(); empty: nothing.
  const std::string& error() const { return error_; }
  /// Syncs it to disk and gives it the target's name.
  void commit();

 private:
  void open_and_lock();
  void fail(const char* what) noexcept;

  std::filesystem::path target_;
  std::filesystem::path path_;
  int file_ = -1;
  std::uint64_t size_ = 0;
  std::string error_;
  bool committed_ = false;
};

}  // namespace drawlab::runner
