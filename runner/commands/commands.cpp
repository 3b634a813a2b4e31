#include "runner/commands/commands.hpp"

namespace drawlab::runner {

std::vector<Command> commands() {
  return {run_command(),    runs_command(),    show_command(),       compare_command(),    watch_command(),
          query_command(),  report_command(),  export_command(),     publish_command(),    evaluate_command(),
          sample_command(), animate_command(), neighbours_command(), data_command(),       plugins_command(),
          new_command(),    bench_command(),   doctor_command(),     completion_command(), manual_command(),
          cell_command()};
}

}  // namespace drawlab::runner
