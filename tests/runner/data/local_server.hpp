#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace drawlab::tests {

/// server.py as a child process that serves one file for as long as this lives.
class LocalServer {
 public:
  LocalServer(const std::filesystem::path& file, std::filesystem::path log) : log_(std::move(log)) {
    // Where downloads go through a proxy, these must not.
    ::setenv("no_proxy", "127.0.0.1", 1);
    int input[2];
    int output[2];
    if (::pipe(input) != 0 || ::pipe(output) != 0) throw std::runtime_error("no pipes");
    process_ = ::fork();
    if (process_ < 0) throw std::runtime_error("no process");
    if (process_ == 0) {
      ::dup2(input[0], 0);
      ::dup2(output[1], 1);
      for (const int end : {input[0], input[1], output[0], output[1]}) ::close(end);
      ::execlp("python3", "python3", DRAWLAB_TEST_SERVER, file.c_str(), log_.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    char letter = 0;
    while (::read(output[0], &letter, 1) == 1 && letter != '\n') port_ += letter;
    ::close(output[0]);
    if (port_.empty()) throw std::runtime_error("server.py does not start; is python3 installed?");
  }
  ~LocalServer() {
    ::close(input_);
    ::waitpid(process_, nullptr, 0);
  }
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

  /// The file's address, served in the way that server.py knows by that name.
  std::string url(const std::string& way) const { return "http://127.0.0.1:" + port_ + "/" + way + "/file"; }
  /// `PATH RANGE` of every request so far.
  std::vector<std::string> requests() const {
    std::ifstream log(log_);
    std::vector<std::string> lines;
    for (std::string line; std::getline(log, line);) lines.push_back(line);
    return lines;
  }

 private:
  std::filesystem::path log_;
  pid_t process_ = -1;
  int input_ = -1;
  std::string port_;
};

}  // namespace drawlab::tests
