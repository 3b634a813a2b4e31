#pragma once

#include "drawlab/config.hpp"
#include "drawlab/shape.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace drawlab {

enum class Split { train = 0, validation = 1, test = 2 };
inline constexpr std::array<Split, 3> kSplits = {Split::train, Split::validation, Split::test};
/// `train`, `validation`, `test`.
const char* split_name(Split split);

/// A file that a dataset reads, and where to download it.
struct DatasetFile {
  /// Accepted names, such as `x.gz` and `x`; a download is saved under the first.
  std::vector<std::string> names;
  /// Mirrors of the first name; empty if it cannot be downloaded.
  std::vector<std::string> urls;
  /// The SHA-256 of the first name's bytes in lower-case hexadecimal; empty if unknown.
  std::string sha256;
  /// The first name's size; 0 if unknown.
  std::uint64_t bytes = 0;
  /// If the mirrors offer an archive (sha256 and bytes are then the archive's): the folder in it that is unpacked and
  /// holds this file; `.` for all of it.
  std::string archive_folder = {};
};

/// A dataset that another one opens: a plugin's name, and its options (a map or null).
struct DatasetRequest {
  std::string name;
  ConfigNode options;
};

/// A dataset that another one is made of.
struct DatasetSource {
  std::string name;
  std::string checksum;
};

/// What the numbers of an image are: 0 or 1, grey levels in [0,1], or intensities in [0,1] of red, green and blue.
enum class PixelKind { binary, grey, colour };

struct DatasetInfo {
  std::string name;  // the plugin's name
  ImageShape image;
  std::array<std::int64_t, 3> counts{};  // by Split
  int classes = 0;                       // 0: no labels
  std::string label_meaning;             // "the digit", "no labels"
  PixelKind pixels = PixelKind::grey;
  std::string values;       // the same in words: "binary: drawn once and published", "grey levels in [0,1]", …
  std::string provenance;   // where it comes from, in one sentence
  bool is_partial = false;  // samples of the published set are left out; `provenance` says which
  /// Identifies the content: equal checksums and options give equal images. Made from the files' SHA-256 or a
  /// generator's version.
  std::string checksum;
  std::vector<DatasetSource> sources;

  std::int64_t count(Split split) const { return counts[static_cast<std::size_t>(split)]; }
};

/// Images in random access. Its functions may be called from many threads at once; the host chooses order and batches.
class Dataset {
 public:
  virtual ~Dataset() = default;
  virtual const DatasetInfo& info() const = 0;
  /// Writes images [n,C,H,W] in [0,1] and labels [n] (−1: none) of the samples `indices`. A dataset that draws its
  /// training images anew in every epoch uses `epoch` for it; it must not change validation and test images. Throws
  /// DataError.
  virtual void fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
                    std::span<std::int32_t> labels) const = 0;
  /// What a sample shows, as text for people, such as `210` for a house number whose label is the count of digits.
  /// Empty if the label says it.
  virtual std::string label_text(Split /*split*/, std::int64_t /*index*/, std::uint64_t /*epoch*/) const { return {}; }
};

/// A program that a dataset runs in its own process, because files from elsewhere are known to crash what reads them.
struct HelperProgram {
  /// The program, as a path from the folder of the plugin's library, and its arguments.
  std::vector<std::string> command;
  /// A file that the program writes aside as `<output>.<process>.part`; removed if it is left behind. May be empty.
  std::filesystem::path output = {};
  std::chrono::seconds processor_time{3600};
  std::uint64_t memory = std::uint64_t{6} << 30U;  // bytes of address space
  std::chrono::seconds silence{600};               // the program is killed after so long without output
};

/// How a program ended.
struct ProgramEnd {
  int exit_code = 0;        // if it ended by itself
  int signal = 0;           // the signal that ended it; 0: none
  bool was_silent = false;  // it was killed because it printed nothing for too long
  std::string errors;       // what it wrote to standard error, without the last line break
};

/// What the host offers a dataset while it opens. A plugin needs no other access to files, hashes and processes.
class DatasetContext {
 public:
  virtual ~DatasetContext() = default;
  /// The run's seed, for random choices that depend on it.
  virtual std::uint64_t seed() const = 0;
  /// The path of the first accepted name that exists in `path` (if not empty), $DRAWLAB_DATA/<plugin>/ or the user's
  /// cache. Throws DataError that lists these folders and says how to fetch the file.
  virtual std::filesystem::path locate(const DatasetFile& file, const std::string& path) const = 0;
  /// Opens another dataset by name and options (a map or null).
  virtual std::unique_ptr<Dataset> open(const std::string& name, const ConfigNode& options) const = 0;
  /// The place of an option of this dataset in the experiment file (the place of all its options if it is not given),
  /// for mistakes that only the data reveals.
  virtual SourceLocation where(std::string_view /*option*/) const { return {}; }
  /// Tells the user how much of a long task is done: `share` between 0 and 1 of `what`, such as `svhn: reading
  /// train.mat`. May be called often.
  virtual void progress(const std::string& /*what*/, double /*share*/) const {}
  /// This dataset's folder in the user's cache, which need not exist yet.
  virtual std::filesystem::path cache_folder() const;

  /// A file's bytes. Throws DataError if it cannot be read or has more than `most` bytes.
  std::string read(const std::filesystem::path& file,
                   std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) const;
  /// Writes a file aside and renames it, so that it is always whole; makes its folder. Throws SystemError.
  void write(const std::filesystem::path& file, std::string_view bytes) const;
  /// SHA-256 in lower-case hexadecimal. The second throws DataError.
  std::string sha256_of(std::string_view bytes) const;
  std::string sha256_of_file(const std::filesystem::path& file) const;
  /// Runs a program within its limits. `on_line` gets the last whole line of what it printed since the last call.
  /// Throws SystemError if it cannot be started.
  ProgramEnd run(const HelperProgram& program, const std::function<void(const std::string&)>& on_line) const;

 protected:
  /// The folder of the plugin's library.
  virtual std::filesystem::path plugin_folder() const { return {}; }
};

}  // namespace drawlab
