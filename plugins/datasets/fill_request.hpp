#pragma once

#include "drawlab/dataset.hpp"
#include "drawlab/error.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace drawlab {

/// Throws ShapeError if the spans of Dataset::fill do not fit the number of indices or an index is outside the split.
inline void check_fill(const DatasetInfo& info, Split split, std::span<const std::int64_t> indices,
                       std::span<float> images, std::span<std::int32_t> labels) {
  const auto expected = indices.size() * static_cast<std::size_t>(info.image.count());
  if (images.size() != expected || labels.size() != indices.size()) {
    throw ShapeError(info.name + ".fill: " + std::to_string(indices.size()) + " samples need " +
                     std::to_string(expected) + " pixels and as many labels as samples; found room for " +
                     std::to_string(images.size()) + " pixels and " + std::to_string(labels.size()) + " labels");
  }
  for (const std::int64_t index : indices) {
    if (index < 0 || index >= info.count(split)) {
      throw ShapeError(info.name + ".fill: sample " + std::to_string(index) + " is outside 0.." +
                       std::to_string(info.count(split) - 1) + " of the " + split_name(split) + " split");
    }
  }
}

}  // namespace drawlab
