#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>

namespace drawlab {

/// The sizes of a contiguous row-major array of rank 0 to 4; rank 0 is a single number.
class Shape {
 public:
  static constexpr int kMaxRank = 4;

  constexpr Shape() = default;
  /// Throws ShapeError past rank 4 or on a size below 1.
  Shape(std::initializer_list<std::int64_t> sizes);

  int rank() const { return rank_; }
  std::int64_t operator[](int axis) const { return sizes_[static_cast<std::size_t>(axis)]; }
  /// The product of all sizes.
  std::int64_t count() const;
  /// The first size, the batch; 1 at rank 0.
  std::int64_t rows() const { return rank_ == 0 ? 1 : sizes_[0]; }
  /// count() / rows().
  std::int64_t row_size() const { return count() / rows(); }
  /// The same shape with another first size.
  Shape with_rows(std::int64_t rows) const;

  bool operator==(const Shape& other) const;
  /// `[32, 1, 28, 28]`.
  std::string text() const;

 private:
  std::array<std::int64_t, kMaxRank> sizes_{};
  int rank_ = 0;
};

/// Channels, height (B in the paper) and width (A in the paper) of an image.
struct ImageShape {
  std::int64_t channels = 1;
  std::int64_t height = 0;
  std::int64_t width = 0;

  std::int64_t count() const { return channels * height * width; }
  bool operator==(const ImageShape&) const = default;
};

}  // namespace drawlab
