#pragma once

#include "drawlab/config.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace drawlab {

/// The configuration that a run was recorded with, readable without its plugins.
class RecordedConfiguration {
 public:
  /// Throws ConfigError at `name` if `json` is not JSON.
  explicit RecordedConfiguration(const std::string& json, const std::string& name = "the recorded configuration")
      : tree_(from_json(json, name)) {}

  const ConfigNode& tree() const { return tree_; }
  /// The number of epochs to train; 0 if it is not recorded.
  std::int64_t epochs() const;
  /// Settings and sections by their dotted names: `training`, `training.epochs`. They refer to this object.
  std::map<std::string, const ConfigNode*> settings() const;
  /// Equal for runs that differ only in their seed.
  std::string cell_key() const;
  /// Equal for runs whose epochs take the same time on the same machine.
  std::string epoch_key() const;

 private:
  ConfigNode tree_;
};

}  // namespace drawlab
