#pragma once

#include "results/database_error.hpp"
#include "results/store.hpp"

#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

namespace drawlab::results {

/// A folder of its own that goes away with the test; anybody may enter it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "drawlab-results-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
    chmod(path_.c_str(), 0755);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

NewRun new_run(const std::string& identity, const std::string& experiment = "ablation");

inline Machine this_machine() { return {"here", "a processor", "AVX2", 2, getpid()}; }

/// Starts a process that does the work and exits with its result; 99 after an exception, which is printed.
inline pid_t start_process(const std::function<int()>& work) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  int code = 99;
  try {
    code = work();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "in the child: %s\n", error.what());
  }
  _exit(code);
}

/// The exit code of a process, or minus the number of the signal that ended it.
inline int wait_for(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// Runs the work without root's privileges (as they are where there are none) and gives what it wrote, or the text of
/// the DatabaseError that it threw.
inline std::string as_nobody(const std::function<std::string()>& work) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const pid_t child = start_process([&] {
    constexpr int kNobody = 65534;
    if (geteuid() == 0 && (setgid(kNobody) != 0 || setuid(kNobody) != 0)) return 1;
    std::string text;
    try {
      text = work();
    } catch (const DatabaseError& error) {
      text = error.what();
    }
    return write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1;
  });
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(got));
  close(ends[0]);
  wait_for(child);
  return text;
}

/// What the DatabaseError says that the work throws; empty where it throws none.
inline std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const DatabaseError& error) {
    return error.what();
  }
  return {};
}

/// Runs SQL as any other program would, with SQLite alone; gives the first column of every row.
inline std::vector<std::string> sql(const std::filesystem::path& path, const std::string& text) {
  sqlite3* connection = nullptr;
  std::vector<std::string> rows;
  sqlite3_open(path.c_str(), &connection);
  char* message = nullptr;
  sqlite3_exec(
      connection, text.c_str(),
      [](void* target, int, char** values, char**) {
        static_cast<std::vector<std::string>*>(target)->emplace_back(values[0] == nullptr ? "NULL" : values[0]);
        return 0;
      },
      &rows, &message);
  if (message != nullptr) rows.push_back(std::string("error: ") + message);
  sqlite3_free(message);
  sqlite3_close(connection);
  return rows;
}

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace drawlab::results
