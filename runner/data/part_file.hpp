#pragma once

#include "system/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace drawlab::runner {

/// A file that a download continues: `<target>.part`, locked against other processes and renamed once it is complete.
/// The constructor throws DataError.
class PartFile {
 public:
  /// Opens or creates it; waits while another process holds it.
  explicit PartFile(std::filesystem::path target);
  /// Removes it if it is empty.
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const { return size_; }
  /// False, with the reason in `error()`, if the bytes cannot be written: C code calls it.
  bool append(const char* bytes, std::size_t count) noexcept;
  bool clear() noexcept;
  /// The error of append() or clear(); empty: none.
  const std::string& error() const { return error_; }
  /// Syncs it and renames it to the target. Throws SystemError.
  void commit();

 private:
  void open_and_lock();
  bool fail(const char* what) noexcept;

  std::filesystem::path target_;
  std::filesystem::path path_;
  Descriptor file_;
  std::uint64_t size_ = 0;
  std::string error_;
  bool committed_ = false;
};

}  // namespace drawlab::runner
