#include "host/plugin_host.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"
#include "runner/worker/cell_trainer.hpp"
#include "system/machine.hpp"

#include <algorithm>
#include <iostream>

namespace drawlab::runner {
namespace po = boost::program_options;

int cell_command(const std::vector<std::string>& words) {
  Arguments arguments(
      "cell --run ID [options]",
      "Trains one run that `drawlab run` has recorded: continues from its checkpoint or starts. Prints "
      "its progress as\none JSON object a line. Exit code 75: another process trains it, or it is done.");
  add_database_option(arguments);
  add_plugin_path_option(arguments);
  arguments.add()("run", po::value<std::int64_t>()->value_name("ID")->required(), "the run's number");
  arguments.add()("threads", po::value<int>()->value_name("N"), "threads that train; all cores by default");
  arguments.add()("from-start", "do not continue from a checkpoint");
  arguments.add()("holder", po::value<std::string>()->value_name("TEXT"),
                  "the name that the run's lease is held under");
  const auto values = arguments.parse(words, std::cout);
  if (!values) return 0;
  CellOrder order;
  order.database = database_path(*values);
  order.run = (*values)["run"].as<std::int64_t>();
  order.threads = values->count("threads") > 0 ? std::max(1, (*values)["threads"].as<int>()) : usable_cores();
  order.from_start = values->count("from-start") > 0;
  if (values->count("holder") > 0) order.holder = (*values)["holder"].as<std::string>();
  order.plugin_folders = PluginHost::standard_folders(plugin_folders(*values));
  return train_cell(order, std::cout);
}

}  // namespace drawlab::runner
