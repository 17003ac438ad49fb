#!/usr/bin/env python3
"""A server that misbehaves, for the tests of external links.

usage: http_server.py PORT-FILE LOG: writes its port to PORT-FILE once it listens, and
each request's method and path to LOG.
"""
import http.server
import socket
import struct
import sys
import threading
import time

port_file, log = sys.argv[1:]
lock = threading.Lock()
asked = {}
limited = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def reset(self):
        self.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def respond(self):
        with lock:
            n = asked[self.path] = asked.get(self.path, 0) + 1
            with open(log, "a", encoding="utf-8") as f:
                f.write(f"{self.command} {self.path}\n")
        name = self.path.split("?")[0]
        if name.startswith("http://"):  # as to a proxy
            name = "/" + name.split("/", 3)[3]
        if name in ("/ok", "/new"):
            self.answer(200)
        elif name == "/loop":
            self.answer(301, Location="/loop2")
        elif name == "/loop2":
            self.answer(301, Location="/loop")
        elif name == "/moved":
            self.answer(301, Location="/new")
        elif name == "/section":
            self.answer(301, Location="/new#section")
        elif name == "/cookie":
            if self.headers["Cookie"]:
                self.answer(200)
            else:
                self.answer(302, Location="/cookie", Set_Cookie="a=b")
        elif name == "/limited":  # within a second of the first
            if time.monotonic() - limited.setdefault("from", time.monotonic()) < 0.9:
                self.answer(429, Retry_After="1")
            else:
                self.answer(200)
        elif name == "/found":
            self.answer(302, Location="/new")
        elif name == "/missing":
            self.answer(404)
        elif name == "/forbidden":
            self.answer(403)
        elif name == "/error":
            self.answer(500)
        elif name == "/busy":
            if n == 1:
                self.answer(429, Retry_After="1")
            else:
                self.answer(200)
        elif name == "/head-refused":
            self.answer(405 if self.command == "HEAD" else 200)
        elif name == "/head-missing":
            self.answer(404 if self.command == "HEAD" else 200)
        elif name == "/reset":
            self.reset()
        elif name == "/silent":
            time.sleep(30)
        elif name == "/to-file":
            self.answer(301, Location="file:///etc/passwd")
        else:
            self.answer(404)

    do_GET = do_HEAD = respond

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
with open(port_file, "w", encoding="utf-8") as f:
    f.write(str(server.server_port))
server.serve_forever()
