#include "results/sheet_layout.hpp"

#include <nlohmann/json.hpp>

namespace drawlab::results {

std::string layout_json(const SheetLayout& layout) {
  return nlohmann::json{{"original", layout.has_original}, {"lefts", layout.lefts},   {"tops", layout.tops},
                        {"width", layout.width},           {"height", layout.height}, {"of", layout.of},
                        {"glimpses", layout.glimpses}}
      .dump();
}

std::optional<SheetLayout> parse_layout(std::string_view json) {
  if (json.empty()) return std::nullopt;
  try {
    const auto found = nlohmann::json::parse(json);
    SheetLayout layout;
    found.at("original").get_to(layout.has_original);
    found.at("lefts").get_to(layout.lefts);
    found.at("tops").get_to(layout.tops);
    found.at("width").get_to(layout.width);
    found.at("height").get_to(layout.height);
    found.at("of").get_to(layout.of);
    found.at("glimpses").get_to(layout.glimpses);
    return layout;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace drawlab::results
