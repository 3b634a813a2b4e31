#include "configuration/model_maker.hpp"

#include "model/draw_model.hpp"
#include "model/glimpse_classifier.hpp"

namespace drawlab {

namespace {

std::unique_ptr<PluginOptions> parsed(std::unique_ptr<PluginOptions> options, const PluginChoice& choice) {
  options->table().parse(choice.options);
  return options;
}

}  // namespace

std::unique_ptr<Model> make_model(const CellConfig& cell, const ImageShape& image, int classes, PluginHost& plugins,
                                  ParameterStore& store) {
  const ReadWritePlugin& reader = plugins.read_write(cell.read.name);
  if (!reader.can_read()) throw ConfigError(cell.read.where, "'" + cell.read.name + "' has no read mode");
  const auto read_options = parsed(reader.read_options(), cell.read);
  const auto make_read = [&](const ReadSetup& setup) { return reader.make_read(*read_options, setup); };
  if (cell.task == Task::classify) {
    if (classes < 2) throw ConfigError("dataset '" + cell.dataset.name + "' has no labels to classify by");
    return std::make_unique<GlimpseClassifier>(cell.model, image, classes, make_read, store);
  }
  const ReadWritePlugin& writer = plugins.read_write(cell.write.name);
  if (!writer.can_write()) throw ConfigError(cell.write.where, "'" + cell.write.name + "' has no write mode");
  const auto write_options = parsed(writer.write_options(), cell.write);
  const auto make_write = [&](const WriteSetup& setup) { return writer.make_write(*write_options, setup); };
  return std::make_unique<DrawModel>(cell.model, image, make_read, make_write, store);
}

}  // namespace drawlab
