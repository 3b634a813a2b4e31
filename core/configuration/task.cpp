#include "configuration/task.hpp"

namespace drawlab {

const char* task_name(Task task) { return task == Task::generate ? "generate" : "classify"; }

std::optional<Task> parse_task(std::string_view name) {
  for (const Task task : {Task::generate, Task::classify}) {
    if (name == task_name(task)) return task;
  }
  return std::nullopt;
}

}  // namespace drawlab
