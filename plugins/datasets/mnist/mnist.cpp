#include "mnist.hpp"

#include "../fill_request.hpp"

#include <array>
#include <utility>

namespace drawlab::mnist {

namespace {

constexpr std::int64_t kSide = 28;
constexpr std::int64_t kPixels = kSide * kSide;

/// A published file: its download, and the hash of its unpacked content.
struct Published {
  const char* name;  // without .gz
  std::uint64_t download_bytes;
  const char* download_sha256;
  const char* content_sha256;
};

// The IDX files are published compressed, the .amat files are not.
constexpr std::array<Published, 4> kIdxFiles = {{
    {"train-images-idx3-ubyte", 9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
     "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
    {"train-labels-idx1-ubyte", 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
     "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
    {"t10k-images-idx3-ubyte", 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
     "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
    {"t10k-labels-idx1-ubyte", 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
     "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
}};
constexpr std::array<Published, 3> kFixedFiles = {{
    {"binarized_mnist_train.amat", 78400000, "ad693b29f94c14277b095f5238ddefbbdaaae0939789dd2f4f0205278cee3e4d",
     "ad693b29f94c14277b095f5238ddefbbdaaae0939789dd2f4f0205278cee3e4d"},
    {"binarized_mnist_valid.amat", 15680000, "1de3d397c40fe8eeb33dafd4099a1f665ec01e96d9be234aaeeac8a34930e2e2",
     "1de3d397c40fe8eeb33dafd4099a1f665ec01e96d9be234aaeeac8a34930e2e2"},
    {"binarized_mnist_test.amat", 15680000, "e6687bfea3f820c174f33b7865140b2a2dd2930ef786f35d45795fc193b5ab2c",
     "e6687bfea3f820c174f33b7865140b2a2dd2930ef786f35d45795fc193b5ab2c"},
}};

DatasetFile idx_file(const Published& published) {
  const std::string name = published.name;
  return {{name + ".gz", name},
          {"https://ossci-datasets.s3.amazonaws.com/mnist/" + name + ".gz",
           "https://storage.googleapis.com/cvdf-datasets/mnist/" + name + ".gz"},
          published.download_sha256,
          published.download_bytes};
}

DatasetFile fixed_file(const Published& published) {
  const std::string name = published.name;
  return {{name, name + ".gz"},
          {"http://www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist/" + name},
          published.download_sha256,
          published.download_bytes};
}

Content read(const DatasetContext& context, const DatasetFile& file, const std::string& folder, std::size_t size_hint) {
  const std::filesystem::path path = context.locate(file, folder);
  return parse_content(path, context.read(path, kMostContent), size_hint);
}

/// One checksum of the files' contents, compressed or not, and whether all of them are the published ones.
class ContentChecksum {
 public:
  explicit ContentChecksum(const DatasetContext& context) : context_(context) {}
  void add(const Published& published, const Content& content) {
    const std::string sha256 = context_.sha256_of(content.bytes);
    all_published_ = all_published_ && sha256 == published.content_sha256;
    list_ += sha256 + "  " + published.name + "\n";
  }
  /// The SHA-256 of the list that `sha256sum` prints for the decompressed files.
  std::string text() const { return context_.sha256_of(list_); }
  const char* remark() const { return all_published_ ? "; the published files" : "; NOT the published files"; }

 private:
  const DatasetContext& context_;
  std::string list_;
  bool all_published_ = true;
};

}  // namespace

void MnistOptions::declare(OptionTable& table) {
  table.choice("binarization", binarization,
               {{"fixed", Binarization::fixed},
                {"stochastic", Binarization::stochastic},
                {"threshold", Binarization::threshold},
                {"none", Binarization::none}},
               "how pixels become 0 or 1: as published once (without labels), drawn with the grey level's probability "
               "afresh each epoch, cut at one half, or left grey");
  table.text("path", path, "a folder to look in before all others").is_path();
}

std::vector<DatasetFile> Mnist::files(const Options& options) {
  std::vector<DatasetFile> files;
  if (options.binarization == Binarization::fixed) {
    for (const Published& published : kFixedFiles) files.push_back(fixed_file(published));
  } else {
    for (const Published& published : kIdxFiles) files.push_back(idx_file(published));
  }
  return files;
}

Mnist::Mnist(const Options& options, const DatasetContext& context, const SplitSizes& sizes)
    : binarization_(options.binarization), seed_(context.seed()) {
  info_.name = "mnist";
  info_.image = {1, kSide, kSide};
  info_.counts = {sizes.train, sizes.validation, sizes.test};
  info_.pixels = pixel_kind(options.binarization);
  info_.values = values_text(options.binarization);
  if (binarization_ == Binarization::fixed) {
    open_fixed(options, context, sizes);
  } else {
    open_grey(options, context, sizes);
  }
}

void Mnist::open_fixed(const Options& options, const DatasetContext& context, const SplitSizes& sizes) {
  const std::array<std::int64_t, 3> rows = {sizes.train, sizes.validation, sizes.test};
  Fixed fixed;
  ContentChecksum checksum(context);
  for (std::size_t i = 0; i < kFixedFiles.size(); ++i) {
    const Content content =
        read(context, fixed_file(kFixedFiles[i]), options.path, static_cast<std::size_t>(rows[i] * kPixels * 2));
    fixed.push_back(parse_amat(content, rows[i], kPixels));
    checksum.add(kFixedFiles[i], content);
  }
  info_.classes = 0;
  info_.label_meaning = "no labels";
  info_.provenance =
      std::string("the binarisation of MNIST by Salakhutdinov and Murray (2008), as split by Larochelle") +
      checksum.remark();
  info_.checksum = checksum.text();
  data_ = std::move(fixed);
}

void Mnist::open_grey(const Options& options, const DatasetContext& context, const SplitSizes& sizes) {
  const auto content = [&](std::size_t file, std::int64_t size) {
    return read(context, idx_file(kIdxFiles[file]), options.path, static_cast<std::size_t>(size));
  };
  const std::int64_t train_count = sizes.train + sizes.validation;
  Grey grey = {parse_idx_images(content(0, 16 + train_count * kPixels), kSide, kSide),
               parse_idx_labels(content(1, 8 + train_count)),
               parse_idx_images(content(2, 16 + sizes.test * kPixels), kSide, kSide),
               parse_idx_labels(content(3, 8 + sizes.test))};
  check_counts(grey.train_images, grey.train_labels, train_count);
  check_counts(grey.test_images, grey.test_labels, sizes.test);
  ContentChecksum checksum(context);
  checksum.add(kIdxFiles[0], grey.train_images.content);
  checksum.add(kIdxFiles[1], grey.train_labels.content);
  checksum.add(kIdxFiles[2], grey.test_images.content);
  checksum.add(kIdxFiles[3], grey.test_labels.content);
  info_.classes = 10;
  info_.label_meaning = "the digit";
  info_.provenance = std::string("MNIST of LeCun, Cortes and Burges (1998), validation the last ") +
                     std::to_string(sizes.validation) + " training images" + checksum.remark();
  info_.checksum = checksum.text();
  data_ = std::move(grey);
}

void Mnist::fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
                 std::span<std::int32_t> labels) const {
  check_fill(info_, split, indices, images, labels);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const auto pixels = images.subspan(i * static_cast<std::size_t>(kPixels), static_cast<std::size_t>(kPixels));
    if (const auto* fixed = std::get_if<Fixed>(&data_)) {
      const BitImages& source = (*fixed)[static_cast<std::size_t>(split)];
      for (std::int64_t pixel = 0; pixel < kPixels; ++pixel) {
        pixels[static_cast<std::size_t>(pixel)] = source.pixel(indices[i], pixel) ? 1.0F : 0.0F;
      }
      labels[i] = -1;
    } else {
      const Grey& grey = std::get<Grey>(data_);
      const bool is_test = split == Split::test;
      const std::int64_t index = indices[i] + (split == Split::validation ? info_.count(Split::train) : 0);
      write_pixels((is_test ? grey.test_images : grey.train_images).values(index), binarization_,
                   binarization_key(seed_, split, indices[i], epoch), pixels);
      labels[i] = (is_test ? grey.test_labels : grey.train_labels).values(index)[0];
    }
  }
}

}  // namespace drawlab::mnist
