#!/usr/bin/env python3
"""Serves one file on 127.0.0.1, well or badly by the first part of the path.

Usage: server.py FILE LOG. Prints its port, writes `PATH RANGE` of each request into LOG, and ends with standard input.
"""
import http.server
import os
import sys
import threading

CONTENT = open(sys.argv[1], "rb").read()
LOG = sys.argv[2]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        wanted = self.headers.get("Range")
        with open(LOG, "a") as log:
            log.write(f"{self.path} {wanted or '-'}\n")
        self.close_connection = True
        fault = self.path.split("/")[1]
        if fault == "missing":
            self.send_error(404)
        elif fault == "redirect":
            self.send_response(302)
            self.send_header("Location", "/whole/file")
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"gone")
        elif fault == "wrong":
            self.send_content(bytes(255 - byte for byte in CONTENT), None)
        elif fault == "long":
            self.send_content(CONTENT + b"more", None)
        elif fault == "short":
            self.send_content(CONTENT[:-7], None)
        elif fault == "norange":
            self.send_content(CONTENT, None)
        elif fault == "cut":
            self.send_content(CONTENT, wanted, limit=len(CONTENT) // 3)
        elif fault == "cut-norange":
            self.send_content(CONTENT, None, limit=len(CONTENT) // 3)
        elif fault == "stall":
            self.send_content(CONTENT, wanted, limit=len(CONTENT) // 2, stall=True)
        else:
            self.send_content(CONTENT, wanted)

    def send_content(self, content, wanted, limit=None, stall=False):
        first = 0
        if wanted is not None:
            first = int(wanted.removeprefix("bytes=").split("-")[0])
            if first >= len(content):
                self.send_error(416)
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(content) - first))
        self.end_headers()
        part = content[first:]
        self.wfile.write(part if limit is None else part[:limit])
        self.wfile.flush()
        if stall:
            threading.Event().wait(60)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)
