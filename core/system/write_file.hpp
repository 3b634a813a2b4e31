#pragma once

#include "system/descriptor.hpp"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace drawlab {

/// Writes a file as `<target>.<process>.part` and renames it once it is complete, so that the target is always a whole
/// file: the old one or the new one, even after a crash. A symbolic link is followed and stays. A device or a pipe is
/// opened and written directly, and so is the file that standard output is redirected to. Functions throw SystemError.
class FileWriter {
 public:
  /// Whether links and devices are written through, or replaced by the file.
  enum class Links { followed, replaced };

  explicit FileWriter(const std::filesystem::path& target, Links links = Links::followed);
  /// Removes an uncommitted file.
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
  /// Continues at that byte; bytes that are never written read as 0.
  void seek(std::uint64_t offset);
  /// Syncs the file, renames it and syncs its folder.
  void commit() { commit(target_); }
  /// The same under another name in the same folder.
  void commit(const std::filesystem::path& name);

 private:
  std::filesystem::path target_;
  std::filesystem::path aside_;  // empty: written directly, or committed
  Descriptor file_;
};

/// The name under which that process writes a file until it is complete.
std::filesystem::path part_of(const std::filesystem::path& target, pid_t process);

/// Writes a whole file by a FileWriter. Throws SystemError.
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

/// Syncs an open file, renames it and syncs its folder. Throws SystemError.
void sync_and_rename(const Descriptor& file, const std::filesystem::path& from, const std::filesystem::path& to);

/// Makes a folder and those above it. Throws SystemError.
void make_folder(const std::filesystem::path& folder);

}  // namespace drawlab
