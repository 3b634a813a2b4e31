#include "drawlab/shape.hpp"

#include "drawlab/error.hpp"

#include <algorithm>

namespace drawlab {

namespace {

std::string sizes_text(const std::int64_t* begin, const std::int64_t* end) {
  std::string text = "[";
  for (const std::int64_t* size = begin; size != end; ++size) {
    if (size != begin) text += ", ";
    text += std::to_string(*size);
  }
  return text + "]";
}

}  // namespace

Shape::Shape(std::initializer_list<std::int64_t> sizes) {
  if (sizes.size() > static_cast<std::size_t>(kMaxRank)) {
    throw ShapeError("shape " + sizes_text(sizes.begin(), sizes.end()) + ": rank " + std::to_string(sizes.size()) +
                     " is above " + std::to_string(kMaxRank));
  }
  for (const std::int64_t size : sizes) {
    if (size < 1) {
      throw ShapeError("shape " + sizes_text(sizes.begin(), sizes.end()) + ": size " + std::to_string(size) +
                       " is below 1");
    }
  }
  std::copy(sizes.begin(), sizes.end(), sizes_.begin());
  rank_ = static_cast<int>(sizes.size());
}

std::int64_t Shape::count() const {
  std::int64_t count = 1;
  for (int axis = 0; axis < rank_; ++axis) count *= (*this)[axis];
  return count;
}

Shape Shape::with_rows(std::int64_t rows) const {
  if (rank_ == 0) throw ShapeError("with_rows: shape [] has no first size to set to " + std::to_string(rows));
  if (rows < 1) throw ShapeError("with_rows: shape " + text() + ": size " + std::to_string(rows) + " is below 1");
  Shape shape = *this;
  shape.sizes_[0] = rows;
  return shape;
}

bool Shape::operator==(const Shape& other) const { return rank_ == other.rank_ && sizes_ == other.sizes_; }

std::string Shape::text() const { return sizes_text(sizes_.data(), sizes_.data() + rank_); }

}  // namespace drawlab
