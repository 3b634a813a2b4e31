#include "drawlab/error.hpp"

#include "results/pictures/animation.hpp"
#include "results/pictures/drawing_sheet.hpp"
#include "results/pictures/gif.hpp"
#include "results/pictures/png.hpp"
#include "results/pictures/webp.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/recorded_run.hpp"
#include "runner/commands/shared_options.hpp"
#include "system/machine.hpp"
#include "system/write_file.hpp"
#include "training/weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

namespace drawlab::runner {
namespace {

enum class FileKind { webp, gif, png };

FileKind kind_of(const Path& path) {
  const std::filesystem::path extension = path.extension();
  if (extension == ".webp") return FileKind::webp;
  if (extension == ".gif") return FileKind::gif;
  if (extension == ".png") return FileKind::png;
  throw ConfigError(
      fmt::format("--output: '{}' ends in none of .webp, .gif (animations) and .png (a sheet)", path.string()));
}

struct Animate : CommandLine {
  RunOption recorded{*this};
  const Path& output = output_option(*this, "file to write; its ending (.webp, .gif or .png) chooses the format");
  const std::int64_t& count = option("count", integer(1, 400), "number of pictures", "16");
  const bool& reconstructions = flag("reconstructions", "reconstruct images of the dataset, each beside its original");
  const Split& split = option("split", split_word(), "split of the reconstructed images", "test");
  const std::int64_t& first =
      option("first", integer(0, std::int64_t{1} << 40), "index of the first reconstructed image", "0");
  SeedOption seed{*this};
  const double& temperature = temperature_option(*this);
  const int& delay = option("delay", integer<int>(10, 60'000, "MS"), "milliseconds per glimpse", "120");
  const int& hold = option("hold", integer<int>(10, 60'000, "MS"), "milliseconds for the finished pictures", "1500");
  const int& columns = option("columns", integer<int>(1, 1000), "most glimpses shown on a sheet", "16");
  const int& size = option("size", integer<int>(16, 1000, "PIXELS"), "least width and height of a picture", "84");

  int run() const override;

 private:
  results::SheetOptions sheet_options() const {
    results::SheetOptions options;
    options.frame = size;
    options.columns = columns;
    return options;
  }
  void require_drawable(const ImageShape& image, std::int64_t glimpses) const;
  Drawing draw_samples(const RecordedRun& run, PluginHost& plugins) const;
  Drawing draw_reconstructions(const RecordedRun& run, PluginHost& plugins) const;
  std::vector<std::uint8_t> encoded(const Drawing& drawing) const;
};

/// Throws ConfigError if the file's format cannot hold the picture, or drawing it would take too much memory.
void Animate::require_drawable(const ImageShape& image, std::int64_t glimpses) const {
  constexpr double kMostBytes = 1e9;
  const FileKind kind = kind_of(output);
  results::AnimationSize needed = results::animation_size(image, count, glimpses, reconstructions, {size});
  if (kind == FileKind::png) {
    const auto sheet =
        results::sheet_size(results::sheet_layout(image, count, glimpses, reconstructions, sheet_options()));
    needed = {sheet.width, sheet.height, 1};
  }
  const std::int64_t most_side = kind == FileKind::webp ? 16'383 : 65'535;
  if (std::max(needed.width, needed.height) > most_side) {
    throw ConfigError(
        fmt::format("{} by {} pixels are too many: a side has {} at most; give a smaller --count or --size",
                    needed.width, needed.height, most_side));
  }
  const double bytes =
      3.0 * static_cast<double>(needed.width) * static_cast<double>(needed.height) * static_cast<double>(needed.frames);
  if (bytes > kMostBytes) {
    throw ConfigError(
        fmt::format("{} frames of {} by {} pixels take {:.1f} GB to draw, {:.0f} GB are allowed; give a "
                    "smaller --count or --size",
                    needed.frames, needed.width, needed.height, bytes / 1e9, kMostBytes / 1e9));
  }
}

Drawing Animate::draw_samples(const RecordedRun& run, PluginHost& plugins) const {
  require_drawable(drawn_image(run.checkpoint), run.cell.model.glimpses);
  const TrainedModel model = load_generator(run, plugins);
  return model.sample(count, seed.or_else(run.cell.seed), temperature);
}

Drawing Animate::draw_reconstructions(const RecordedRun& run, PluginHost& plugins) const {
  const auto dataset = open_dataset(run, plugins);
  require_drawable(dataset->info().image, run.cell.model.glimpses);
  const TrainedModel model = load_model(run, dataset->info(), plugins, usable_cores());
  const std::int64_t all = dataset->info().count(split);
  if (first > 0 && first >= all) {
    throw ConfigError(fmt::format("--first: {} is outside 0..{}", first, std::max<std::int64_t>(all - 1, 0)));
  }
  std::vector<std::int64_t> indices(static_cast<std::size_t>(std::min(count, all - first)));
  std::iota(indices.begin(), indices.end(), first);
  return model.reconstruct(*dataset, split, indices);
}

std::vector<std::uint8_t> Animate::encoded(const Drawing& drawing) const {
  const FileKind kind = kind_of(output);
  if (kind == FileKind::png) return results::encode_png(results::drawing_sheet(drawing, sheet_options()));
  const auto frames = results::animation_frames(drawing, {size});
  const auto times = results::animation_times(frames.size(), delay, hold);
  return kind == FileKind::gif ? results::encode_gif(frames, times) : results::encode_webp_animation(frames, times);
}

int Animate::run() const {
  kind_of(output);
  PluginHost plugins = recorded.plugins.open();
  const RecordedRun run = recorded_run(recorded.database.open_to_read(), recorded.run, plugins);
  require_generator(run);
  write_file(output, encoded(reconstructions ? draw_reconstructions(run, plugins) : draw_samples(run, plugins)));
  return 0;
}

}  // namespace

Command animate_command() {
  return command<Animate>(
      "animate", "shows how a run draws, glimpse by glimpse",
      "Shows how a run draws, glimpse by glimpse: as an animation of several pictures side by side, or, in a PNG "
      "file, as a sheet with a row per picture and a column per glimpse.\n\nThe read window is red, the write window "
      "blue. The box is the patch that the filters span; a thicker line means wider (blurrier) filters.");
}

}  // namespace drawlab::runner
