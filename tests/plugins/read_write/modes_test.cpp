#include "modes.hpp"

#include "drawlab/ops.hpp"

#include "fused.hpp"
#include "gradient_check.hpp"
#include "window.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

// The modes of the built libraries, as a model calls them.
namespace drawlab {
namespace {

using tests::Array;
using tests::every_mode;
using tests::Function;
using tests::ModeChoice;
using tests::random_array;
using tests::Values;

constexpr std::int64_t kState = 4;
constexpr std::int64_t kBatch = 2;
const std::vector<ImageShape> kImages = {{1, 7, 9}, {3, 7, 9}, {1, 9, 7}, {3, 6, 6}, {1, 1, 5}};

std::string text(const ImageShape& image) {
  return std::to_string(image.channels) + "x" + std::to_string(image.height) + "x" + std::to_string(image.width);
}

/// A mode with parameters of its own, so far from 0 that every one matters.
struct Reader {
  Reader(const ModeChoice& choice, const ImageShape& image, std::int64_t images)
      : composed(choice.composed),
        mode(tests::make_read(choice, {ParameterScope(store, "read"), image, kState, images})) {
    tests::randomise(store, 0.5);
  }
  Function function() const {
    const Function read = [this](Tape&, Values in) { return mode->read(in.subspan(1), in[0]).patch; };
    return composed ? tests::composed(read) : read;
  }
  bool composed;
  ParameterStore store;
  std::unique_ptr<ReadMode> mode;
};

struct Writer {
  Writer(const ModeChoice& choice, const ImageShape& image)
      : composed(choice.composed), mode(tests::make_write(choice, {ParameterScope(store, "write"), image, kState})) {
    tests::randomise(store, 0.5);
  }
  Function function() const {
    const Function write = [this](Tape&, Values in) { return mode->write(in[0]).update; };
    return composed ? tests::composed(write) : write;
  }
  bool composed;
  ParameterStore store;
  std::unique_ptr<WriteMode> mode;
};

std::vector<Array> read_inputs(const ImageShape& image, std::int64_t images) {
  std::vector<Array> inputs = {random_array({kBatch, kState}, 1)};
  for (std::int64_t i = 0; i < images; ++i) {
    inputs.push_back(
        random_array({kBatch, image.channels, image.height, image.width}, 2 + static_cast<std::uint64_t>(i)));
  }
  return inputs;
}

TEST(ReadModes, HaveTheGradientsOfFiniteDifferences) {
  for (const ModeChoice& choice : every_mode()) {
    for (const ImageShape& image : kImages) {
      for (const std::int64_t images : {1, 2}) {
        SCOPED_TRACE(choice.name() + ", " + text(image) + ", " + std::to_string(images) + " images");
        Reader reader(choice, image, images);
        tests::expect_gradient(reader.function(), read_inputs(image, images), reader.store);
      }
    }
  }
}

TEST(WriteModes, HaveTheGradientsOfFiniteDifferences) {
  for (const ModeChoice& choice : every_mode()) {
    for (const ImageShape& image : kImages) {
      SCOPED_TRACE(choice.name() + ", " + text(image));
      Writer writer(choice, image);
      tests::expect_gradient(writer.function(), {random_array({kBatch, kState}, 1)}, writer.store);
    }
  }
}

TEST(ReadModes, AgreeInBothPrecisions) {
  for (const ModeChoice& choice : every_mode()) {
    for (const ImageShape& image : kImages) {
      SCOPED_TRACE(choice.name() + ", " + text(image));
      const Reader reader(choice, image, 2);
      tests::expect_precisions_agree(reader.function(), read_inputs(image, 2), reader.store, 5e-5);
    }
  }
}

TEST(WriteModes, AgreeInBothPrecisions) {
  for (const ModeChoice& choice : every_mode()) {
    for (const ImageShape& image : kImages) {
      SCOPED_TRACE(choice.name() + ", " + text(image));
      const Writer writer(choice, image);
      tests::expect_precisions_agree(writer.function(), {random_array({kBatch, kState}, 1)}, writer.store, 5e-5);
    }
  }
}

TEST(GaussianMode, FusedReadIsItsComposedForm) {
  for (const int size : {1, 2, 5, 12}) {
    for (const ImageShape& image : {kImages[0], kImages[1], ImageShape{1, 28, 28}, ImageShape{3, 33, 32}}) {
      for (const std::int64_t images : {1, 2}) {
        SCOPED_TRACE("size " + std::to_string(size) + ", " + text(image) + ", " + std::to_string(images) + " images");
        const Reader fused({"gaussian", size, false}, image, images);
        const Reader composed({"gaussian", size, true}, image, images);
        const auto inputs = read_inputs(image, images);
        const auto both = [&](Precision precision, double tolerance) {
          const auto a = tests::run(fused.function(), inputs, fused.store, precision);
          const auto b = tests::run(composed.function(), inputs, composed.store, precision);
          EXPECT_LE(tests::relative_error(a.value, b.value), tolerance);
          EXPECT_LE(tests::relative_error(a.parameters, b.parameters), tolerance);
          for (std::size_t i = 0; i < inputs.size(); ++i) {
            EXPECT_LE(tests::relative_error(a.inputs[i], b.inputs[i]), tolerance) << "input " << i;
          }
        };
        both(Precision::f64, 1e-10);
        both(Precision::f32, 1e-4);
      }
    }
  }
}

TEST(GaussianMode, FusedWriteIsItsComposedForm) {
  for (const int size : {1, 2, 5, 12}) {
    for (const ImageShape& image : {kImages[0], kImages[1], ImageShape{1, 28, 28}, ImageShape{3, 33, 32}}) {
      SCOPED_TRACE("size " + std::to_string(size) + ", " + text(image));
      const Writer fused({"gaussian", size, true}, image);
      const Writer composed({"gaussian", size, false}, image);
      const std::vector<Array> inputs = {random_array({kBatch, kState}, 1)};
      const auto both = [&](Precision precision, double tolerance) {
        const auto a = tests::run(fused.function(), inputs, fused.store, precision);
        const auto b = tests::run(composed.function(), inputs, composed.store, precision);
        EXPECT_LE(tests::relative_error(a.value, b.value), tolerance);
        EXPECT_LE(tests::relative_error(a.parameters, b.parameters), tolerance);
        EXPECT_LE(tests::relative_error(a.inputs[0], b.inputs[0]), tolerance);
      };
      both(Precision::f64, 1e-10);
      both(Precision::f32, 1e-4);
    }
  }
}

/// Windows of a few pixels on a large image: in its middle, over an edge, over a corner, and off it altogether.
Array small_windows() {
  Array parameters{{4, 5}, {}};
  for (const auto& [x, y] : {std::pair{0.1, -0.2}, {0.97, 0.3}, {-1.02, 0.99}, {3.0, -2.5}}) {
    for (const double number : {x, y, -0.7, -2.4, 0.3}) parameters.numbers.push_back(number);
  }
  return parameters;
}

TEST(GaussianMode, FusedFormLeavesOutOnlyWhatDoesNotCount) {
  const ImageShape image{2, 70, 61};
  for (const int size : {1, 3, 12}) {
    SCOPED_TRACE("size " + std::to_string(size));
    const ParameterStore none;
    const std::vector<Array> read_from = {small_windows(),
                                          random_array({4, image.channels, image.height, image.width}, 1)};
    const std::vector<Array> written = {small_windows(), random_array({4, image.channels * size * size}, 2)};
    const Function fused_reader = [&](Tape&, Values in) { return gaussian_read(in[0], in.subspan(1), size).patch; };
    const Function reader = [&](Tape&, Values in) {
      const GaussianFilters filters = gaussian_filters(in[0], size, image.height, image.width);
      return mul_column(reshape(look(filters, in[1]), {4, image.channels * size * size}), filters.gamma);
    };
    const Function fused_writer = [&](Tape&, Values in) { return gaussian_write(in[0], in[1], image, size).update; };
    const Function writer = [&](Tape& tape, Values in) {
      const GaussianFilters filters = gaussian_filters(in[0], size, image.height, image.width);
      const Value update = paint(filters, reshape(in[1], {4, image.channels, size, size}));
      return reshape(mul_column(reshape(update, {4, image.count()}), div(tape.constant({4, 1}, 1), filters.gamma)),
                     update.shape());
    };
    const auto agree = [&](const Function& one, const Function& other, const std::vector<Array>& in) {
      for (const auto& [precision, tolerance] : {std::pair{Precision::f64, 1e-12}, {Precision::f32, 1e-4}}) {
        const auto a = tests::run(one, in, none, precision);
        const auto b = tests::run(other, in, none, precision);
        EXPECT_LE(tests::relative_error(a.value, b.value), tolerance);
        for (std::size_t i = 0; i < in.size(); ++i) {
          EXPECT_LE(tests::relative_error(a.inputs[i], b.inputs[i]), tolerance) << "input " << i;
        }
      }
    };
    agree(fused_reader, reader, read_from);
    agree(fused_writer, writer, written);
  }
}

/// Centre [B,2], spacing [B,1] and width [B,1], one after the other.
std::vector<double> numbers_of(const Window& window) {
  std::vector<double> numbers;
  for (const Value& value : {window.center, window.steps, window.width}) {
    std::vector<double> more(static_cast<std::size_t>(value.shape().count()));
    value.tape().read(value, std::span<double>(more));
    numbers.insert(numbers.end(), more.begin(), more.end());
  }
  EXPECT_EQ(numbers.size(), 4U * kBatch);
  return numbers;
}

TEST(GaussianMode, ShowsTheSameWindowFusedAndComposed) {
  const ImageShape image{1, 7, 9};
  std::vector<std::vector<double>> seen;
  for (const bool composed : {true, false}) {
    const Reader reader({"gaussian", 3, composed}, image, 1);
    const Writer writer({"gaussian", 3, composed}, image);
    Tape tape(reader.store, Precision::f64);
    Tape write_tape(writer.store, Precision::f64);
    tape.set_composed(composed);
    write_tape.set_composed(composed);
    const auto state = random_array({kBatch, kState}, 1).numbers;
    const Value x = tape.constant({kBatch, 1, 7, 9}, 1);
    const ReadResult read =
        reader.mode->read(std::span(&x, 1), tape.input({kBatch, kState}, std::span<const double>(state)));
    const WriteResult written = writer.mode->write(write_tape.input({kBatch, kState}, std::span<const double>(state)));
    ASSERT_TRUE(read.window && written.window);
    EXPECT_EQ(read.window->filters, 3);
    seen.push_back(numbers_of(*read.window));
    const auto more = numbers_of(*written.window);
    seen.back().insert(seen.back().end(), more.begin(), more.end());
  }
  for (std::size_t i = 0; i < 16; ++i) EXPECT_NEAR(seen[0][i], seen[1][i], 1e-12);
}

TEST(GaussianMode, StartsWithFiltersAsWideAsAsked) {
  for (const bool composed : {true, false}) {
    for (const double sigma : {0.5, 1.0, 4.5}) {
      Reader reader({"gaussian", 3, composed, sigma}, {1, 7, 9}, 1);
      Writer writer({"gaussian", 3, composed, sigma}, {1, 7, 9});
      std::ranges::fill(reader.store.doubles(), 0.0);
      std::ranges::fill(writer.store.doubles(), 0.0);
      Tape tape(reader.store, Precision::f64);
      Tape write_tape(writer.store, Precision::f64);
      tape.set_composed(composed);
      write_tape.set_composed(composed);
      const Value x = tape.constant({kBatch, 1, 7, 9}, 1);
      const auto numbers = numbers_of(*reader.mode->read(std::span(&x, 1), tape.constant({kBatch, kState}, 1)).window);
      EXPECT_NEAR(numbers[3 * kBatch], sigma, 1e-12);
      EXPECT_NEAR(numbers[2 * kBatch], 4, 1e-12);  // the stride is as it was
      const auto written = numbers_of(*writer.mode->write(write_tape.constant({kBatch, kState}, 1)).window);
      EXPECT_NEAR(written[3 * kBatch], sigma, 1e-12);
    }
  }
}

TEST(GlobalMode, ReadsTheImageAndTheErrorImageWhole) {
  const Reader reader({"global"}, {1, 2, 3}, 2);
  EXPECT_EQ(reader.mode->patch_size(), 12);
  const auto inputs = read_inputs({1, 2, 3}, 2);
  const auto outcome = tests::run(reader.function(), inputs, reader.store, Precision::f64);
  for (std::size_t b = 0; b < 2; ++b) {
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_EQ(outcome.value[b * 12 + i], inputs[1].numbers[b * 6 + i]);
      EXPECT_EQ(outcome.value[b * 12 + 6 + i], inputs[2].numbers[b * 6 + i]);
    }
  }
}

TEST(GaussianMode, ReadsTheErrorImageBesideTheImage) {
  for (const bool composed : {true, false}) {
    const Reader two({"gaussian", 2, composed}, {1, 7, 9}, 2);
    const Reader one({"gaussian", 2, composed}, {1, 7, 9}, 1);
    EXPECT_EQ(two.mode->patch_size(), 8);
    EXPECT_EQ(one.mode->patch_size(), 4);
    const auto inputs = read_inputs({1, 7, 9}, 2);
    const auto both = tests::run(two.function(), inputs, two.store, Precision::f64).value;
    const auto image = tests::run(one.function(), {inputs[0], inputs[1]}, one.store, Precision::f64).value;
    const auto error = tests::run(one.function(), {inputs[0], inputs[2]}, one.store, Precision::f64).value;
    for (std::size_t b = 0; b < 2; ++b) {
      for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_NEAR(both[8 * b + i], image[4 * b + i], 1e-14);
        EXPECT_NEAR(both[8 * b + 4 + i], error[4 * b + i], 1e-14);
      }
    }
  }
}

TEST(GaussianMode, FiltersEveryChannelAlike) {
  const Reader color({"gaussian", 2, false}, {3, 7, 9}, 1);
  const Reader grey({"gaussian", 2, false}, {1, 7, 9}, 1);
  const Array state = random_array({1, kState}, 1);
  const Array image = random_array({1, 3, 7, 9}, 2);
  const auto all = tests::run(color.function(), {state, image}, color.store, Precision::f64).value;
  for (std::size_t c = 0; c < 3; ++c) {
    const auto first = image.numbers.begin() + static_cast<std::ptrdiff_t>(63 * c);
    const Array plane = tests::array({1, 1, 7, 9}, {first, first + 63});
    const auto one = tests::run(grey.function(), {state, plane}, grey.store, Precision::f64).value;
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(all[4 * c + i], one[i], 1e-14);
  }
}

}  // namespace
}  // namespace drawlab
