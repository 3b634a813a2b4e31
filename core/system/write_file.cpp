#include "system/write_file.hpp"

#include "drawlab/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

namespace drawlab {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const fs::path& path) {
  throw SystemError(fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
}

/// The file that a symbolic link leads to, which need not exist; the path itself otherwise.
fs::path followed(fs::path path) {
  constexpr int kMostLinks = 40;  // as in Linux
  std::error_code error;
  for (int i = 0; i < kMostLinks && fs::is_symlink(fs::symlink_status(path, error)); ++i) {
    path = path.parent_path() / fs::read_symlink(path, error);
  }
  return path;
}

bool is_standard_output(const struct stat& file) {
  struct stat output {};
  return ::fstat(STDOUT_FILENO, &output) == 0 && output.st_dev == file.st_dev && output.st_ino == file.st_ino;
}

}  // namespace

FileWriter::FileWriter(const fs::path& target, Links links) : target_(target) {
  struct stat found {};
  const bool exists = links == Links::followed && ::stat(target.c_str(), &found) == 0;
  if (exists && is_standard_output(found)) {
    // Opening it again would begin at its first byte.
    file_ = Descriptor(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
  } else if (exists && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode)) {
    file_ = Descriptor(::open(target.c_str(), O_WRONLY | O_CLOEXEC));
  } else {
    if (links == Links::followed) target_ = followed(target);
    aside_ = part_of(target_, ::getpid());
    file_ = Descriptor(::open(aside_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666));
  }
  if (!file_.is_open()) fail(target_);
}

FileWriter::~FileWriter() {
  if (!aside_.empty()) ::unlink(aside_.c_str());
}

void FileWriter::write(std::span<const std::byte> bytes) {
  if (!file_.write(bytes)) fail(target_);
}

void FileWriter::seek(std::uint64_t offset) {
  if (::lseek(file_.get(), static_cast<off_t>(offset), SEEK_SET) < 0) fail(target_);
}

void FileWriter::commit(const fs::path& name) {
  if (aside_.empty()) return;
  sync_and_rename(file_, aside_, name);
  aside_.clear();
}

fs::path part_of(const fs::path& target, pid_t process) { return fmt::format("{}.{}.part", target.string(), process); }

void write_file(const fs::path& path, std::span<const std::byte> bytes) {
  FileWriter file(path);
  file.write(bytes);
  file.commit();
}

void write_file(const fs::path& path, std::span<const std::uint8_t> bytes) { write_file(path, std::as_bytes(bytes)); }

void write_file(const fs::path& path, std::string_view text) { write_file(path, std::as_bytes(std::span(text))); }

void sync_and_rename(const Descriptor& file, const fs::path& from, const fs::path& to) {
  if (::fsync(file.get()) != 0 || ::rename(from.c_str(), to.c_str()) != 0) fail(to);
  // The new name is on disk once its folder is.
  const Descriptor folder(::open(to.has_parent_path() ? to.parent_path().c_str() : ".", O_RDONLY | O_CLOEXEC));
  if (folder.is_open()) ::fsync(folder.get());
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw SystemError(fmt::format("{}: the folder cannot be made: {}", folder.string(), error.message()));
}

}  // namespace drawlab
