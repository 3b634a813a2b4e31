#include "support.hpp"

namespace drawlab::results {

NewRun new_run(const std::string& identity, const std::string& experiment) {
  NewRun run;
  run.experiment = experiment;
  run.label = "read=global write=global";
  run.identity = identity;
  run.config = R"({"seed":1})";
  run.task = Task::generate;
  run.dataset = "digits";
  run.read = "global";
  run.write = "global";
  run.seed = 1;
  run.git_commit = "0123abcd";
  run.version = "0.1.0";
  run.plugins = {{"read_write", "global", "1.0", "aa", "/lib/libdrawlab_global.so"}};
  run.data = {"digits", "c0ffee", "drawn by this program", {}};
  return run;
}

}  // namespace drawlab::results
