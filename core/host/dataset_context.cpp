#include "drawlab/dataset.hpp"

#include "system/child_process.hpp"
#include "system/read_file.hpp"
#include "system/sha256.hpp"
#include "system/user_folders.hpp"
#include "system/write_file.hpp"

#include <system_error>

namespace drawlab {

std::filesystem::path DatasetContext::cache_folder() const { return user_cache_folder(); }

std::string DatasetContext::read(const std::filesystem::path& file, std::uint64_t most) const {
  return read_file(file, most);
}

void DatasetContext::write(const std::filesystem::path& file, std::string_view bytes) const {
  make_folder(file.parent_path());
  write_file(file, bytes);
}

std::string DatasetContext::sha256_of(std::string_view bytes) const { return drawlab::sha256_of(bytes); }

std::string DatasetContext::sha256_of_file(const std::filesystem::path& file) const {
  return drawlab::sha256_of_file(file);
}

ProgramEnd DatasetContext::run(const HelperProgram& program,
                               const std::function<void(const std::string&)>& on_line) const {
  std::vector<std::string> command = program.command;
  command.front() = (plugin_folder() / command.front()).string();
  std::string printed;
  const auto take = [&](std::string_view piece) {
    printed += piece;
    const std::size_t end = printed.rfind('\n');
    if (end == std::string::npos) return;
    const std::string lines = printed.substr(0, end);
    printed.erase(0, end + 1);
    on_line(lines.substr(lines.rfind('\n') + 1));
  };
  ProgramResult result = run_program(command, {program.processor_time, program.memory}, program.silence, take);
  std::error_code ignored;
  if (!program.output.empty()) std::filesystem::remove(part_of(program.output, result.process), ignored);
  while (result.errors.ends_with('\n')) result.errors.pop_back();
  return {result.end.exit_code, result.end.signal, result.was_silent, std::move(result.errors)};
}

}  // namespace drawlab
