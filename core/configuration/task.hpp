#pragma once

#include <optional>
#include <string_view>

namespace drawlab {

/// What a model learns: to draw images, or to tell their labels.
enum class Task { generate, classify };

/// `generate` or `classify`, as in experiment files and the results database.
const char* task_name(Task task);
/// Inverse of task_name; nothing for an unknown word.
std::optional<Task> parse_task(std::string_view name);

}  // namespace drawlab
