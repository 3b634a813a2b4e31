#include "runner/data/download.hpp"

#include "drawlab/error.hpp"
#include "drawlab/version.hpp"

#include "runner/data/part_file.hpp"
#include "system/sha256.hpp"
#include "system/write_file.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>

namespace drawlab::runner {

namespace {

/// Why a mirror failed, and whether another attempt may help.
struct Failure {
  std::string reason;
  bool again = false;
};

/// One request, for libcurl's callbacks.
struct Transfer {
  CURL* handle = nullptr;
  PartFile& part;
  const DatasetFile& file;
  const DownloadOptions& options;
  std::string url;
  bool has_begun = false;
  bool is_too_long = false;
  bool is_stopped = false;
};

long response_code(CURL* handle) {
  long code = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
  return code;
}

std::size_t on_bytes(char* bytes, std::size_t, std::size_t count, void* user) {
  Transfer& transfer = *static_cast<Transfer*>(user);
  PartFile& part = transfer.part;
  if (!transfer.has_begun) {
    transfer.has_begun = true;
    constexpr long kPartialContent = 206;
    // A server that knows no ranges sends the file from its beginning.
    if (response_code(transfer.handle) != kPartialContent && part.size() > 0 && !part.clear()) return 0;
  }
  if (transfer.file.bytes > 0 && part.size() + count > transfer.file.bytes) {
    transfer.is_too_long = true;
    return 0;
  }
  return part.append(bytes, count) ? count : 0;
}

int on_progress(void* user, curl_off_t total, curl_off_t now, curl_off_t, curl_off_t) {
  Transfer& transfer = *static_cast<Transfer*>(user);
  if (!transfer.options.progress) return 0;
  const std::uint64_t received = transfer.part.size();
  std::uint64_t all = transfer.file.bytes;
  if (all == 0 && total > 0) all = received + static_cast<std::uint64_t>(total - now);
  transfer.is_stopped = !transfer.options.progress({transfer.url, received, all});
  return transfer.is_stopped ? 1 : 0;
}

/// Requests the rest of the file from one mirror once. Nothing if all bytes arrived.
std::optional<Failure> request(Transfer& transfer) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(), &curl_easy_cleanup);
  if (handle == nullptr) throw SystemError("libcurl cannot be started");
  transfer.handle = handle.get();
  CURL* curl = handle.get();
  std::array<char, CURL_ERROR_SIZE> message{};
  const std::string agent = std::string("drawlab/") + kVersion;
  const std::string range = std::to_string(transfer.part.size()) + "-";
  curl_easy_setopt(curl, CURLOPT_URL, transfer.url.c_str());
  curl_easy_setopt(curl, CURLOPT_USERAGENT, agent.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 5L);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, static_cast<long>(transfer.options.connect_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, static_cast<long>(transfer.options.stall_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, message.data());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &on_bytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
  const bool is_resumed = transfer.part.size() > 0;
  if (is_resumed) curl_easy_setopt(curl, CURLOPT_RANGE, range.c_str());

  const CURLcode code = curl_easy_perform(curl);
  if (!transfer.part.error().empty()) {
    throw DataError(transfer.part.error() + "; what has arrived is kept, and the same command continues");
  }
  if (transfer.is_stopped) {
    throw DataError(transfer.url + ": stopped after " + std::to_string(transfer.part.size()) +
                    " bytes; the same command continues");
  }
  if (transfer.is_too_long) {
    transfer.part.clear();
    return Failure{"sends more than the file's " + std::to_string(transfer.file.bytes) + " bytes", is_resumed};
  }
  if (code == CURLE_OK) return std::nullopt;
  if (code == CURLE_HTTP_RETURNED_ERROR) {
    const long status = response_code(curl);
    constexpr long kRangeNotSatisfiable = 416;
    if (status == kRangeNotSatisfiable && is_resumed) {
      transfer.part.clear();
      return Failure{"cannot continue the part that is there", true};
    }
    return Failure{"answers HTTP status " + std::to_string(status), status >= 500};
  }
  const std::string reason = message[0] != '\0' ? message.data() : curl_easy_strerror(code);
  const bool is_cut = code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR || code == CURLE_OPERATION_TIMEDOUT ||
                      code == CURLE_GOT_NOTHING || code == CURLE_SEND_ERROR;
  return Failure{(is_cut && transfer.has_begun ? "connection cut: " : "") + reason, is_cut && transfer.has_begun};
}

/// What is wrong with the part; nothing if it is complete.
std::optional<Failure> check(const PartFile& part, const DatasetFile& file) {
  if (file.bytes > 0 && part.size() != file.bytes) {
    return Failure{"sent " + std::to_string(part.size()) + " bytes; needed: " + std::to_string(file.bytes), false};
  }
  if (file.sha256.empty()) return std::nullopt;
  const std::string found = sha256_of_file(part.path());
  if (found == file.sha256) return std::nullopt;
  return Failure{"sent a file of sha256 " + found + "; needed: " + file.sha256, false};
}

/// True if the mirror sent the file; else the reason is appended to `reasons`.
bool try_mirror(const std::string& url, PartFile& part, const DatasetFile& file, const DownloadOptions& options,
                std::string& reasons) {
  std::optional<Failure> failure;
  for (int attempt = 0; attempt < options.attempts; ++attempt) {
    const bool is_resumed = part.size() > 0;
    Transfer transfer{nullptr, part, file, options, url};
    failure = request(transfer);
    if (!failure) {
      failure = check(part, file);
      if (!failure) return true;
      part.clear();
      // The wrong bytes may be those of an earlier attempt or another mirror.
      failure->again = is_resumed;
    }
    if (!failure->again) break;
  }
  reasons += "\n  " + url + ": " + failure->reason;
  return false;
}

}  // namespace

std::filesystem::path download(const DatasetFile& file, const std::filesystem::path& folder,
                               const DownloadOptions& options) try {
  std::filesystem::path target = folder / file.names.front();
  if (file.urls.empty()) {
    throw DataError(target.string() + ": cannot be downloaded: no address of it is known; put it there by hand");
  }
  make_folder(folder);
  PartFile part(target);
  if (std::filesystem::exists(target)) return target;
  // Without a checksum a part of another file cannot be recognised.
  if (file.sha256.empty() || (file.bytes > 0 && part.size() > file.bytes)) part.clear();
  if (part.size() > 0 && part.size() == file.bytes && !check(part, file)) {
    part.commit();
    return target;
  }
  if (file.bytes > 0 && part.size() == file.bytes) part.clear();
  std::string reasons;
  for (const std::string& url : file.urls) {
    if (try_mirror(url, part, file, options, reasons)) {
      part.commit();
      return target;
    }
  }
  throw DataError(
      target.string() + ": could not be downloaded:" + reasons +
      (part.size() > 0 && !file.sha256.empty()
           ? "\n  the " + std::to_string(part.size()) + " bytes that arrived are kept, and the same command continues"
           : ""));
} catch (const SystemError& error) {
  throw DataError(error.what());
}

}  // namespace drawlab::runner
