#pragma once

#include "configuration/cell_config.hpp"
#include "model/model.hpp"

#include <memory>

namespace drawlab {

/// Builds a cell's model, its parameters in `store` (not yet drawn). `classes` matters to classification only.
/// Throws ConfigError where model and data do not fit, PluginError where a plugin refuses.
std::unique_ptr<Model> make_model(const CellConfig& cell, const ImageShape& image, int classes, PluginHost& plugins,
                                  ParameterStore& store);

}  // namespace drawlab
