#include "configuration/recorded_configuration.hpp"

#include <utility>

namespace drawlab {

namespace {

void add_settings(const ConfigNode& node, const std::string& prefix, std::map<std::string, const ConfigNode*>& into) {
  for (const ConfigNode::Entry& entry : node.entries()) {
    const std::string name = prefix + entry.key;
    into[name] = &entry.value;
    add_settings(entry.value, name + '.', into);
  }
}

}  // namespace

std::int64_t RecordedConfiguration::epochs() const {
  const ConfigNode* training = tree_.find("training");
  const ConfigNode* epochs = training == nullptr ? nullptr : training->find("epochs");
  return epochs == nullptr ? 0 : epochs->as_integer();
}

std::map<std::string, const ConfigNode*> RecordedConfiguration::settings() const {
  std::map<std::string, const ConfigNode*> settings;
  add_settings(tree_, "", settings);
  return settings;
}

std::string RecordedConfiguration::cell_key() const {
  ConfigNode cell = tree_;
  cell.erase("seed");
  return to_json(cell);
}

std::string RecordedConfiguration::epoch_key() const {
  ConfigNode cell = tree_;
  cell.erase("seed");
  if (ConfigNode* training = cell.find("training")) {
    ConfigNode kept = ConfigNode::map();
    for (const char* key : {"batch", "shard", "limit_train", "limit_validation"}) {
      if (const ConfigNode* value = training->find(key)) kept.set(key, *value);
    }
    *training = std::move(kept);
  }
  return to_json(cell);
}

}  // namespace drawlab
