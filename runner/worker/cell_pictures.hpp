#pragma once

#include "drawlab/dataset.hpp"

#include "configuration/cell_config.hpp"
#include "host/plugin_host.hpp"
#include "results/store.hpp"

#include <cstdint>
#include <filesystem>

namespace drawlab::runner {

/// Draws with the best weights of a finished run's checkpoint and puts the pictures into the database: a grid of
/// samples, the drawing sequences of the first few, their nearest training images, and reconstructions of the first
/// test images with their drawing sequences. For a classifier: where it looked on the first test images.
void put_pictures(results::Store& store, results::RunId run, const CellConfig& cell, const Dataset& dataset,
                  PluginHost& plugins, const std::filesystem::path& checkpoint, int threads, std::int64_t epoch);

}  // namespace drawlab::runner
