#pragma once

#include "drawlab/custom_op.hpp"
#include "drawlab/ops.hpp"
#include "drawlab/plugin.hpp"
#include "drawlab/random.hpp"

#include <algorithm>
#include <array>

namespace drawlab::planted {

/// A read mode with which nothing is wrong: tanh(images ∘ W(state)); what is planted changes the state or the patch.
class Mode : public ReadMode {
 public:
  using Options = NoOptions;

  explicit Mode(const ReadSetup& setup) : Mode(setup, Initial::fan_in(setup.state_size)) {}
  Mode(const ReadSetup& setup, const Initial& first)
      : size_(setup.image.count() * setup.image_count),
        layer_(setup.parameters, "layer", setup.state_size, size_, first, first) {}

  std::int64_t patch_size() const override { return size_; }

  ReadResult read(std::span<const Value> images, Value state) const override {
    return {spoilt(tanh(concat(images) * layer_(steering(state)))), std::nullopt};
  }

 protected:
  virtual Value steering(Value state) const { return state; }
  virtual Value spoilt(Value patch) const { return patch; }

 private:
  std::int64_t size_;
  Linear layer_;
};

/// x² with a backward of 2·slope·x.
struct Square {
  Shape shape;
  double slope = 1;
  std::array<Shape, 1> shapes() const { return {shape}; }

  template <class T>
  void forward(std::span<const std::span<const T>> in, std::span<const std::span<T>> out) const {
    std::transform(in[0].begin(), in[0].end(), out[0].begin(), [](T x) { return x * x; });
  }
  template <class T>
  void backward(std::span<const std::span<const T>> in, std::span<const std::span<const T>>,
                std::span<const std::span<const T>> d_out, std::span<const std::span<T>> d_in) const {
    for (std::size_t i = 0; i < d_in[0].size(); ++i) d_in[0][i] += static_cast<T>(2 * slope) * in[0][i] * d_out[0][i];
  }
};

/// The composed form of Square with a slope of 1.
inline Value composed_square(std::span<const Value> in) { return in[0] * in[0]; }
inline Value square(Value x, double slope) { return custom_op(Square{x.shape(), slope}, composed_square, {x}); }

/// A dataset with which nothing is wrong: noise from (split, sample), two classes.
class Data : public Dataset {
 public:
  using Options = NoOptions;
  static std::vector<DatasetFile> files(const Options&) { return {}; }

  explicit Data(const char* name) {
    info_.name = name;
    info_.image = {1, 5, 4};
    info_.counts = {300, 100, 100};
    info_.classes = 2;
    info_.label_meaning = "whether the sample's number is odd";
    info_.values = "grey levels in [0,1]";
    info_.provenance = "made for the tests";
    info_.checksum = "1";
  }

  const DatasetInfo& info() const override { return info_; }

  void fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
            std::span<std::int32_t> labels) const override {
    for (std::size_t i = 0; i < indices.size(); ++i) {
      const std::int64_t index = indices[i];
      write(split, index, epoch, images.subspan(i * 20, 20));
      labels[i] = static_cast<std::int32_t>(index % 2);
    }
  }

 protected:
  virtual void write(Split split, std::int64_t index, std::uint64_t, std::span<float> image) const {
    fill_noise(static_cast<std::uint64_t>(split), static_cast<std::uint64_t>(index), image);
  }
  static void fill_noise(std::uint64_t a, std::uint64_t b, std::span<float> image) {
    Random random(1, Purpose::data, a, b);
    for (float& pixel : image) pixel = static_cast<float>(random.uniform());
  }
  DatasetInfo info_;
};

}  // namespace drawlab::planted
