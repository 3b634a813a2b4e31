#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/error.hpp"

#include "system/read_file.hpp"
#include "system/sha256.hpp"
#include "system/user_folders.hpp"

#include <unistd.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace drawlab::tests {

/// A folder of its own that goes away with it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "drawlab-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

inline std::string gzipped(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, bytes.size()) + 64, '\0');
  std::string input = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

/// Looks for files in the folder that the options name, and nowhere else.
class FolderContext final : public DatasetContext {
 public:
  explicit FolderContext(std::uint64_t seed = 1) : seed_(seed) {}
  std::uint64_t seed() const override { return seed_; }
  std::filesystem::path locate(const DatasetFile& file, const std::string& path) const override {
    for (const std::string& name : file.names) {
      if (std::filesystem::exists(std::filesystem::path(path) / name)) return std::filesystem::path(path) / name;
    }
    throw DataError(file.names.front() + " is not in " + path);
  }
  std::unique_ptr<Dataset> open(const std::string& name, const ConfigNode&) const override {
    throw PluginError(name + ": a folder holds no other dataset");
  }
  std::filesystem::path cache_folder() const override { return user_cache_folder() / "svhn"; }
  void progress(const std::string& what, double share) const override { told_.emplace_back(what, share); }

  /// Every `progress` so far.
  const std::vector<std::pair<std::string, double>>& told() const { return told_; }

 private:
  std::uint64_t seed_;
  mutable std::vector<std::pair<std::string, double>> told_;
};

/// The sentence of the DataError that `action` throws; empty where it throws none.
template <class Action>
std::string data_error_of(Action action) {
  try {
    action();
  } catch (const DataError& error) {
    return error.what();
  }
  return {};
}

}  // namespace drawlab::tests
