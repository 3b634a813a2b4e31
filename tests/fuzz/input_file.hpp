#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace drawlab::fuzz {

/// The fuzzer's bytes as a file in memory: the readers take paths.
class InputFile {
 public:
  InputFile(const std::uint8_t* bytes, std::size_t count) : file_(::memfd_create("input", 0)) {
    if (file_ < 0 || ::write(file_, bytes, count) != static_cast<ssize_t>(count)) std::abort();
  }
  ~InputFile() { ::close(file_); }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

}  // namespace drawlab::fuzz
