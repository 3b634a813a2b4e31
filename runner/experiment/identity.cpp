#include "runner/experiment/identity.hpp"

#include "drawlab/version.hpp"

#include "system/sha256.hpp"

namespace drawlab::runner {

std::string identity_text(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins) {
  ConfigNode dataset = ConfigNode::map();
  dataset.set("checksum", ConfigNode::text(data.checksum));
  ConfigNode sources = ConfigNode::list();
  for (const DatasetSource& source : data.sources) {
    ConfigNode entry = ConfigNode::map();
    entry.set("name", ConfigNode::text(source.name));
    entry.set("checksum", ConfigNode::text(source.checksum));
    sources.items().push_back(std::move(entry));
  }
  dataset.set("sources", std::move(sources));

  ConfigNode libraries = ConfigNode::map();
  libraries.set("dataset", ConfigNode::text(plugins.dataset(cell.dataset.name).record.sha256));
  for (const DatasetSource& source : data.sources) {
    libraries.set("source " + source.name, ConfigNode::text(plugins.dataset(source.name).record.sha256));
  }
  libraries.set("read", ConfigNode::text(plugins.read_write(cell.read.name).record.sha256));
  if (cell.task == Task::generate) {
    libraries.set("write", ConfigNode::text(plugins.read_write(cell.write.name).record.sha256));
  }

  ConfigNode whole = ConfigNode::map();
  whole.set("config", cell.resolved(plugins, true));
  whole.set("seed", ConfigNode::integer(static_cast<std::int64_t>(cell.seed)));
  whole.set("dataset", std::move(dataset));
  whole.set("libraries", std::move(libraries));
  whole.set("numerics", ConfigNode::integer(kNumericsVersion));
  return to_json(whole);
}

std::string cell_identity(const CellConfig& cell, const DatasetInfo& data, PluginHost& plugins) {
  return sha256_of(identity_text(cell, data, plugins));
}

}  // namespace drawlab::runner
