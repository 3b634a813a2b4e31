#pragma once

#include "configuration/cell_config.hpp"
#include "model/model.hpp"

#include <memory>

namespace drawlab {

/// Builds a cell's model; its parameters are added to `store`, not yet initialised. Only classification needs
/// `classes`. Throws ConfigError if model and data do not fit, PluginError if a plugin fails.
std::unique_ptr<Model> make_model(const CellConfig& cell, const ImageShape& image, int classes, PluginHost& plugins,
                                  ParameterStore& store);

}  // namespace drawlab
