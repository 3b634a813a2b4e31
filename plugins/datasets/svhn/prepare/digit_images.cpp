#include "prepare/digit_images.hpp"

#include "drawlab/error.hpp"

#include "prepare/mat_elements.hpp"
#include "prepare/prepared_writer.hpp"

#include <matio.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace drawlab::svhn {

namespace {

constexpr std::size_t kSide = 32;
constexpr std::size_t kImage = 3 * kSide * kSide;
constexpr std::size_t kMostImages = 1000000;
constexpr std::size_t kReportEvery = 1000;

using Variable = std::unique_ptr<matvar_t, decltype(&Mat_VarFree)>;

class MatFile {
 public:
  explicit MatFile(const std::filesystem::path& path)
      : path_(path), stored_(stored_numbers(path)), file_(Mat_Open(path.c_str(), MAT_ACC_RDONLY), &Mat_Close) {
    if (file_ == nullptr)
      throw DataError(path.string() + ": is no MATLAB 5 file, or cut short or damaged within its header");
    if (Mat_GetVersion(file_.get()) != MAT_FT_MAT5)
      throw DataError(path.string() + ": is no MATLAB 5 file but of another version");
  }

  [[noreturn]] void refuse(const std::string& name, const std::string& text) const {
    throw DataError(path_.string() + ": variable " + name + ": " + text);
  }

  /// A variable's shape and type; its numbers are not read yet.
  Variable information(const char* name) const {
    Variable variable(Mat_VarReadInfo(file_.get(), name), &Mat_VarFree);
    if (variable == nullptr) refuse(name, "is not there, or the file is cut short or damaged");
    if (variable->isComplex != 0 || variable->dims == nullptr) refuse(name, "is no plain array");
    return variable;
  }

  /// Reads the `count` numbers of `size` bytes of a variable from information() whose shape and type are right.
  void read(const char* name, matvar_t* variable, std::size_t count, std::size_t size) const {
    const auto found = stored_.find(name);
    if (found == stored_.end()) refuse(name, "cannot be read: the file is damaged");
    const StoredNumbers& stored = found->second;
    const bool other_type = size == 1 && stored.type != kStoredBytes;
    if (other_type || stored.bytes != count * size_of_stored(stored.type)) {
      throw DataError(path_.string() + ": at byte " + std::to_string(stored.offset) + ": variable " + name +
                      ": its shape asks for " + std::to_string(count) + (size == 1 ? " bytes" : " numbers") + ", but " +
                      std::to_string(stored.bytes) + " bytes of type " + std::to_string(stored.type) + " are stored");
    }
    const std::size_t bytes = count * size;
    if (Mat_VarReadDataAll(file_.get(), variable) != 0 || variable->data == nullptr || variable->nbytes != bytes) {
      refuse(name, "cannot be read: the file is cut short or damaged");
    }
  }

 private:
  std::filesystem::path path_;
  std::map<std::string, StoredNumbers> stored_;
  std::unique_ptr<mat_t, decltype(&Mat_Close)> file_;
};

std::string shape_text(const matvar_t& variable) {
  std::string text = "[";
  for (int i = 0; i < variable.rank; ++i) text += (i > 0 ? "," : "") + std::to_string(variable.dims[i]);
  return text + "]";
}

/// The digits 0…9.
std::vector<std::uint8_t> read_labels(const MatFile& file, std::size_t count) {
  const Variable labels = file.information("y");
  if (labels->rank != 2 || labels->dims[0] != count || labels->dims[1] != 1) {
    file.refuse("y", "its shape is " + shape_text(*labels) + ", need [" + std::to_string(count) + ",1]");
  }
  const bool bytes = labels->class_type == MAT_C_UINT8;
  if (!bytes && labels->class_type != MAT_C_DOUBLE) file.refuse("y", "holds neither bytes nor doubles");
  file.read("y", labels.get(), count, bytes ? 1 : sizeof(double));
  std::vector<std::uint8_t> digits;
  for (std::size_t i = 0; i < count; ++i) {
    const double label =
        bytes ? static_cast<const std::uint8_t*>(labels->data)[i] : static_cast<const double*>(labels->data)[i];
    if (!(label >= 1 && label <= 10) || label != std::floor(label)) {
      file.refuse("y", "label " + std::to_string(label) + " of image " + std::to_string(i + 1) +
                           " is outside 1..10 (10 is the digit 0)");
    }
    digits.push_back(static_cast<std::uint8_t>(static_cast<int>(label) % 10));
  }
  return digits;
}

}  // namespace

void prepare_digits(const std::filesystem::path& input, const std::filesystem::path& output,
                    const std::function<void(std::size_t, std::size_t)>& progress) {
  const MatFile file(input);
  const Variable images = file.information("X");
  if (images->rank != 4 || images->dims[0] != kSide || images->dims[1] != kSide || images->dims[2] != 3) {
    file.refuse("X", "its shape is " + shape_text(*images) + ", need [32,32,3,N]");
  }
  const std::size_t count = images->dims[3];
  if (count == 0 || count > kMostImages) {
    file.refuse("X", std::to_string(count) + " images are outside 1.." + std::to_string(kMostImages));
  }
  if (images->class_type != MAT_C_UINT8) file.refuse("X", "does not hold bytes");
  const std::vector<std::uint8_t> digits = read_labels(file, count);
  file.read("X", images.get(), count * kImage, 1);
  const auto* const bytes = static_cast<const std::uint8_t*>(images->data);
  PreparedWriter writer(output, kSide, {});
  std::vector<std::uint8_t> planes(kImage);
  for (std::size_t i = 0; i < count; ++i) {
    // MATLAB stores columns: rows vary fastest.
    for (std::size_t channel = 0; channel < 3; ++channel) {
      for (std::size_t y = 0; y < kSide; ++y) {
        for (std::size_t x = 0; x < kSide; ++x) {
          planes[(channel * kSide + y) * kSide + x] = bytes[((i * 3 + channel) * kSide + x) * kSide + y];
        }
      }
    }
    writer.add({1, {digits[i]}}, planes);
    if ((i + 1) % kReportEvery == 0 || i + 1 == count) progress(i + 1, count);
  }
  writer.finish();
}

}  // namespace drawlab::svhn
