#include "runner/data/part_file.hpp"

#include "drawlab/error.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
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
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file_ < 0) throw_error(path_, "cannot be created");
    while (::flock(file_, LOCK_EX) != 0) {
      if (errno != EINTR) {
        const int error = errno;
        ::close(file_);
        errno = error;
        throw_error(path_, "cannot be locked");
      }
    }
    // While this process waited, the holder may have renamed or removed what was opened.
    struct stat opened {};
    struct stat named {};
    if (::fstat(file_, &opened) == 0 && ::stat(path_.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
        opened.st_dev == named.st_dev) {
      size_ = static_cast<std::uint64_t>(opened.st_size);
      return;
    }
    ::close(file_);
  }
}

PartFile::~PartFile() {
  if (!committed_ && size_ == 0) ::unlink(path_.c_str());
  ::close(file_);
}

void PartFile::fail(const char* what) noexcept {
  const int error = errno;
  error_ = path_.string() + ": " + what + " byte " + std::to_string(size_) + ": " + std::strerror(error);
}

bool PartFile::append(const char* bytes, std::size_t count) noexcept {
  while (count > 0) {
    const ssize_t written = ::pwrite(file_, bytes, count, static_cast<off_t>(size_));
    if (written < 0) {
      if (errno == EINTR) continue;
      fail("cannot be written at");
      return false;
    }
    bytes += written;
    count -= static_cast<std::size_t>(written);
    size_ += static_cast<std::uint64_t>(written);
  }
  return true;
}

bool PartFile::clear() noexcept {
  if (::ftruncate(file_, 0) != 0) {
    fail("cannot be cut at");
    return false;
  }
  size_ = 0;
  return true;
}

void PartFile::commit() {
  if (::fsync(file_) != 0) throw_error(path_, "cannot be synced");
  if (::rename(path_.c_str(), target_.c_str()) != 0) throw_error(target_, "cannot be given its name");
  committed_ = true;
  const int folder = ::open(target_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
}

}  // namespace drawlab::runner
