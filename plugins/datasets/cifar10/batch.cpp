#include "batch.hpp"

#include "drawlab/error.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>

namespace drawlab::cifar10 {

namespace {

std::vector<std::uint8_t> read_bytes(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) throw DataError(path.string() + ": cannot be read: " + error.message());
  constexpr std::uintmax_t kMost = kBatchRecords * kRecord;
  if (size > kMost) {
    throw DataError(path.string() + ": at byte " + std::to_string(kMost) + ": " + std::to_string(size - kMost) +
                    " bytes follow the last of " + std::to_string(kBatchRecords) + " records");
  }
  std::vector<std::uint8_t> bytes(size);
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw DataError(path.string() + ": cannot be opened: " + std::strerror(errno));
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (static_cast<std::uintmax_t>(file.gcount()) != size) {
    throw DataError(path.string() + ": cannot be read past byte " + std::to_string(file.gcount()) + " of " +
                    std::to_string(size));
  }
  return bytes;
}

}  // namespace

Batch read_batch(const std::filesystem::path& path, bool allow_partial) {
  Batch batch{read_bytes(path)};
  const auto size = static_cast<std::int64_t>(batch.bytes.size());
  if (size == 0 || size % kRecord != 0) {
    throw DataError(path.string() + ": at byte " + std::to_string(size) + ": cut short within record " +
                    std::to_string(size / kRecord + 1) + "; each has " + std::to_string(kRecord) + " bytes");
  }
  if (batch.count() < kBatchRecords && !allow_partial) {
    throw DataError(path.string() + ": at byte " + std::to_string(size) + ": ends after " +
                    std::to_string(batch.count()) + " of " + std::to_string(kBatchRecords) +
                    " records; the option allow_partial: true takes what is there");
  }
  for (std::int64_t i = 0; i < batch.count(); ++i) {
    if (batch.label(i) >= kClasses) {
      throw DataError(path.string() + ": at byte " + std::to_string(i * kRecord) + ": label " +
                      std::to_string(batch.label(i)) + " of record " + std::to_string(i + 1) + " is outside 0..9");
    }
  }
  return batch;
}

}  // namespace drawlab::cifar10
