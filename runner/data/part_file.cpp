#include "runner/data/part_file.hpp"

#include "drawlab/error.hpp"

#include "system/write_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

namespace drawlab::runner {

namespace {

[[noreturn]] void throw_error(const std::filesystem::path& path, const char* what) {
  throw DataError(path.string() + ": " + what + ": " + std::strerror(errno));
}

}  // namespace

PartFile::PartFile(std::filesystem::path target) : target_(std::move(target)), path_(target_.string() + ".part") {
  open_and_lock();
}

void PartFile::open_and_lock() {
  for (;;) {
    file_ = Descriptor(::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!file_.is_open()) throw_error(path_, "cannot be created");
    while (::flock(file_.get(), LOCK_EX) != 0) {
      if (errno != EINTR) throw_error(path_, "cannot be locked");
    }
    // While this process waited, the holder may have renamed or removed the file.
    struct stat opened {};
    struct stat named {};
    if (::fstat(file_.get(), &opened) == 0 && ::stat(path_.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
        opened.st_dev == named.st_dev) {
      size_ = static_cast<std::uint64_t>(opened.st_size);
      return;
    }
  }
}

PartFile::~PartFile() {
  if (!committed_ && size_ == 0) ::unlink(path_.c_str());
}

bool PartFile::fail(const char* what) noexcept {
  error_ = path_.string() + ": " + what + " byte " + std::to_string(size_) + ": " + std::strerror(errno);
  return false;
}

bool PartFile::append(const char* bytes, std::size_t count) noexcept {
  if (!file_.write(std::as_bytes(std::span(bytes, count)))) return fail("cannot be written at");
  size_ += count;
  return true;
}

bool PartFile::clear() noexcept {
  if (::ftruncate(file_.get(), 0) != 0) return fail("cannot be cut at");
  size_ = 0;
  return true;
}

void PartFile::commit() {
  sync_and_rename(file_, path_, target_);
  committed_ = true;
}

}  // namespace drawlab::runner
