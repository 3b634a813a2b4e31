#include "drawlab/error.hpp"

#include "results/pictures/png.hpp"
#include "results/pictures/webp.hpp"
#include "results/reports/sections.hpp"

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace drawlab::results {

namespace mustache = kainjow::mustache;

namespace {

/// Pictures that are shown side by side.
struct Kind {
  const char* kind;
  const char* name;  // of the images; nullptr: all of that kind
  const char* id;
  const char* title;
  const char* about;
};

constexpr std::array<Kind, 7> kKinds = {{
    {"samples", nullptr, "samples", "Samples", "Drawn from the prior. Cells of one seed draw from the same noise."},
    {"sequence", "samples", "drawing", "How samples are drawn",
     "The canvas after each glimpse, with the read window red and the write window blue: the box is the patch that the "
     "filters span, and the thicker its line, the wider (blurrier) the filters."},
    {"reconstructions", nullptr, "reconstructions", "Reconstructions",
     "Images of the test split, each above what the model makes of it."},
    {"sequence", "reconstructions", "redrawing", "How images are reconstructed",
     "The original, and the canvas after each glimpse. The read window is red, the write window blue."},
    {"sequence", "classified", "classified", "How images are classified",
     "Images of the test split with the read window, red, of each glimpse."},
    {"neighbours", nullptr, "neighbours", "Nearest training images",
     "Samples in the first row, below each the training images nearest to it: a copy would show."},
    {"data", nullptr, "data", "Data", "Images that the model was given."},
}};

std::string base64(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t left = bytes.size() - at;
    const std::uint32_t word = static_cast<std::uint32_t>(bytes[at]) << 16 |
                               (left > 1 ? static_cast<std::uint32_t>(bytes[at + 1]) << 8 : 0) |
                               (left > 2 ? static_cast<std::uint32_t>(bytes[at + 2]) : 0);
    for (std::size_t i = 0; i < 4; ++i) text += i <= left ? kDigits[word >> (18 - 6 * i) & 63] : '=';
  }
  return text;
}

/// A picture that goes into the page.
struct Shown {
  const ReportCell* cell = nullptr;
  std::size_t kind = 0;  // its place in kKinds
  std::string caption;
  std::optional<SheetLayout> layout;
  Pixels pixels;
  std::vector<std::uint8_t> webp;
};

/// Nothing where the picture cannot be read, or not be shown.
std::optional<Shown> shown_picture(const ReportCell& cell, std::size_t kind, const ImageRow& image) {
  try {
    Shown shown{&cell, kind, readable_text(image.caption), image.layout, {}, {}};
    shown.pixels = image.format == "png" ? decode_png(image.bytes) : decode_webp(image.bytes);
    shown.webp = encode_webp(shown.pixels);
    return shown;
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Keeps the pictures small enough together, with loss where it must be and where that helps; whether it had to.
bool fit(std::vector<Shown>& pictures) {
  constexpr std::size_t kMostBytes = 3'600'000;  // as base64 and beside the rest, less than 5 MB
  bool lossy = false;
  for (const int quality : {80, 45, 20}) {
    std::size_t bytes = 0;
    for (const Shown& picture : pictures) bytes += picture.webp.size();
    if (bytes <= kMostBytes) break;
    lossy = true;
    for (Shown& picture : pictures) {
      auto smaller = encode_webp_lossy(picture.pixels, quality);
      if (smaller.size() < picture.webp.size()) picture.webp = std::move(smaller);
    }
  }
  return lossy;
}

mustache::data figure(const Shown& picture) {
  const ReportCell& cell = *picture.cell;
  mustache::data data = mustache::object{{"seed", std::to_string(cell.run->seed)},
                                         {"run", std::to_string(cell.run->id)},
                                         {"caption", picture.caption},
                                         {"alt", readable_text(cell.group.label) + ": " + picture.caption},
                                         {"source", "data:image/webp;base64," + base64(picture.webp)},
                                         {"width", std::to_string(picture.pixels.width)},
                                         {"height", std::to_string(picture.pixels.height)},
                                         {"plays", picture.layout.has_value()},
                                         {"frames", picture.layout ? layout_json(*picture.layout) : ""}};
  set_cell(data, cell);
  return data;
}

}  // namespace

mustache::data pictures_section(const ReportContext& context) {
  std::vector<Shown> pictures;
  std::size_t damaged = 0;
  for (std::size_t i = 0; i < context.shown; ++i) {
    const ReportCell& cell = context.cells[i];
    for (const ImageRow& image : context.store.images(cell.run->id)) {
      for (std::size_t k = 0; k < kKinds.size(); ++k) {
        if (image.kind != kKinds[k].kind || (kKinds[k].name != nullptr && image.name != kKinds[k].name)) continue;
        if (auto shown = shown_picture(cell, k, image)) {
          pictures.push_back(std::move(*shown));
        } else {
          ++damaged;
        }
      }
    }
  }
  const bool is_lossy = fit(pictures);
  mustache::list kinds;
  for (std::size_t k = 0; k < kKinds.size(); ++k) {
    mustache::list figures;
    bool plays = false;
    for (const Shown& picture : pictures) {
      if (picture.kind != k) continue;
      figures.push_back(figure(picture));
      plays = plays || picture.layout.has_value();
    }
    if (figures.empty()) continue;
    kinds.push_back(mustache::object{{"id", kKinds[k].id},
                                     {"title", kKinds[k].title},
                                     {"about", kKinds[k].about},
                                     {"is_sequence", plays},
                                     {"figures", figures}});
  }
  return mustache::object{{"any", !kinds.empty()},
                          {"is_lossy", is_lossy},
                          {"has_damaged", damaged > 0},
                          {"damaged", std::to_string(damaged)},
                          {"kinds", kinds}};
}

}  // namespace drawlab::results
