#include "runner/data/unpack.hpp"

#include "drawlab/error.hpp"

#include "system/write_file.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

namespace drawlab::runner {
namespace {

namespace fs = std::filesystem;

using Archive = std::unique_ptr<archive, decltype(&archive_read_free)>;

std::string reason(archive* reader) {
  const char* text = archive_error_string(reader);
  return text != nullptr ? text : "unknown reason";
}

class Unpacker {
 public:
  Unpacker(const fs::path& file, const std::string& inside, const fs::path& folder, const UnpackLimits& limits)
      : file_(file),
        inside_(fs::path(inside).lexically_normal()),
        folder_(folder),
        limits_(limits),
        reader_(archive_read_new(), &archive_read_free) {
    archive_read_support_filter_all(reader_.get());
    archive_read_support_format_all(reader_.get());
    if (archive_read_open_filename(reader_.get(), file.c_str(), 1U << 16U) != ARCHIVE_OK) {
      throw DataError(fmt::format("{}: is no archive: {}", file_.string(), reason(reader_.get())));
    }
  }

  void run() {
    std::uint64_t files = 0;
    archive_entry* entry = nullptr;
    for (;;) {
      const int state = archive_read_next_header(reader_.get(), &entry);
      if (state == ARCHIVE_EOF) break;
      if (state != ARCHIVE_OK) {
        throw DataError(fmt::format("{}: is damaged near byte {}: {}", file_.string(),
                                    archive_filter_bytes(reader_.get(), -1), reason(reader_.get())));
      }
      const std::optional<fs::path> target = target_of(entry);
      if (!target) continue;
      if (++files > limits_.files) {
        throw DataError(fmt::format("{}: holds more than {} files", file_.string(), limits_.files));
      }
      write(*target);
    }
    if (files == 0) {
      throw DataError(fmt::format("{}: holds no files below '{}'", file_.string(), inside_.generic_string()));
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& name, const std::string& why) const {
    throw DataError(fmt::format("{}: entry '{}' {}; nothing of it was written", file_.string(), name, why));
  }

  /// The place of a file; nothing for folders and for files outside `inside`.
  std::optional<fs::path> target_of(archive_entry* entry) const {
    const char* text = archive_entry_pathname(entry);
    const std::string name = text != nullptr ? text : "";
    const fs::path path(name);
    const bool climbs = std::any_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
    if (name.empty() || path.is_absolute() || climbs) refuse(name, "leads out of the folder");
    if (archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr) refuse(name, "is a link");
    if (archive_entry_filetype(entry) == AE_IFDIR) return std::nullopt;
    if (archive_entry_filetype(entry) != AE_IFREG) refuse(name, "is no ordinary file");
    const fs::path below =
        inside_ == "." ? path.lexically_normal() : path.lexically_normal().lexically_relative(inside_);
    if (below.empty() || *below.begin() == "..") return std::nullopt;
    return folder_ / below;
  }

  void write(const fs::path& target) {
    make_folder(target.parent_path());
    FileWriter out(target, FileWriter::Links::replaced);
    for (;;) {
      const void* bytes = nullptr;
      std::size_t count = 0;
      la_int64_t offset = 0;
      const int state = archive_read_data_block(reader_.get(), &bytes, &count, &offset);
      if (state == ARCHIVE_EOF) break;
      if (state != ARCHIVE_OK) {
        throw DataError(fmt::format("{}: is damaged near byte {}, within {}: {}", file_.string(),
                                    archive_filter_bytes(reader_.get(), -1), target.filename().string(),
                                    reason(reader_.get())));
      }
      written_ += count;
      // An offset may be far ahead: the file has a hole then, but still that size.
      if (written_ > limits_.bytes || offset < 0 || static_cast<std::uint64_t>(offset) > limits_.bytes) {
        throw DataError(fmt::format("{}: holds more than {} bytes", file_.string(), limits_.bytes));
      }
      out.seek(static_cast<std::uint64_t>(offset));
      out.write(std::span(static_cast<const std::byte*>(bytes), count));
    }
    out.commit();
  }

  const fs::path& file_;
  fs::path inside_;
  const fs::path& folder_;
  UnpackLimits limits_;
  Archive reader_;
  std::uint64_t written_ = 0;
};

}  // namespace

void unpack(const fs::path& archive, const std::string& inside, const fs::path& folder, const UnpackLimits& limits) {
  Unpacker(archive, inside, folder, limits).run();
}

}  // namespace drawlab::runner
