#include "drawlab/error.hpp"

#include "results/pictures/animation.hpp"
#include "results/pictures/drawing_sheet.hpp"
#include "results/pictures/gif.hpp"
#include "results/pictures/png.hpp"
#include "results/pictures/webp.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/recorded_run.hpp"
#include "system/machine.hpp"
#include "system/write_file.hpp"
#include "training/weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <limits>
#include <numeric>

namespace drawlab::runner {
namespace po = boost::program_options;
namespace {

enum class FileKind { webp, gif, png };

FileKind kind_of(const std::string& path) {
  const std::string extension = std::filesystem::path(path).extension().string();
  if (extension == ".webp") return FileKind::webp;
  if (extension == ".gif") return FileKind::gif;
  if (extension == ".png") return FileKind::png;
  throw ConfigError(fmt::format("-o: '{}' ends in none of .webp, .gif (animations) and .png (a sheet)", path));
}

/// What is to be drawn.
struct Order {
  FileKind kind = FileKind::webp;
  bool reconstructs = false;
  std::int64_t count = 16;
  int size = 84;
  int columns = 16;
};

Order order_of(const po::variables_map& values) {
  Order order;
  order.kind = kind_of(values["output"].as<std::string>());
  order.reconstructs = values.count("reconstructions") > 0;
  order.count = whole_number(values, "count", 1, 400, order.count);
  order.size = static_cast<int>(whole_number(values, "size", 16, 1000, order.size));
  order.columns = static_cast<int>(whole_number(values, "columns", 1, 1000, order.columns));
  return order;
}

results::SheetOptions sheet_options(const Order& order) {
  results::SheetOptions options;
  options.frame = order.size;
  options.columns = order.columns;
  return options;
}

/// Throws ConfigError where the file's format does not take the picture, or it would take much memory to draw.
void require_drawable(const Order& order, const ImageShape& image, std::int64_t glimpses) {
  constexpr std::int64_t kMostBytes = 1'000'000'000;
  results::AnimationSize size = results::animation_size(image, order.count, glimpses, order.reconstructs, {order.size});
  if (order.kind == FileKind::png) {
    const auto sheet = results::sheet_size(
        results::sheet_layout(image, order.count, glimpses, order.reconstructs, sheet_options(order)));
    size = {sheet.width, sheet.height, 1};
  }
  const std::int64_t most_side = order.kind == FileKind::webp ? 16'383 : 65'535;
  if (std::max(size.width, size.height) > most_side) {
    throw ConfigError(
        fmt::format("{} by {} pixels are too many: a side has {} at most; give a smaller --count or --size", size.width,
                    size.height, most_side));
  }
  const double bytes =
      3.0 * static_cast<double>(size.width) * static_cast<double>(size.height) * static_cast<double>(size.frames);
  if (bytes > static_cast<double>(kMostBytes)) {
    throw ConfigError(
        fmt::format("{} frames of {} by {} pixels take {:.1f} GB to draw, {:.0f} GB are allowed; give a "
                    "smaller --count or --size",
                    size.frames, size.width, size.height, bytes / 1e9, static_cast<double>(kMostBytes) / 1e9));
  }
}

/// Samples of the prior.
Drawing draw_samples(const po::variables_map& values, const Order& order, const RecordedRun& run, PluginHost& plugins) {
  const ImageShape image = drawn_image(run.checkpoint);
  require_drawable(order, image, run.cell.model.glimpses);
  const TrainedModel model = load_generator(run, image, plugins, usable_cores());
  return model.sample(order.count, seed_for(values, run), temperature_of(values));
}

/// The first pictures of a split.
Drawing draw_reconstructions(const po::variables_map& values, const Order& order, const RecordedRun& run,
                             PluginHost& plugins) {
  const auto dataset = open_dataset(run, plugins);
  require_drawable(order, dataset->info().image, run.cell.model.glimpses);
  require_recorded_data(run, dataset->info());
  const TrainedModel model = load_model(run, dataset->info(), plugins, usable_cores());
  const Split split = split_of(values["split"].as<std::string>());
  const std::int64_t all = dataset->info().count(split);
  const std::int64_t first = whole_number(values, "first", 0, std::max<std::int64_t>(all - 1, 0), 0);
  std::vector<std::int64_t> indices(static_cast<std::size_t>(std::min(order.count, all - first)));
  std::iota(indices.begin(), indices.end(), first);
  return model.reconstruct(*dataset, split, indices);
}

std::vector<std::uint8_t> encode(const Drawing& drawing, const Order& order, const po::variables_map& values) {
  if (order.kind == FileKind::png) {
    return results::encode_png(results::drawing_sheet(drawing, sheet_options(order)));
  }
  const auto frames = results::animation_frames(drawing, {order.size});
  const auto times =
      results::animation_times(frames.size(), static_cast<int>(whole_number(values, "delay", 10, 60'000, 120)),
                               static_cast<int>(whole_number(values, "hold", 10, 60'000, 1500)));
  return order.kind == FileKind::gif ? results::encode_gif(frames, times)
                                     : results::encode_webp_animation(frames, times);
}

}  // namespace

int animate_command(const std::vector<std::string>& words) {
  Arguments arguments(
      "animate RUN -o FILE.webp|.gif|.png [options]",
      "How a run draws, glimpse by glimpse: an animation of several pictures side by side, or as PNG a sheet with a "
      "row "
      "a picture\nand a column a glimpse. The read window is red, the write window blue: the box is the patch that the "
      "filters span,\nand the thicker its line, the wider (blurrier) the filters.");
  add_database_option(arguments);
  add_plugin_path_option(arguments);
  arguments.positional("RUN");
  arguments.add()("output,o", po::value<std::string>()->value_name("FILE")->required(), "the file to write");
  arguments.add()("count", po::value<std::int64_t>()->value_name("N"), "how many pictures, 16 by default");
  arguments.add()("reconstructions", "of images of the dataset, each beside its original, not samples");
  arguments.add()("split", po::value<std::string>()->value_name("NAME")->default_value("test"),
                  "whose images are reconstructed");
  arguments.add()("first", po::value<std::int64_t>()->value_name("N"), "the first of them, 0 by default");
  add_drawing_options(arguments);
  arguments.add()("delay", po::value<std::int64_t>()->value_name("MS"), "milliseconds a glimpse, 120 by default");
  arguments.add()("hold", po::value<std::int64_t>()->value_name("MS"), "for the finished pictures, 1500 by default");
  arguments.add()("columns", po::value<std::int64_t>()->value_name("N"), "glimpses on a sheet at most, 16 by default");
  arguments.add()("size", po::value<std::int64_t>()->value_name("PIXELS"),
                  "least width and height of a picture, 84 by default");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  const results::RunId id = run_number(required_word(*values, "RUN", "a run's number; `drawlab runs` lists them"));
  const Order order = order_of(*values);
  const results::Store store(database_path(*values), results::Store::Mode::read_only);
  PluginHost plugins(PluginHost::standard_folders(plugin_folders(*values)));
  const RecordedRun run = recorded_run(store, id, plugins);
  require_generator(run);
  const Drawing drawing = order.reconstructs ? draw_reconstructions(*values, order, run, plugins)
                                             : draw_samples(*values, order, run, plugins);
  write_file((*values)["output"].as<std::string>(), encode(drawing, order, *values));
  return 0;
}

}  // namespace drawlab::runner
