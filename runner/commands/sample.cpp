#include "results/pictures/grid.hpp"
#include "results/pictures/png.hpp"
#include "runner/commands/commands.hpp"
#include "runner/commands/recorded_run.hpp"
#include "runner/commands/shared_options.hpp"
#include "system/write_file.hpp"

#include <span>

namespace drawlab::runner {
namespace {

struct Sample : CommandLine {
  RunOption recorded{*this};
  const Path& output = output_option(*this, "PNG file to write");
  const std::int64_t& count = option("count", integer(1, 10'000), "number of pictures", "64");
  SeedOption seed{*this};
  const double& temperature = temperature_option(*this);

  int run() const override {
    PluginHost plugins = recorded.plugins.open();
    const RecordedRun run = recorded_run(recorded.database.open_to_read(), recorded.run, plugins);
    require_generator(run);
    const TrainedModel model = load_generator(run, plugins);
    const Drawing drawing = model.sample(count, seed.or_else(run.cell.seed), temperature);
    const std::span<const float> pictures(drawing.frame(drawing.glimpses - 1, 0),
                                          static_cast<std::size_t>(drawing.count * drawing.image.count()));
    write_file(output, results::encode_png(results::picture_grid(pictures, drawing.image)));
    return 0;
  }
};

}  // namespace

Command sample_command() {
  return command<Sample>("sample", "draws samples with a run's checkpoint",
                         "Draws samples from the prior with a run's best weights, as a grid in a PNG file.");
}

}  // namespace drawlab::runner
