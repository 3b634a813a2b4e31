#pragma once

#include "drawlab/config.hpp"
#include "drawlab/shape.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace drawlab {

enum class Split { train = 0, validation = 1, test = 2 };
inline constexpr std::array<Split, 3> kSplits = {Split::train, Split::validation, Split::test};
/// `train`, `validation`, `test`.
const char* split_name(Split split);

/// A file that a dataset reads, and where it may be had.
struct DatasetFile {
  /// Accepted names, the first the one that a download is saved as (`x.gz` and `x`, say).
  std::vector<std::string> names;
  /// Mirrors of the first name; empty where it cannot be downloaded.
  std::vector<std::string> urls;
  /// Of the first name's bytes, lower-case hexadecimal; empty where unknown.
  std::string sha256;
  /// Of the first name; 0 where unknown.
  std::uint64_t bytes = 0;
  /// Where the mirrors have an archive (sha256 and bytes are then the archive's): the folder inside whose files are
  /// unpacked, this one among them; `.` for all of it.
  std::string archive_folder = {};
};

/// Another dataset that one opens: a plugin's name, and its options (a map or null).
struct DatasetRequest {
  std::string name;
  ConfigNode options;
};

/// Another dataset that one is made of.
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
  std::string provenance;   // where it comes from, one sentence
  bool is_partial = false;  // samples of the published set are left out; `provenance` says which
  /// Names the content: equal checksums and options give equal images. Made of files' sha256 or a generator's version.
  std::string checksum;
  std::vector<DatasetSource> sources;

  std::int64_t count(Split split) const { return counts[static_cast<std::size_t>(split)]; }
};

/// Images in random access. Const and safe to call from many threads at once; order and batches are the host's.
class Dataset {
 public:
  virtual ~Dataset() = default;
  virtual const DatasetInfo& info() const = 0;
  /// Writes images [n,C,H,W] in [0,1] and labels [n] (−1: none) of the samples named by `indices`.
  /// `epoch` tells repeated passes over the training split apart where images are drawn afresh; it must not
  /// change the validation and test splits. Throws DataError.
  virtual void fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
                    std::span<std::int32_t> labels) const = 0;
  /// What that sample shows, for people, where its label alone does not tell: `210` of a house number whose label is
  /// the count of digits. Empty otherwise.
  virtual std::string label_text(Split /*split*/, std::int64_t /*index*/, std::uint64_t /*epoch*/) const { return {}; }
};

/// What the host offers a dataset while it opens.
class DatasetContext {
 public:
  virtual ~DatasetContext() = default;
  /// The run's seed, for what is drawn by seed.
  virtual std::uint64_t seed() const = 0;
  /// The path of the first accepted name that exists, looked for in `path` (where not empty), $DRAWLAB_DATA/<plugin>/
  /// and the user's cache. Throws DataError that lists the places and says how to fetch it.
  virtual std::filesystem::path locate(const DatasetFile& file, const std::string& path) const = 0;
  /// Opens another dataset by name and options (a map or null).
  virtual std::unique_ptr<Dataset> open(const std::string& name, const ConfigNode& options) const = 0;
  /// SHA-256 of a file's content, lower-case hexadecimal. Throws DataError.
  virtual std::string sha256(const std::filesystem::path& file) const = 0;
  /// Where an option of this dataset was written (its options' place where it was not), for mistakes that only show
  /// beside the data.
  virtual SourceLocation where(std::string_view /*option*/) const { return {}; }
  /// Tells the user how much of a long piece of work is done: `share` between 0 and 1 of `what`, such as `svhn: reading
  /// train.mat`. As often as convenient.
  virtual void progress(const std::string& /*what*/, double /*share*/) const {}
};

}  // namespace drawlab
