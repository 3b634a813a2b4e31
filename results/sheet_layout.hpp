#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drawlab::results {

/// Where the frames of a drawing sheet are, in its pixels, and which glimpses they show. Stored with the image, so that
/// a report can play the sheet as an animation.
struct SheetLayout {
  bool has_original = false;           // the first column shows what is reconstructed
  std::vector<int> lefts;              // of the columns, including that of the originals
  std::vector<int> tops;               // of the rows
  int width = 0;                       // of a frame
  int height = 0;                      // of a frame
  std::vector<std::int64_t> glimpses;  // 1-based, one per column of canvases
  std::int64_t of = 0;                 // all glimpses of the drawing

  bool operator==(const SheetLayout&) const = default;
};

/// As the database's column `image.layout` holds it.
std::string layout_json(const SheetLayout& layout);
/// Inverse of layout_json; nothing for any other text.
std::optional<SheetLayout> parse_layout(std::string_view json);

}  // namespace drawlab::results
