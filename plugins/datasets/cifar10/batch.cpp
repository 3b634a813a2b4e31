#include "batch.hpp"

#include "drawlab/error.hpp"

#include <utility>

namespace drawlab::cifar10 {

Batch parse_batch(const std::filesystem::path& path, std::string bytes, bool allow_partial) {
  constexpr std::int64_t kMost = kBatchRecords * kRecord;
  Batch batch{std::move(bytes)};
  const auto size = static_cast<std::int64_t>(batch.bytes.size());
  if (size > kMost) {
    throw DataError(path.string() + ": at byte " + std::to_string(kMost) + ": " + std::to_string(size - kMost) +
                    " bytes follow the last of " + std::to_string(kBatchRecords) + " records");
  }
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
